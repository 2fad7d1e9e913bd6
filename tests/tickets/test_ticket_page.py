"""The page of a ticket: what is shown to whom, and what its forms do."""

import pytest
from django.urls import reverse

from accounts.models import AccessLog
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Ticket
from tickets.situation import settings_known

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_desk(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def test_a_ticket_of_another_department_does_not_exist(at_desk, han, after_sales):
    ticket = a_ticket(department=after_sales)
    client = at_desk(han)
    assert client.get(ticket.get_absolute_url()).status_code == 404
    for verb in ("say", "assign", "accept"):
        assert client.post(reverse("tickets:move", args=[ticket.number, verb]), {"version": 1}).status_code == 404


@pytest.mark.parametrize("events", [3, 30])
def test_the_page_costs_the_same_for_3_events_and_30(
    events, at_desk, gao, chen, after_sales, django_assert_max_num_queries
):
    ticket = a_ticket(department=after_sales)
    for _event in range(events):
        tickets.note(ticket, text="看过", by=chen, at=NOON)
    client = at_desk(gao)
    settings_known()  # read again only after somebody has changed departments, categories, causes or rules
    with django_assert_max_num_queries(15) as seen:
        page = client.get(ticket.get_absolute_url() + "?in=view%3Dopen")
    assert page.content.decode().count("看过") >= events
    here = test_the_page_costs_the_same_for_3_events_and_30
    here.__dict__.setdefault("counts", set()).add(len(seen))
    assert len(here.counts) == 1


def test_personal_data_is_masked_for_an_auditor_until_a_reason_is_given(at_desk, xu, chen, after_sales):
    ticket = a_ticket(department=after_sales)
    client = at_desk(xu)
    assert "13800001234" not in client.get(ticket.get_absolute_url()).content.decode()
    address = reverse("tickets:reveal", args=[ticket.number])
    assert client.post(address, {"reason": " "}).status_code == 422
    assert not AccessLog.objects.filter(action="reveal").exists()
    page = client.post(address, {"reason": "抽查回访记录"})
    assert "13800001234" in page.content.decode()
    row = AccessLog.objects.get(action="reveal")
    assert (row.user, row.subject, row.purpose) == (xu, ticket.number, "抽查回访记录")
    assert "13800001234" in at_desk(chen).get(ticket.get_absolute_url()).content.decode()


def test_an_analyst_may_not_reveal(at_desk, he):
    ticket = a_ticket()
    answer = at_desk(he).post(reverse("tickets:reveal", args=[ticket.number]), {"reason": "想看"})
    assert answer.status_code == 403


def test_a_stale_reply_is_kept_and_shown_beside_what_is_new(at_desk, chen, gao, after_sales):
    ticket = a_ticket(department=after_sales)
    tickets.note(ticket, text="同事先写的", by=gao, at=NOON)
    answer = at_desk(chen).post(
        reverse("tickets:move", args=[ticket.number, "say"]),
        {"version": 1, "verb": "reply", "text": "我写了很久的答复", "via": "web"},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写了很久的答复" in page
    assert "同事先写的" in page
    ticket.refresh_from_db()
    assert f'name="version" value="{ticket.version}"' in page
    assert not ticket.messages.filter(direction="out").exists()


def test_the_answer_to_a_complaint_asks_for_result_improvement_and_thanks(at_desk, chen, after_sales):
    ticket = a_ticket(department=after_sales)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    client, address = at_desk(chen), reverse("tickets:move", args=[ticket.number, "say"])
    typed = {"version": ticket.version, "verb": "resolve", "text": "您好", "via": "web"}
    assert client.post(address, typed).status_code == 422
    ticket.refresh_from_db()
    assert ticket.status == "in_progress"
    assert client.post(address, typed | {"confirmed": "on"}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_a_full_answer_resolves_at_once(at_desk, chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    text = "已更换排水泵。今后安装后增加试水。感谢您的监督。"
    at_desk(chen).post(
        reverse("tickets:move", args=[ticket.number, "say"]),
        {"version": ticket.version, "verb": "resolve", "text": text, "via": "phone"},
    )
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.get(direction="out").via) == ("resolved", "phone")


@pytest.mark.parametrize("verb", ["return_to_dispatch", "classify", "void", "escalate", "remind", "accept", "assign"])
def test_each_form_makes_its_move(verb, at_desk, gao, chen, after_sales, logistics):
    ticket = a_ticket(department=after_sales)
    typed = {
        "return_to_dispatch": {"reason": "not_ours"},
        "classify": {"nature": "inquiry", "tier": "L3", "scope": "individual"},
        "void": {"reason": "duplicate"},
        "escalate": {"reason": "用户很着急"},
        "remind": {"text": "请尽快"},
        "accept": {"owner": "chen"},
        "assign": {"department": "logistics"},
    }[verb]
    answer = at_desk(gao).post(reverse("tickets:move", args=[ticket.number, verb]), typed | {"version": ticket.version})
    assert answer.status_code == 302
    assert ticket.events.order_by("pk").last().kind == verb


def test_a_refused_move_says_why_and_keeps_the_page(at_desk, zhou, chen, after_sales, logistics):
    ticket = a_ticket()
    answer = at_desk(zhou).post(
        reverse("tickets:move", args=[ticket.number, "assign"]),
        {"version": ticket.version, "department": "logistics", "owner": "chen"},
    )
    assert answer.status_code == 409
    assert "陈思源" in answer.content.decode()


def test_a_file_is_given_to_whoever_may_see_the_ticket(at_desk, chen, han, after_sales, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    from django.core.files.uploadedfile import SimpleUploadedFile

    ticket = a_ticket(department=after_sales)
    client = at_desk(chen)
    answer = client.post(
        reverse("tickets:move", args=[ticket.number, "say"]),
        {
            "version": ticket.version, "verb": "note", "text": "见附件",
            "files": [SimpleUploadedFile("核对单.txt", "批号 2609B".encode())],
        },
    )  # fmt: skip
    assert answer.status_code == 302
    file = ticket.attachments.get()
    assert file.internal
    given = client.get(file.get_absolute_url())
    assert given.status_code == 200
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given["Content-Security-Policy"]
    assert given["Content-Disposition"].startswith("attachment")
    assert at_desk(han).get(file.get_absolute_url()).status_code == 404


def test_text_of_strangers_is_shown_as_text(at_desk, zhou):
    ticket = a_ticket(subject="<script>alert(1)</script>", content="<img src=x onerror=alert(1)>")
    page = at_desk(zhou).get(ticket.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_previous_and_next_follow_the_list_one_came_from(at_desk, zhou):
    first, second, third = (a_ticket() for _n in range(3))
    page = at_desk(zhou).get(second.get_absolute_url() + "?in=view%3Dall%26ordering%3Dnumber")
    assert (page.context["before"], page.context["after"]) == (first.number, third.number)


def test_the_desk_costs_few_queries_and_names_what_is_due(at_desk, lin, django_assert_max_num_queries):
    ticket = a_ticket(channel="phone", by=lin)
    client = at_desk(lin)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("tickets:desk"))
    assert ticket.subject in page.content.decode()


@pytest.mark.parametrize(("who", "name"), [("chen", "王小明"), ("xu", "王**")])
def test_a_later_message_is_signed_with_the_name_as_the_reader_may_see_it(
    client, request, chen, after_sales, who, name
):
    ticket = a_ticket(department=after_sales)
    ticket = tickets.accept(ticket, by=chen, at=NOON)
    tickets.customer_message(ticket, text="还在漏水。", at=NOON)
    client.force_login(request.getfixturevalue(who))
    page = client.get(ticket.get_absolute_url()).content.decode()
    before = page.split("还在漏水。")[0]
    assert f"<b>{name}</b>" in before[before.rindex("<article") :]


def test_where_only_notes_are_left_the_composer_asks_for_nothing_else(client, chen, after_sales):
    ticket = tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON)
    client.force_login(chen)
    assert 'name="via"' in client.get(ticket.get_absolute_url()).content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(status="void")
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert 'id="composer"' in page
    assert 'name="via"' not in page
    assert 'id="answer-parts"' not in page


def test_who_is_away_is_said_to_be_where_people_are_chosen(client, zhou, chen, after_sales):
    chen.is_absent = True
    chen.save()
    client.force_login(zhou)
    page = client.get(a_ticket(department=after_sales).get_absolute_url()).content.decode()
    assert "陈思源（不在岗）" in page
