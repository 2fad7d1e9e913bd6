"""Templates of short messages on pages of their own: what a message says and costs, and that approval goes with the words."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from notices.models_sms import SmsTemplate

pytestmark = pytest.mark.django_db
NEW = reverse("notices:sms-template-new")
GIVEN = {
    "kind": "replied",
    "text": "{company}回复您：{text} 详见 {url}",
    "text_en": "",
    "approval_number": "A-1",
    "is_active": "on",
}


@pytest.fixture
def page(client, zhou):
    SmsTemplate.objects.all().delete()
    client.force_login(zhou)
    return client


@pytest.fixture
def approved(page):
    return SmsTemplate.objects.create(kind="replied", text="{text}", approval_number="A-1")


def test_one_is_written_listed_and_on_record(page, zhou):
    assert page.post(NEW, GIVEN).status_code == 302
    row = SmsTemplate.objects.get()
    assert (row.kind, row.approval_number) == ("replied", "A-1")
    assert "A-1" in page.get(reverse("notices:sms-templates")).content.decode()
    assert LogEntry.objects.get(user=zhou).object_id == str(row.pk)


def test_an_occasion_has_one_template(page, approved):
    again = page.post(NEW, GIVEN)
    assert again.status_code == 422 and again.context["form"].errors["kind"]


def test_the_preview_shows_signature_words_and_how_many_messages_are_billed(page, settings):
    settings.SMS_SIGNATURE = "江州家电"
    shown = page.post(NEW, GIVEN | {"trial": "好" * 100, "preview": "1"}).context["preview"][0]
    assert shown["text"].startswith("【江州家电】") and "好" * 100 in shown["text"]
    assert shown["messages"] == -(-shown["length"] // 67) and not shown["too_long"]
    assert page.post(NEW, GIVEN | {"trial": "好" * 600, "preview": "1"}).context["preview"][0]["too_long"]
    assert not SmsTemplate.objects.exists()


def test_other_words_need_an_approval_of_their_own(page, approved):
    where = reverse("notices:sms-template", args=[approved.pk])
    changed = {"text": "{company}：{text}", "approval_number": "A-1", "is_active": "on"}
    refused = page.post(where, changed)
    assert refused.status_code == 422 and refused.context["form"].errors["approval_number"]
    assert SmsTemplate.objects.get().text == "{text}"
    for allowed in ({"approval_number": ""}, {"approval_number": "A-2"}, {"same_number": "on"}):
        SmsTemplate.objects.update(text="{text}", approval_number="A-1")
        assert page.post(where, changed | allowed).status_code == 302
        assert SmsTemplate.objects.get().text == "{company}：{text}"


def test_without_a_number_the_list_says_that_nothing_is_sent(page, approved):
    SmsTemplate.objects.update(approval_number="")
    assert "未报备" in page.get(reverse("notices:sms-templates")).content.decode()


@pytest.mark.parametrize("who", ["lin", "chen", "gao", "xu", "tang", "he"])
def test_only_office_and_administrators_write_them(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("notices:sms-templates")).status_code == 403
    assert client.post(NEW, GIVEN).status_code == 403
