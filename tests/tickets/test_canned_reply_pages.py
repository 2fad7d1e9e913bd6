"""The office writes canned replies on pages of its own, and sees how one reads before it is saved (A5.1)."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from tests.make import a_ticket
from tickets.models import CannedReply

pytestmark = pytest.mark.django_db
NEW = reverse("tickets:canned-new")
GIVEN = {
    "name": "保修期", "name_en": "Warranty", "text": "{name}您好，{number}：整机保修六年。", "text_en": "", "nature": "inquiry",
    "position": "10", "is_active": "on", "number": "",
}  # fmt: skip


@pytest.fixture
def page(client, zhou):
    client.force_login(zhou)
    return client


def test_what_is_saved_stands_in_the_list_and_on_record(page, zhou):
    assert page.post(NEW, GIVEN).status_code == 302
    row = CannedReply.objects.get(name="保修期")
    listed = page.get(reverse("tickets:canned")).content.decode()
    assert "保修期" in listed and reverse("tickets:canned-reply", args=[row.pk]) in listed
    assert LogEntry.objects.get(user=zhou).object_id == str(row.pk)
    page.post(reverse("tickets:canned-reply", args=[row.pk]), GIVEN | {"text": "整机保修八年。"})
    assert CannedReply.objects.get(pk=row.pk).text == "整机保修八年。"


def test_the_preview_fills_it_for_a_case_or_a_made_up_one_and_saves_nothing(page):
    ticket = a_ticket()
    filled = page.post(NEW, GIVEN | {"number": ticket.number, "preview": "1"})
    assert f"王小明您好，{ticket.number}：整机保修六年。" in filled.content.decode()
    assert [one["missing"] for one in filled.context["preview"]] == [False, True]
    assert "江州" not in filled.context["preview"][1]["text"] and "Zhou" not in filled.context["preview"][1]["text"]
    english = page.post(NEW, GIVEN | {"text_en": "Dear {name}, six years.", "preview": "1"})
    assert "Dear 王小明, six years." in english.content.decode()
    assert not CannedReply.objects.filter(name="保修期").exists()


def test_an_unknown_variable_or_case_is_refused_in_words(page):
    wrong = page.post(NEW, GIVEN | {"text": "{phone}您好"})
    assert wrong.status_code == 422 and "phone" in str(wrong.context["form"].errors["text"])
    nobody = page.post(NEW, GIVEN | {"number": "Q20990101-000001", "preview": "1"})
    assert nobody.status_code == 422 and nobody.context["form"].errors["number"]
    assert not CannedReply.objects.filter(name="保修期").exists()


def test_what_is_written_is_shown_as_text_and_never_as_markup(page):
    shown = page.post(NEW, GIVEN | {"text": "<script>alert(1)</script>{name}", "preview": "1"}).content.decode()
    assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize("who", ["lin", "chen", "gao", "xu", "tang", "he"])
def test_only_office_and_administrators_write_them(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("tickets:canned")).status_code == 403
    assert client.post(NEW, GIVEN).status_code == 403
    assert not CannedReply.objects.filter(name="保修期").exists()
