"""The hotline desk: who calls, what was said, the draft, the call record, and those to call back (A2.1 A4.2 A5.1)."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common import signatures
from feedback.hotline import caller as calls
from feedback.hotline import services as services_calls
from feedback.hotline.models import Call, CallEvent, Draft, Line
from tests.feedback.test_register import form
from tests.make import NOON, a_ticket
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ADDRESS = "/hotline/"


@pytest.fixture
def cti(client, settings):
    settings.CTI_SECRETS = [SECRET]

    def tell(event: str, *, ref: str = "c1", event_id: str = "", at=None, secret: str = SECRET, **more):
        body = json.dumps({"event": event, "call": ref} | more).encode()
        at = at or timezone.now()
        headers = signatures.headers_of(secret, message_id=event_id or f"{ref}-{event}", body=body, at=at)
        return client.post("/hooks/cti/", body, content_type="application/json", headers=headers)

    return tell


def test_a_call_rings_at_the_agents_desk_is_taken_and_becomes_a_ticket(client, lin, cti, after_sales):
    services_calls.sit_at(number="8001", by=lin)
    assert cti("ringing", extension="8001", **{"from": "+86 138-0000-1234"}).json() == {
        "call": "c1",
        "state": "ringing",
    }
    client.force_login(lin)
    pop = client.get("/hotline/ringing/").content.decode()
    assert "13800001234" in pop
    call = Call.objects.get()
    taken = client.post("/hotline/calls/", {"call": call.pk})
    assert taken.url == f"/hotline/?call={call.pk}"
    assert "振铃" in client.get(f"/hotline/calls/{call.pk}/").content.decode()
    cti("answered", extension="8001")
    told = client.get(f"/hotline/calls/{call.pk}/").content.decode()
    assert "振铃" not in told and "hx-get" in told  # the page asks on while the call lasts
    page = client.get(taken.url).content.decode()
    assert 'value="13800001234"' in page
    answer = client.post(ADDRESS, form(call=call.pk, answered_at_once="on"))
    assert answer.status_code == 302
    cti("ended")
    cti("recording", recording_url="https://pbx.example/r/1.mp3")
    call.refresh_from_db()
    assert "hx-get" not in client.get(f"/hotline/calls/{call.pk}/").content.decode()
    ticket = Ticket.objects.get()
    assert (call.ticket, call.agent, call.state) == (ticket, lin, "ended")
    assert call.recording_url.endswith("1.mp3")
    assert (ticket.channel, ticket.first_contact) == ("phone", lin)
    assert ticket.first_response_at is not None
    shown = client.get(ticket.get_absolute_url()).content.decode()
    assert "https://pbx.example/r/1.mp3" in shown


def test_it_rings_for_the_one_at_the_extension_alone(client, lin, zhou, cti):
    services_calls.sit_at(number="8001", by=zhou)
    cti("ringing", extension="8001", **{"from": "13800001234"})
    assert calls.ringing_for(zhou, at=timezone.now())
    assert not calls.ringing_for(lin, at=timezone.now())
    client.force_login(lin)
    assert client.get("/hotline/ringing/").status_code == 204


def test_who_puts_a_call_away_or_takes_it_is_not_rung_any_more_and_colleagues_are(client, lin, zhou, cti):
    cti("ringing", **{"from": "13800001234"})
    cti("ringing", ref="c2", **{"from": "13900001234"})
    first, second = Call.objects.order_by("pk")
    client.force_login(lin)
    left = client.post(f"/hotline/calls/{first.pk}/put-away/").content.decode()
    assert "13800001234" not in left and "13900001234" in left
    assert "13800001234" not in client.get("/hotline/ringing/").content.decode()
    client.post("/hotline/calls/", {"call": second.pk})
    assert "1390000" not in client.get("/hotline/ringing/?seen=x").content.decode()
    client.force_login(zhou)
    assert "13800001234" in client.get("/hotline/ringing/").content.decode()


def test_it_stops_ringing_after_three_minutes_without_news(lin, cti):
    cti("ringing", **{"from": "13800001234"})
    assert calls.ringing_for(lin, at=timezone.now())
    assert not calls.ringing_for(lin, at=timezone.now() + timedelta(minutes=4))


def test_a_poll_that_has_seen_it_costs_one_query_and_no_answer(client, lin, cti, django_assert_max_num_queries):
    cti("ringing", **{"from": "13800001234"})
    client.force_login(lin)
    seen = Call.objects.get().pk
    with django_assert_max_num_queries(3):  # session, user, calls
        assert client.get("/hotline/ringing/", {"seen": seen}).status_code == 204


def test_who_has_no_part_in_the_hotline_stops_asking(client, chen):
    client.force_login(chen)
    assert client.get("/hotline/ringing/").status_code == 286


@pytest.mark.parametrize("order", [("ended", "ringing", "answered"), ("answered", "ended", "ringing")])
def test_events_out_of_order_come_to_the_same(cti, order):
    for kind in order:
        assert cti(kind, **{"from": "13800001234"}).status_code == 200
    call = Call.objects.get()
    assert call.state == "ended"
    assert call.answered_at and call.ended_at
    assert call.number == "13800001234"


def test_an_event_told_twice_is_one_event(cti):
    for _ in range(2):
        assert cti("ringing", event_id="e1", **{"from": "13800001234"}).status_code == 200
    assert (Call.objects.count(), CallEvent.objects.count()) == (1, 1)


def test_an_unknown_event_is_kept(cti):
    assert cti("transferred", to="8002").json() == {"call": None, "state": "ignored"}
    assert CallEvent.objects.get().body["to"] == "8002"


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"secret": "whsec_AAAA"}, 401), ({"at": NOON}, 401)],
)
def test_an_unsigned_or_old_call_of_a_machine_is_refused(cti, changed, status):
    assert cti("ringing", **changed).status_code == status
    assert not Call.objects.exists()


def test_without_a_secret_there_is_no_such_address(client):
    assert client.post("/hooks/cti/", b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'"x"', b"{", b'{"event":"ringing","call":"\\u0000"}', b'{"event": 5, "call": []}']
)
def test_a_signed_body_that_makes_no_sense_is_never_a_500(client, settings, body):
    settings.CTI_SECRETS = [SECRET]
    headers = signatures.headers_of(SECRET, message_id="e", body=body, at=timezone.now())
    client.raise_request_exception = False
    assert client.post("/hooks/cti/", body, content_type="application/json", headers=headers).status_code < 500


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://x/y", "x" * 900])
def test_a_recording_is_an_address_that_a_browser_may_open(cti, address):
    assert cti("ended", recording_url=address).status_code == 200
    assert Call.objects.get().recording_url == ""


def test_a_missed_call_stays_on_the_list_until_the_caller_is_reached(client, lin, cti):
    cti("ringing", **{"from": "13800001234"})
    cti("ended")
    client.force_login(lin)
    page = client.get(ADDRESS).content.decode()
    assert 'href="tel:13800001234"' in page
    call = Call.objects.get()
    client.post(f"/hotline/calls/{call.pk}/called-back/", {"outcome": "not"})
    call.refresh_from_db()
    assert (call.tries, call.called_back_at) == (1, None)
    client.post(f"/hotline/calls/{call.pk}/called-back/", {"outcome": "reached"})
    assert calls.to_return() == []


def test_a_long_list_of_missed_calls_costs_no_more_queries_than_a_short_one(client, lin):
    client.force_login(lin)
    asked = []
    for last in (2, 30):
        for n in range(Call.objects.count(), last):
            Call.objects.create(ref=f"c{n}", number=f"1380000{n:04}", state=Call.State.MISSED, rang_at=NOON)
        with CaptureQueriesContext(connection) as seen:
            assert f"1380000{last - 1:04}" in client.get(ADDRESS).content.decode()
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_who_calls_again_and_is_answered_need_not_be_called_back(cti):
    cti("ringing", **{"from": "13800001234"})
    cti("ended")
    assert len(calls.to_return()) == 1
    cti("answered", ref="c2", **{"from": "13800001234"})
    assert calls.to_return() == []


def test_a_call_that_we_make_is_no_missed_one(cti):
    cti("ringing", direction="out", to="13800001234")
    cti("ended", direction="out")
    assert Call.objects.get().state == "ended"


def looked_up(client, phone="13800001234", **typed):
    return client.post("/hotline/lookup/", {"phone": phone, **typed}).content.decode()


def names_in(page):
    """What stands in the field of the name, where the page brings it along."""
    return re.findall(r'name="name"(?: value="(.*?)")?', page)


def test_the_caller_is_looked_up_while_the_number_is_typed(client, lin, customer_service):
    a_ticket(department=customer_service)
    client.force_login(lin)
    assert "王小明" not in looked_up(client, phone="138000")
    found = looked_up(client, phone="138 0000 1234")
    assert "王小明" in found
    assert "空调安装后漏水" in found
    assert "王小明" not in looked_up(client, phone="13900001234")


def test_the_name_known_with_a_number_stands_in_its_field_unless_one_is_typed(client, lin, customer_service):
    a_ticket(department=customer_service)
    client.force_login(lin)
    assert names_in(looked_up(client)) == ["王小明"]
    assert names_in(looked_up(client, name="王先生")) == []
    assert names_in(client.get("/hotline/?number=13800001234").content.decode()) == ["王小明"]
    filled = re.findall(r'name="filled" value="(.*?)"', looked_up(client))[0]
    another = looked_up(client, phone="13900009999", name="王小明", filled=filled)
    assert names_in(another) == [""]  # another number, another person
    Customer.objects.create(name="李红", phone="13800001234", created_at=NOON)
    assert names_in(looked_up(client)) == []  # two people have the number: the agent asks


def test_the_lookup_shows_the_tickets_that_the_agent_may_see(customer_service, logistics, nobody):
    a_ticket(department=logistics)
    assert calls.caller("13800001234", user=nobody).tickets == []


@pytest.mark.parametrize("typed", ["", "1", "%", "x" * 5000, "１３８００００１２３４", "13800001234转" + "9" * 500])
def test_whatever_is_typed_the_lookup_answers(client, lin, typed):
    client.force_login(lin)
    assert client.post("/hotline/lookup/", {"phone": typed}).status_code == 200


def test_the_draft_is_kept_on_the_server_comes_back_and_goes_with_registering(client, lin):
    client.force_login(lin)
    typed = {"content": "上周六安装的空调", "phone": "13800001234", "csrf": "x", "is_staff": "1", "nature": "complaint"}
    assert client.post("/hotline/draft/", typed).status_code == 200
    kept = Draft.objects.get()
    assert kept.values == {"content": "上周六安装的空调", "phone": "13800001234", "nature": "complaint"}
    page = client.get(ADDRESS).content.decode()
    assert "上周六安装的空调</textarea>" in page
    assert client.post(ADDRESS, form()).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_is_its_writers_alone_and_another_call_begins_afresh(client, lin, zhou, cti):
    client.force_login(lin)
    cti("ringing", ref="c1", **{"from": "13800001234"})
    cti("ringing", ref="c2", **{"from": "13900001234"})
    first, second = Call.objects.order_by("pk")
    client.post("/hotline/draft/", {"content": "第一位来电的话", "call": first.pk})
    assert "第一位来电的话" in client.get(f"{ADDRESS}?call={first.pk}").content.decode()
    assert "第一位来电的话</textarea>" not in client.get(f"{ADDRESS}?call={second.pk}").content.decode()
    client.force_login(zhou)
    assert "第一位来电的话" not in client.get(ADDRESS).content.decode()


def test_who_left_the_page_during_a_call_finds_it_again_with_the_draft(client, lin):
    client.force_login(lin)
    client.post("/hotline/calls/")
    call = Call.objects.get()
    client.post("/hotline/draft/", {"content": "第一位来电的话", "call": call.pk})
    page = client.get(ADDRESS).content.decode()
    assert "第一位来电的话</textarea>" in page
    assert f"/hotline/calls/{call.pk}/end/" in page, "the call is not over"


def test_drafts_are_forgotten_after_a_week(lin):
    services_calls.keep_draft(name="hotline", values={"content": "x"}, by=lin, at=NOON)
    assert services_calls.forget_drafts(before=NOON) == 0
    assert services_calls.forget_drafts(before=NOON + timedelta(seconds=1)) == 1


def test_a_form_in_error_registers_nothing_and_keeps_the_draft(client, lin):
    client.force_login(lin)
    client.post("/hotline/draft/", {"content": "短"})
    assert client.post(ADDRESS, form(content="短")).status_code == 422
    assert Draft.objects.exists()
    assert not Ticket.objects.exists()


def test_the_same_form_twice_is_one_ticket(client, lin):
    client.force_login(lin)
    first, second = (client.post(ADDRESS, form()) for _ in range(2))
    assert first.url == second.url
    assert Ticket.objects.count() == 1


def test_a_call_without_a_telephone_system_is_recorded_by_hand(client, lin):
    client.force_login(lin)
    place = client.post("/hotline/calls/").url
    call = Call.objects.get()
    assert (call.state, call.agent) == ("talking", lin)
    client.post(ADDRESS, form(call=call.pk))
    assert client.post(f"/hotline/calls/{call.pk}/end/").url == place
    call.refresh_from_db()
    assert (call.ticket, call.number, call.state) == (Ticket.objects.get(), "13800001234", "ended")


def test_nobody_ends_the_call_of_a_colleague(client, lin, zhou):
    call = services_calls.begin(number="", by=zhou, at=NOON)
    client.force_login(lin)
    assert client.post(f"/hotline/calls/{call.pk}/end/").status_code == 404
    assert client.post("/hotline/calls/99999/end/").status_code == 404


@pytest.mark.parametrize("call", ["x", "-1", "0", "9" * 30, "٣", "1e3"])
def test_a_forged_call_is_no_call(client, lin, call):
    client.force_login(lin)
    assert client.get(ADDRESS, {"call": call}).status_code == 200
    assert client.post("/hotline/calls/", {"call": call}).status_code == 302
    assert client.post(ADDRESS, form(call=call)).status_code in {302, 422}


def test_an_extension_belongs_to_one_agent(client, lin, zhou):
    client.force_login(lin)
    client.post("/hotline/line/", {"number": " 8001 "})
    assert Line.objects.get().agent == lin
    client.force_login(zhou)
    page = client.post("/hotline/line/", {"number": "8001"}, follow=True).content.decode()
    assert "同事" in page
    assert Line.objects.get().agent == lin
    client.force_login(lin)
    client.post("/hotline/line/", {"number": ""})
    assert not Line.objects.exists()


def test_the_script_of_the_nature_that_was_chosen_is_the_one_unfolded(client, lin):
    client.force_login(lin)
    page = client.post(ADDRESS, form(nature="inquiry", content="")).content.decode()
    assert '<details data-beside="nature" data-of="inquiry" open>' in page
    assert '<details data-beside="nature" data-of="complaint">' in page


def test_the_office_writes_the_script_and_agents_read_it(client, lin, zhou):
    client.force_login(lin)
    assert client.get("/hotline/script/complaint/").status_code == 403
    assert "问好" in client.get(ADDRESS).content.decode()
    client.force_login(zhou)
    assert client.post("/hotline/script/complaint/", {"text": "先问是否安全。"}).status_code == 302
    assert client.get("/hotline/script/nonsense/").status_code == 404
    client.force_login(lin)
    assert "先问是否安全。" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("path", ["", "lookup/", "draft/", "line/", "calls/", "calls/1/end/", "calls/1/called-back/"])
def test_handlers_have_no_hotline(client, chen, path):
    client.force_login(chen)
    assert client.post(f"{ADDRESS}{path}").status_code == 403


def test_a_caller_whose_name_is_markup_is_shown_as_text(client, lin, cti):
    Customer.objects.create(name="<script>x</script>", phone="13800001234", created_at=NOON)
    cti("ringing", **{"from": "13800001234"})
    client.force_login(lin)
    for page in (client.get("/hotline/ringing/"), client.post("/hotline/lookup/", {"phone": "13800001234"})):
        assert b"<script>x" not in page.content


# --- the library beside the call ---------------------------------------------------------------------
@pytest.fixture
def library(db):
    from knowledge.models import Article

    Article.objects.create(question="空调保修几年？", answer="整机六年。", is_public=True)
    Article.objects.create(question="保修期外维修怎么收费？", answer="上门费八十元，内部可减免。")


@pytest.mark.parametrize(
    ("given", "answer"),
    [({"content": "客户来电咨询空调保修几年，希望尽快答复。"}, "整机六年"), ({"ask": "保修期外维修收费"}, "内部可减免"),
     ({"content": "送货太慢了，要求道歉。"}, "没有合适的答案"), ({}, "自动显示")],
)  # fmt: skip
def test_answers_stand_beside_the_call_internal_ones_too(client, lin, library, given, answer):
    client.force_login(lin)
    assert answer in client.post("/hotline/answers/", given).content.decode()


def test_only_those_who_take_calls_read_internal_answers(client, he, library):
    client.force_login(he)
    assert client.post("/hotline/answers/", {"ask": "保修期外维修收费"}).status_code in {403, 404}
    assert "内部可减免" not in client.post("/answers/", {"content": "保修期外维修收费"}).content.decode()
