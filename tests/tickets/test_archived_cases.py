"""Whoever opens an archived case says what for, and auditors read who did (D6)."""

import html
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services as accounts
from accounts.models import AccessLog
from tests.make import NOON, a_ticket
from tests.tickets.test_api import client_of
from tickets import services as tickets
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def archived(chen, after_sales):
    ticket = a_ticket(department=after_sales)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已更换排水管，谢谢。", by=chen, at=NOON)
    return tickets.close(ticket, by=None, at=NOON)


def test_an_archived_case_opens_after_a_purpose_which_is_on_record(client, archived, chen):
    client.force_login(chen)
    address = archived.get_absolute_url()
    closed = client.get(address).content.decode()
    assert "本件已归档" in closed and archived.content not in closed
    assert client.post(f"{address}read/", {"purpose": " "}).status_code == 422
    answer = client.post(f"{address}read/?in=view%3Dall", {"purpose": "核对同类问题"}, follow=True)
    assert archived.content in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith("?in=view%3Dall")
    row = AccessLog.objects.get()
    assert (row.user, row.action, row.subject, row.purpose) == (chen, "read_archive", archived.number, "核对同类问题")
    assert archived.content in client.get(address).content.decode()
    assert AccessLog.objects.count() == 1


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "x"]
)
def test_the_question_leads_nowhere_outside(client, archived, chen, evil):
    client.force_login(chen)
    address = archived.get_absolute_url()
    assert client.get(address, {"next": evil}).context["wanted"] == ""
    answer = client.post(f"{address}read/", {"purpose": "核对", "next": evil})
    assert (answer.status_code, answer["Location"]) == (302, address)


def test_a_file_of_an_archived_case_is_given_out_after_the_question(client, archived, chen, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = Attachment.objects.create(
        ticket=archived, file=ContentFile(b"photo", name="a.txt"), name="a.txt", size=5, media_type="text/plain",
        sha256="0" * 64, uploaded_at=NOON,
    )  # fmt: skip
    client.force_login(chen)
    page = client.get(row.get_absolute_url(), follow=True)
    assert page.context["wanted"] == row.get_absolute_url()
    answer = client.post(f"{archived.get_absolute_url()}read/", {"purpose": "核对", "next": page.context["wanted"]})
    assert b"".join(client.get(answer["Location"]).streaming_content) == b"photo"


def test_a_purpose_holds_for_its_person_its_case_and_a_day(client, archived, chen, zhou):
    long_ago = timezone.now() - timedelta(days=2)
    accounts.log_access(user=chen, action="read_archive", subject=archived.number, at=long_ago, purpose="旧")
    accounts.log_access(user=zhou, action="read_archive", subject=archived.number, at=timezone.now(), purpose="督办")
    client.force_login(chen)
    assert "本件已归档" in client.get(archived.get_absolute_url()).content.decode()
    client.force_login(zhou)
    assert archived.content in client.get(archived.get_absolute_url()).content.decode()


def test_a_case_that_is_not_archived_asks_nothing(client, chen, after_sales):
    ticket = a_ticket(department=after_sales)
    client.force_login(chen)
    assert ticket.content in client.get(ticket.get_absolute_url()).content.decode()
    assert not AccessLog.objects.exists()


def test_who_may_not_see_a_case_leaves_no_record(client, archived, han):
    client.force_login(han)
    assert client.post(f"{archived.get_absolute_url()}read/", {"purpose": "好奇"}).status_code == 404
    assert not AccessLog.objects.exists()


def test_a_reading_by_the_api_is_on_record_once_with_the_name_of_the_app(client, archived):
    token, _row = accounts.create_token(name="商城", scopes=["read"], at=timezone.now())
    for path in ("", "events/", "messages/", ""):
        answer = client.get(f"/api/v1/tickets/{archived.number}/{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
    assert list(AccessLog.objects.values_list("action", "purpose")) == [("read_archive", "商城")]


def test_auditors_read_the_log_and_narrow_it(client, archived, chen, xu):
    for subject, action in ((archived.number, "read_archive"), ("Q9", "reveal"), ("reports", "export")):
        accounts.log_access(user=chen, action=action, subject=subject, at=timezone.now(), purpose=f"为 {subject}")
    client.force_login(xu)
    page = client.get("/access-log/").content.decode()
    assert all(f"为 {subject}" in page for subject in (archived.number, "Q9", "reports"))
    assert "陈思源" in page and "查阅记录" in client.get("/desk/").content.decode()
    narrowed = client.get("/access-log/", {"q": archived.number, "action": "read_archive"}).content.decode()
    assert f"为 {archived.number}" in narrowed and "为 Q9" not in narrowed


def test_the_log_is_read_on_from_its_last_row_without_counting_it(client, chen, xu):
    for n in range(120):
        accounts.log_access(user=chen, action="reveal", subject=f"Q{n}", at=timezone.now(), purpose="x")
    client.force_login(xu)
    address, shown = "/access-log/?action=reveal", []
    while address:
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address).content.decode()
        assert not any("COUNT(" in row["sql"] and "accesslog" in row["sql"] for row in seen)
        shown += [int(n) for n in re.findall(r">Q(\d+)<", page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/access-log/" + html.unescape(following[1]) if following else ""
    assert shown == list(range(119, -1, -1))
    for nonsense in ("0", "x", "９", "9" * 40):
        assert client.get("/access-log/", {"before": nonsense}).status_code == 200


@pytest.mark.parametrize("rows", [3, 30])
def test_the_log_costs_the_same_for_3_rows_and_30(client, chen, xu, rows, django_assert_max_num_queries):
    for n in range(rows):
        accounts.log_access(user=chen, action="reveal", subject=f"Q{n}", at=timezone.now(), purpose="x")
    client.force_login(xu)
    with django_assert_max_num_queries(8):
        assert client.get("/access-log/?before=999999").status_code == 200


@pytest.mark.parametrize("who", ["lin", "chen", "gao", "zhou", "he", "tang", "nobody"])
def test_nobody_else_reads_the_log(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/access-log/").status_code == 403


def test_what_archived_cases_say_in_a_list_of_the_api_is_on_record_once_a_day(archived, chen, after_sales):
    open_ = a_ticket(department=after_sales)
    for _call in range(2):
        rows = client_of(chen).get("/api/v1/tickets/").json()["results"]
        assert {row["content"] for row in rows} == {archived.content, open_.content}
    row = AccessLog.objects.get(action="read_archive")
    assert (row.user, row.subject, row.purpose) == (chen, archived.number, "hs_chenread-manage")
