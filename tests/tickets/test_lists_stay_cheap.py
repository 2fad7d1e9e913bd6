"""What keeps a list fast: short plans, narrow rows, and no work for filters that nobody asked for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import rail
from tests.make import NOON, a_ticket
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.queue.facets import facets

pytestmark = pytest.mark.django_db


def test_the_planner_takes_chains_of_joins_as_they_are_written():
    with connection.cursor() as cursor:
        cursor.execute("SHOW join_collapse_limit")
        assert cursor.fetchone() == ("4",)


def test_only_the_filters_of_the_address_are_built(zhou):
    plain = TicketFilter(QueryDict(""), Ticket.objects.all(), at=NOON, user=zhou)
    asked = TicketFilter(QueryDict("nature=inquiry&q=x&colour=red"), Ticket.objects.all(), at=NOON, user=zhou)
    assert list(plain.form.fields) == []
    assert sorted(asked.form.fields) == ["nature", "q"]


@pytest.mark.parametrize("page", ["tickets:queue", "tickets:desk"])
def test_a_list_leaves_the_long_texts_in_the_database(page, client, zhou, after_sales):
    a_ticket(department=after_sales, needs_review=True)
    client.force_login(zhou)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(page)).status_code == 200
    read = [query["sql"] for query in seen if '"tickets_ticket"."subject"' in query["sql"]]
    assert read
    assert not [sql for sql in read if '"tickets_ticket"."content"' in sql or '"tickets_ticket"."verdict"' in sql]


@pytest.mark.parametrize("address", ["/tickets/?view=all&q=漏水", "/api/v1/tickets/?q=漏水"])
def test_a_search_finds_its_rows_before_anything_is_joined_to_them(address, client, zhou):
    ticket = a_ticket()
    client.force_login(zhou)
    with CaptureQueriesContext(connection) as seen:
        assert ticket.number in client.get(address).content.decode()
    searches = [query["sql"] for query in seen if "tsv @@" in query["sql"] and "ORDER BY" in query["sql"]]
    assert len(searches) == 1
    assert "JOIN" not in searches[0]


def test_a_page_keeps_the_order_of_its_list(client, zhou):
    made = [a_ticket().number for _ticket in range(4)]
    client.force_login(zhou)
    newest = client.get("/api/v1/tickets/?ordering=-number&page_size=3").json()
    assert [row["number"] for row in newest["results"]] == made[:0:-1]
    back = client.get(client.get(newest["next"]).json()["previous"]).json()
    assert [row["number"] for row in back["results"]] == made[:0:-1]


@pytest.mark.parametrize("page", ["tickets:queue", "tickets:desk"])
def test_the_rail_shows_what_the_page_has_counted_without_counting_again(page, client, zhou, after_sales):
    late = a_ticket(department=after_sales, needs_review=True)
    Ticket.objects.filter(pk=late.pk).update(next_due_at=NOON)  # long ago
    client.force_login(zhou)
    with CaptureQueriesContext(connection) as seen:
        shown = client.get(reverse(page))
    assert len([query for query in seen if 'AS "view"' in query["sql"]]) == 1
    counts = {place.url_name: place.count for place in rail.entries(shown.wsgi_request)}
    assert (counts["tickets:queue"], counts["feedback:review"]) == (1, 1)
    elsewhere = client.get(reverse("tickets:archive"))
    assert {place.url_name: place.count for place in rail.entries(elsewhere.wsgi_request)} == counts


def test_the_time_facet_counts_the_marks_that_the_rows_show(db):
    marks = {"late": (-1, -2), "soon": (1, -1), "ok": (2, 1), "hold": (None, None), "": (None, None)}
    for mark, (due, soon) in marks.items():
        given = {"next_due_at": due and NOON + timedelta(hours=due), "soon_at": soon and NOON + timedelta(hours=soon)}
        status = {"hold": "waiting", "": "resolved"}.get(mark, "in_progress")
        Ticket.objects.filter(pk=a_ticket().pk).update(status=status, **given)
    Ticket.objects.filter(pk=a_ticket().pk).update(status="new", next_due_at=NOON, soon_at=NOON)  # due just now
    (times,) = [facet for facet in facets(Ticket.objects.all(), {}, [], NOON).facets if facet.name == "time"]
    assert {choice.value: choice.count for choice in times.choices} == {"late": 2, "soon": 1, "ok": 1, "hold": 1}


def test_a_row_of_the_queue_carries_nothing_twice_and_nothing_empty(client, zhou, chen, after_sales):
    a_ticket(department=after_sales, owner=chen)
    client.force_login(zhou)
    page = client.get(reverse("tickets:queue")).content.decode()
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "nowrap" not in row and '""' not in row
    assert len(row.encode()) < 1000
    icons = page.split("<svg")[1:]
    assert icons and not [icon for icon in icons if ">\n" in icon.partition("</svg>")[0]]
