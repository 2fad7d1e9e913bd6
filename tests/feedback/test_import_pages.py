"""What the page of an import tells of its rows: what is wrong in them, and that a list is not all of them."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from feedback.imports import services as services_import
from tests.feedback.test_imports import a_csv, read
from tests.make import NOON

pytestmark = pytest.mark.django_db


def test_a_row_to_be_mended_tells_what_stands_there_and_why_it_cannot_be(client: Client, lin: User) -> None:
    client.force_login(lin)
    rows = [["", "内容很好", "九星", "", "", "2119-01-01", ""], ["", "内容很好", "4", "", "", "1989-01-01", ""]]
    batch = read(lin, a_csv(rows))
    services_import.check(batch, batch.mapping, at=NOON)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "“九星”</bdi> 星级应为 1 到 5" in page
    assert "“2119-01-01”</bdi> 日期不能晚于今天" in page
    assert "“1989-01-01”</bdi> 无法识别这个时间" in page


def test_a_list_that_is_cut_off_says_so(client: Client, lin: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("feedback.imports.views.SHOWN", 2)
    client.force_login(lin)
    good = ["a1", "内容很好", "5", "", "", "", ""]
    batch = read(lin, a_csv([good] * 4 + [["", "内容", f"{n}0星", "", "", "", ""] for n in range(1, 4)]))
    services_import.check(batch, batch.mapping, at=NOON)
    assert client.get(f"/imports/{batch.pk}/").content.decode().count("仅显示前 2 条") == 2
    assert "上传人" in client.get("/imports/").content.decode()
