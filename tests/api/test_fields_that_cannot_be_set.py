"""S-9: a body is taken for what it may say and nothing else; what it may not say is refused by its name."""

import json

import pytest
from django.apps import apps
from rest_framework.serializers import ModelSerializer

from accounts.models import User
from common.fields import NamedOnly
from feedback import serializers as feedback
from feedback.chat.api import ChatSerializer
from feedback.webhooks.api import WebhookSerializer
from surveys.api import RatingSerializer
from tests.make import a_ticket
from tickets import tracking
from tickets.models import Ticket
from tickets.serializers_verbs import VERBS

pytestmark = pytest.mark.django_db
BODY = {"channel": "app", "content": "上周六安装的空调一直滴水，两次上门没有修好。", "anonymous": True}
# What each body may say. Whoever adds a field adds it here, on purpose.
TAKEN = {
    feedback.FeedbackSerializer: "channel nature category subject content occurred_at claimed_at place region remedy_sought rating "
    "anonymous consent customer attachments source",
    feedback.CustomerSerializer: "name phone email external_id customer_class region",
    feedback.SourceSerializer: "ref url",
    feedback.MessageSerializer: "text attachments",
    feedback.AppealSerializer: "text",
    feedback.WithdrawSerializer: "reason",
    ChatSerializer: "conversation text answer helped",
    RatingSerializer: "rating stars comment",
    WebhookSerializer: "name url events own_cases is_active",
}  # fmt: skip
OF_VERBS = {
    "accept": "owner", "accept_transfer": "", "agree": "agreed text progress_days attachments", "approve": "gate text called",
    "assess": "verdict reason improvement owner due_on", "assign": "department owner reason",
    "change_first_contact": "person reason", "classify": "nature category tier scope region needs_review", "close": "",
    "correct_customer": "like name phone email end_code withhold reason",
    "co_assign": "department task owner limit", "co_done": "text department attachments", "co_waive": "department reason",
    "conclude_group": "text lessons", "decide_extension": "granted text", "decline_transfer": "reason",
    "escalate": "reason text", "extend": "reason new_due", "form_group": "leader members report_every",
    "improvement_done": "text", "improvement_dropped": "reason", "investigate": "attachments facts cause true_need",
    "link": "other reason", "log_work": "text", "merge": "into reason", "note": "text attachments",
    "plan": "measures goal limit remedy amount", "promise": "answer_by message via", "reject": "gate reason text",
    "remind": "text", "reopen": "reason", "reply": "text attachments via resolves", "report": "text attachments",
    "report_situation": "text", "request_information": "text attachments via", "resolve": "text attachments via",
    "restore": "reason", "return_to_dispatch": "reason text attachments", "split": "subject content nature message told_first",
    "transfer": "department owner reason", "unmerge": "reason", "void": "reason text",
}  # fmt: skip


def settable(body: type[NamedOnly]) -> set[str]:
    return {name for name, field in body().get_fields().items() if not field.read_only}


def test_every_body_takes_these_fields_and_no_others():
    assert {body: settable(body) for body in TAKEN} == {body: set(names.split()) for body, names in TAKEN.items()}
    assert {verb: settable(body) for verb, body in VERBS.items()} == {
        verb: {"version", *names.split()} for verb, names in OF_VERBS.items()
    }
    assert all(issubclass(body, NamedOnly) for body in [*TAKEN, *VERBS.values()])


def names_of_columns() -> set[str]:
    """Every column of every table of ours: what somebody may try to set."""
    ours = [model for model in apps.get_models() if model._meta.app_label in {"tickets", "feedback", "accounts", "sla"}]
    return {field.name for model in ours for field in model._meta.get_fields()} | {
        "id",
        "pk",
        "sla_level",
        "audit",
        "deleted",
    }


def test_no_column_can_be_set_by_handing_in(client):
    foreign = names_of_columns() - settable(feedback.FeedbackSerializer)
    assert len(foreign) > 200
    for start in range(0, len(foreign), 20):
        some = sorted(foreign)[start : start + 20]
        answer = client.post("/api/v1/feedback/", json.dumps(BODY | dict.fromkeys(some, 1)), "application/json")
        assert answer.status_code == 400
        assert set(answer.json()["errors"]) == set(some)
    assert not Ticket.objects.exists()


def test_nor_by_a_move_or_as_a_customer(client, zhou: User):
    code = tracking.new_code()
    ticket = a_ticket(tracking_digest=tracking.digest(code))
    client.force_login(zhou)
    places = {f"tickets/{ticket.number}/{verb}": {"version": ticket.version} for verb in VERBS}
    places |= {f"feedback/{code}/{name}": {"text": "一"} for name in ("messages", "rating", "appeal", "withdraw")}
    for place, body in places.items():
        sent = json.dumps(body | {"status": "closed", "is_staff": True, "number": "Q1"})
        answer = client.post(f"/api/v1/{place}/", sent, "application/json")
        assert answer.status_code == 403 or {"status", "is_staff", "number"} <= set(answer.json()["errors"]), place
    again = Ticket.objects.get()
    assert (again.status, again.version, again.number) == (ticket.status, ticket.version, ticket.number)


def test_what_is_only_read_says_so_and_nested_names_are_found(client, tang: User):
    sent = json.dumps(BODY | {"customer": {"name": "王", "is_vip": 1}, "source": {"ref": "1", "reff": "2"}})
    answer = client.post("/api/v1/feedback/", sent, "application/json")
    assert set(answer.json()["errors"]) == {"customer.is_vip", "source.reff"}
    form = WebhookSerializer(data={"name": "x", "url": "https://crm.example", "id": 7, "failures": 0})
    assert not form.is_valid()
    assert {"id", "failures"} == set(form.errors)


def test_a_form_may_carry_its_token(client, zhou: User):
    ticket = a_ticket()
    client.force_login(zhou)
    place = f"/api/v1/tickets/{ticket.number}/note/"
    assert client.post(place, {"text": "已核实。", "csrfmiddlewaretoken": "x"}).status_code == 200
    assert set(client.post(place, {"text": "已核实。", "owner.id": "x"}).json()["errors"]) == {"owner.id"}


def test_a_thousand_odd_names_are_answered_with_twenty(client):
    body = BODY | {f"{n}" + "x" * 500: 1 for n in range(1000)}
    errors = client.post("/api/v1/feedback/", json.dumps(body), "application/json").json()["errors"]
    assert len(errors) == 20 and max(map(len, errors)) <= 100


def test_no_serializer_takes_all_columns():
    for body in [*TAKEN, *VERBS.values()]:
        if issubclass(body, ModelSerializer):
            assert body.Meta.fields != "__all__" and not hasattr(body.Meta, "exclude")
