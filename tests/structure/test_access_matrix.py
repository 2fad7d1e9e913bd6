"""S-2: a ticket of another department does not exist, for every role, at every address, by every method.

What “does not exist” means is measured: the answer has the same status as for a number that was never given.
"""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import services
from accounts.models import User
from accounts.roles import Role
from tests.make import a_ticket
from tests.structure.addresses import Address, addresses
from tickets import services as tickets
from tickets.models import Attachment

pytestmark = pytest.mark.django_db

# Every address that leads to one ticket by its number, or to a file of it by its key. A new one fails the test
# below until it is entered here; it is then checked by the matrix.
OF_A_TICKET = {
    "tickets:ticket",
    "tickets:read",
    "tickets:archive-record",
    "tickets:reveal",
    "tickets:answer-parts",
    "tickets:move",
    "tickets:special-report",
    "tickets:special-report-pdf",
    "tickets:draft",
    "tickets:attachment",
    "tickets:small",
    "ticket",
    "ticket-clocks",
    "ticket-events",
    "ticket-messages",
    "ticket-attachments",
    "feedback:similar",
    "feedback:letter-out",
    "feedback:letter-out-pdf",
    "feedback:review-decide",
    "reports:paper",
    "reports:paper-pdf",
    *(
        f"ticket-{verb}"
        for verb in (
            "accept", "assign", "classify", "close", "escalate", "note", "remind", "reopen", "reply",
            "request_information", "resolve", "restore", "return_to_dispatch", "void", "transfer", "accept_transfer",
            "decline_transfer", "co_assign", "co_done", "co_waive", "investigate", "plan", "agree", "assess", "report",
            "approve", "reject", "merge", "unmerge", "link", "split", "change_first_contact", "correct_customer",
            "decide_extension", "extend", "promise", "improvement_done", "improvement_dropped", "form_group", "log_work",
            "report_situation", "conclude_group", "hold", "lift_hold",
        )
    ),
}  # fmt: skip
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
MISSING = "Q20990101-000001"


def leads_to_a_ticket(address: Address) -> bool:
    by_number = "number" in address.names
    by_file = "key" in address.names and "code" not in address.names
    return by_number or by_file or address.route.startswith(("tickets/<", "api/v1/tickets/<"))


FOUND = sorted((one for one in addresses() if leads_to_a_ticket(one)), key=lambda one: one.route)


def test_every_address_of_a_ticket_is_in_the_table():
    assert {address.name for address in FOUND} == OF_A_TICKET


@pytest.fixture
def hidden(han, logistics, settings, tmp_path):
    """A case of logistics, dealt with by Han, with a file: nobody of another department has a part in it."""
    settings.MEDIA_ROOT = tmp_path
    ticket = a_ticket(department=logistics)
    ticket = tickets.accept(ticket, by=han, at=timezone.now())
    file = Attachment.objects.create(
        ticket=ticket,
        file=ContentFile(b"secret", name="a.txt"),
        name="a.txt",
        size=6,
        media_type="text/plain",
        sha256="0" * 64,
        uploaded_at=timezone.now(),
    )
    return ticket, file


OUTSIDERS = {
    "agent": [Role.AGENT],
    "handler": [Role.HANDLER],
    "head": [Role.HEAD],
    "agent and head": [Role.AGENT, Role.HANDLER, Role.HEAD],
    "leader": [Role.LEADER],
    "admin": [Role.ADMIN],
    "nobody": [],
}


@pytest.fixture
def outsider(request, after_sales) -> User:
    return User.objects.create(
        username="outsider", name="外人", roles=[role.value for role in OUTSIDERS[request.param]],
        department=after_sales, password="!", is_superuser=request.param == "admin",
        is_staff=request.param == "admin",
    )  # fmt: skip


def filled(address: Address, number: str, key: object) -> str:
    return address.fill({"number": number, "verb": "note", "key": key, "paper": "case-file"})


def ask(client, method: str, path: str, headers: dict[str, str]) -> int:
    body = {"data": '{"text": "x", "version": 1}', "content_type": "application/json"}
    if path.startswith("/api/") and method in {"post", "put", "patch"}:
        return getattr(client, method)(path, headers=headers, **body).status_code
    return getattr(client, method)(path, headers=headers).status_code


@pytest.mark.parametrize("by_token", [False, True], ids=["session", "token"])
@pytest.mark.parametrize("outsider", OUTSIDERS, indirect=True)
def test_another_departments_ticket_does_not_exist(client, hidden, outsider, by_token):
    ticket, file = hidden
    headers = {}
    if by_token:
        scopes = ["submit", "read", "manage", "reports"]
        token, _row = services.create_token(name="x", scopes=scopes, user=outsider, at=timezone.now())
        headers["Authorization"] = f"Bearer {token}"
    else:
        client.force_login(outsider)
    events = ticket.events.count()
    wrong = []
    for address in FOUND:
        for method in METHODS:
            real = ask(client, method, filled(address, ticket.number, file.key), headers)
            never = ask(client, method, filled(address, MISSING, uuid.uuid4()), headers)
            if real != never or (200 <= real < 300 and method != "options") or real >= 500:
                wrong.append((address.name, method, real, never))
    assert wrong == []
    assert ticket.events.count() == events


def test_the_matrix_sees_a_difference_where_there_is_one(client, hidden, han):
    """The measure itself: for the department's own handler the same addresses do answer."""
    ticket, file = hidden
    client.force_login(han)
    opened = [one.name for one in FOUND if ask(client, "get", filled(one, ticket.number, file.key), {}) == 200]
    assert {"tickets:ticket", "tickets:attachment", "ticket", "ticket-events"} <= set(opened)
