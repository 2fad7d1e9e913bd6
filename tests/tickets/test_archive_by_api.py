"""The archive by API: what is filed is listed to who may see it, and holds are set and lifted with a reason (D6)."""

import pytest

from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.defaults import create_defaults

pytestmark = pytest.mark.django_db
WHERE = "/api/v1/archive/"


@pytest.fixture
def filed(after_sales, chen, zhou):
    create_defaults()
    ticket = tickets.accept(a_ticket(nature="inquiry", department=after_sales), by=chen, at=NOON)
    ticket = tickets.resolve(ticket, text="已答复，谢谢。", by=chen, at=NOON)
    return tickets.close(ticket, by=zhou, at=NOON)


def hold(client, ticket, verb="hold", **given):
    return client.post(f"/api/v1/tickets/{ticket.number}/{verb}/", given, content_type="application/json")


def test_it_lists_where_a_case_lies_and_nothing_of_its_content(client, zhou, filed):
    client.force_login(zhou)
    (row,) = client.get(WHERE).json()["results"]
    assert (row["number"], row["ticket"], row["held"]) == (filed.archive.number, filed.number, False)
    assert (
        filed.subject not in client.get(WHERE).content.decode() and "王小明" not in client.get(WHERE).content.decode()
    )
    assert client.get(WHERE, {"q": filed.archive.number[:6]}).json()["results"] == [row]
    assert client.get(WHERE, {"kept": "held"}).json()["results"] == []
    assert client.get(WHERE, {"until": "2020-01-01"}).json()["results"] == []


@pytest.mark.parametrize(
    "wrong",
    [{"since": "soon"}, {"kept": "for ever"}, {"kind": "nothing"}, {"cursor": "x"}],
)
def test_what_cannot_be_read_is_refused(client, zhou, filed, wrong):
    client.force_login(zhou)
    assert client.get(WHERE, wrong).status_code in {400, 404}


def test_another_department_and_nobody_see_nothing_of_it(client, han, filed):
    assert client.get(WHERE).status_code in {401, 403}
    client.force_login(han)
    assert client.get(WHERE).json()["results"] == []
    assert hold(client, filed, reason="x").status_code == 404


def test_the_office_holds_and_lifts_with_a_reason(client, zhou, filed):
    client.force_login(zhou)
    assert hold(client, filed, reason=" ").status_code == 400
    set_ = hold(client, filed, reason="消协来函")
    assert (set_.status_code, set_.json()["set_by"], set_.json()["lifted_at"]) == (200, "zhou", None)
    assert client.get(WHERE, {"kept": "held"}).json()["results"][0]["held"] is True
    assert hold(client, filed, reason="又一次").status_code == 409
    lifted = hold(client, filed, "lift_hold", reason="已结案")
    assert (lifted.status_code, lifted.json()["lifted_reason"]) == (200, "已结案")
    assert hold(client, filed, "lift_hold", reason="已结案").status_code == 409
    assert [event.kind for event in filed.events.order_by("pk")][-2:] == ["hold", "hold_lifted"]


def test_who_handled_it_sets_no_hold(client, chen, filed):
    client.force_login(chen)
    assert hold(client, filed, reason="x").status_code == 403
    assert not filed.holds.exists()
