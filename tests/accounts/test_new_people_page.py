"""The page on which an administrator adds a colleague is in the reader's language from end to end."""

import pytest

from accounts.models import User
from accounts.roles import Role

pytestmark = pytest.mark.django_db


def test_no_english_sentence_stands_on_the_chinese_page(client):
    admin = User.objects.create(username="root", roles=[Role.ADMIN], is_staff=True, is_superuser=True, password="!")
    client.force_login(admin)
    page = client.get("/admin/accounts/user/add/").content.decode()
    assert "用户名" in page and "After you" not in page
