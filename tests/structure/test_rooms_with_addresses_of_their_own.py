"""S-2: what has an address of its own (a mail, a call, an import, a finding, a box …) opens to those it is for, and is
otherwise as if it had never been: the same status for a real key and for one that was never given."""

from collections import Counter

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.structure.addresses import addresses
from tests.structure.rooms import Values, rooms
from tests.structure.test_access_matrix import OF_A_TICKET
from tests.structure.test_urls import PUBLIC

pytestmark = pytest.mark.django_db
OFFICE, AUDITOR, LEADER, ANALYST, ADMIN = Role.OFFICE, Role.AUDITOR, Role.LEADER, Role.ANALYST, Role.ADMIN
AGENT, HEAD = Role.AGENT, Role.HEAD
# Who of another department may open or change it. A new address with a key of its own fails the test below until it stands
# here, in the table of tickets (`OF_A_TICKET`), or among what is open to everybody.
MAY: dict[str, set[Role]] = {
    "accounts:remove-shift": {HEAD, OFFICE, ADMIN},
    "api-webhook": {ADMIN},
    "api-webhook-deliveries": {ADMIN},
    "api-webhook-ping": {ADMIN},
    "api-webhook-replay": {ADMIN},
    "api-webhook-secret": {ADMIN},
    "feedback:appeal": {AUDITOR},
    "feedback:box": {AGENT, OFFICE, AUDITOR},
    "feedback:call": set(),  # the agent's own
    "feedback:call-end": set(),  # the agent's own
    "feedback:call-put-away": set(),
    "feedback:called-back": {AGENT, OFFICE},  # whoever answers for it calls back
    "feedback:finish-opening": {AGENT, OFFICE},
    "feedback:import": {OFFICE},
    "feedback:import-act": {OFFICE},
    "feedback:import-mend": {OFFICE},
    "feedback:letter-out": {OFFICE},
    "feedback:letter-out-pdf": {OFFICE},
    "feedback:mail": {OFFICE},
    "feedback:mail-again": {OFFICE},
    "feedback:mail-page": {OFFICE},
    "feedback:mail-raw": {OFFICE},
    "feedback:mailbox": {ADMIN},
    "feedback:mailbox-fetch": {ADMIN},
    "feedback:opening": {AGENT, OFFICE},
    "feedback:problem": {OFFICE, ANALYST, AUDITOR, LEADER},
    "feedback:problem-decide": {OFFICE},
    "feedback:problem-edit": {OFFICE},
    "feedback:rule": {OFFICE, ADMIN},
    "feedback:rule-delete": {OFFICE, ADMIN},
    "feedback:source": {ADMIN},
    "feedback:source-secret": {ADMIN},
    "feedback:study": {OFFICE},
    "feedback:webhook": {ADMIN},
    "feedback:webhook-act": {ADMIN},
    "knowledge:edit": {AGENT, HEAD, OFFICE, ADMIN},
    "knowledge:readers": {AGENT, HEAD, OFFICE, ADMIN},  # of them, only those who publish change anything
    "notices:sms-template": {OFFICE, ADMIN},
    "report-api": {OFFICE, ANALYST, AUDITOR, LEADER},
    "reports:approve": {OFFICE},
    "reports:conclude": {OFFICE, ANALYST},
    "reports:report": {OFFICE, ANALYST, AUDITOR, LEADER},
    "reports:table": {OFFICE, ANALYST, AUDITOR, LEADER},
    "sla:calendar": {OFFICE, ADMIN},
    "sla:clear-day": {OFFICE, ADMIN},
    "sla:import-days": {OFFICE, ADMIN},
    "sla:policy": {OFFICE, ADMIN},
    "sla:policy-delete": {OFFICE, ADMIN},
    "sla:record": {OFFICE, AUDITOR, LEADER},
    "sla:set-day": {OFFICE, ADMIN},
    "sla:set-hours": {OFFICE, ADMIN},
    "sla:supervision": {OFFICE, ANALYST, AUDITOR},
    "sla:supervision-pdf": {OFFICE, ANALYST, AUDITOR},
    "supervision:action": {OFFICE, ANALYST, AUDITOR, LEADER},
    "supervision:checklist": {AUDITOR},
    "supervision:finding": {AUDITOR, LEADER},
    "supervision:meeting": {HEAD, OFFICE, ANALYST, AUDITOR, LEADER},
    "supervision:meeting-pdf": {HEAD, OFFICE, ANALYST, AUDITOR, LEADER},
    "supervision:sample": {AUDITOR},
    "supervision:sheet": {AUDITOR},
    "surveys:print-more": {OFFICE},
    "surveys:questionnaire": {AGENT, OFFICE, ANALYST, AUDITOR, LEADER},
    "surveys:questions": {OFFICE},
    "surveys:sheet": {AGENT, OFFICE},
    "surveys:sheets": {OFFICE},
    "surveys:sheets-pdf": {OFFICE},
    "tickets:answer-problem": {HEAD, OFFICE},
    "tickets:attachment": {OFFICE, ANALYST, AUDITOR},
    "tickets:canned-reply": {OFFICE, ADMIN},
    "tickets:erasure": {OFFICE, AUDITOR, LEADER},
    "tickets:improvement-edit": {OFFICE},
    "tickets:page-text": {OFFICE},
    "tickets:routing-move": {OFFICE, ADMIN},
    "tickets:routing-rule": {OFFICE, ADMIN},
    "tickets:small": {OFFICE, ANALYST, AUDITOR},
    "tickets:strike": {OFFICE, AUDITOR, LEADER},
}
# Keys that are no rows: figures by name, a nature, a receipt of one's own session, files of a report that is in the table.
NO_ROW = {
    "feedback:hotline-script", "feedback:letters-entered", "feedback:registered", "reports:overview-table", "reports:file",
    "report-file-api",
}  # fmt: skip
NEVER = {"pk": 987654321, "code": "never-given", "number": "Q20990101-000001", "event": "msg_never"}
NEVER_KEY = "0b1c2d3e-0000-4000-8000-000000000001"
WITH_KEYS = {one.name: one for one in addresses() if one.arguments}


def test_every_address_with_a_key_is_in_a_table():
    assert set(WITH_KEYS) - OF_A_TICKET - PUBLIC - NO_ROW - set(MAY) == set()
    assert set(MAY) <= set(WITH_KEYS)


def ask(client: Client, method: str, path: str) -> int:
    if path.startswith("/api/") and method == "post":
        return getattr(client, method)(path, "{}", content_type="application/json").status_code
    return getattr(client, method)(path).status_code


def test_what_is_not_for_a_role_is_as_if_it_had_never_been(han, logistics, office, after_sales, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = rooms(han, logistics, office)
    wrong, opened = [], Counter()
    for role in ["", *Role]:
        client = Client(raise_request_exception=False)
        if role:
            person = User.objects.create(username=f"out-{role}", roles=[role], department=after_sales, password="!")
            client.force_login(person)
        for name, allowed in MAY.items():
            for method in ("get", "post") if role not in allowed else ("get",):  # changing is tested where it is done
                real, never = asked(client, method, name, made[name])
                if role in allowed:
                    opened[role] += real == 200 and never == 404
                    fine = never in {404, 405} and real < 500
                else:
                    fine = real == never and real in {302, 401, 403, 404, 405}
                if not fine:
                    wrong.append((role, name, method, real, never))
    assert wrong == []
    assert opened["agent"] >= 3 and opened["admin"] >= 9 and opened["office"] > 20 and opened["handler"] == 0


def asked(client: Client, method: str, name: str, values: Values) -> tuple[int, int]:
    """The status for the real key, and for one that was never given."""
    nothing = {key: values[key] if key == "name" else NEVER.get(key, NEVER_KEY) for key in values}
    address = WITH_KEYS[name]
    return ask(client, method, address.fill(values)), ask(client, method, address.fill(nothing))
