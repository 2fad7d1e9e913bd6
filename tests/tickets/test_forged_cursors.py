"""A cursor that was not given out here is a refusal or the first page, never an error of ours (S-14)."""

import base64

import pytest

from tests.make import a_ticket

pytestmark = pytest.mark.django_db


def packed(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


FORGED = [
    packed(b'[0,"\\ud800",1]'), packed(b'[0,"\\u0000",1]'), packed(b"[0,null,1e400]"), packed(b"[[],{},1]"),
    packed(b"[" * 5000), "%", "=" * 9, "é",
]  # fmt: skip


@pytest.mark.parametrize("cursor", FORGED)
def test_a_forged_cursor_of_tickets_is_refused(client, zhou, cursor):
    a_ticket()
    client.force_login(zhou)
    assert client.get("/api/v1/tickets/", {"ordering": "number", "cursor": cursor}).status_code == 400
    assert client.get("/tickets/", {"ordering": "number", "after": cursor}).status_code == 200


@pytest.mark.parametrize("position", ["abc", "%00", "-1e9", "٣", "9" * 30, "%ED%A0%80"])
def test_a_forged_position_in_the_list_of_departments_is_refused(client, zhou, position):
    client.force_login(zhou)
    cursor = base64.b64encode(f"p={position}".encode()).decode()
    assert client.get("/api/v1/departments/", {"cursor": cursor}).status_code in {400, 404}
