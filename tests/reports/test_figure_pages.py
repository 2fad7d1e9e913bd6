import json
import re

import pytest
from django.urls import reverse

from reports import views
from reports.forms import BY
from tests.make import a_ticket, moment
from tests.reports.history import a_random_history
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def always_fresh(monkeypatch):
    monkeypatch.setattr(views, "FRESH_SECONDS", 0)


OCTOBER = {"kind": "month", "day": "2026-10-15"}


@pytest.mark.parametrize(
    "who, status",
    [
        ("lin", 403),
        ("chen", 403),
        ("nobody", 403),
        ("gao", 200),
        ("he", 200),
        ("tang", 200),
        ("xu", 200),
        ("zhou", 200),
    ],
)
def test_who_sees_figures(client, request, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("reports:overview")).status_code == status
    assert client.get("/api/v1/kpis/?from=2026-10-01&to=2026-11-01").status_code == status


def test_a_head_counts_only_the_own_department(client, gao, he, after_sales, logistics):
    for department in (after_sales, logistics, logistics):
        a_ticket(moment("2026-10-02 10:00"), department=department)
    for user, volume in ((gao, 1), (he, 3)):
        client.force_login(user)
        told = client.get("/api/v1/kpis/?from=2026-10-01&to=2026-11-01").json()
        assert told["figures"]["volume"] == volume


def test_every_link_of_the_page_leads_to_a_list(client, zhou):
    a_random_history(31, count=60)
    for ticket in Ticket.objects.all():
        Ticket.objects.filter(pk=ticket.pk).update(number=f"QT-{ticket.pk}")
    client.force_login(zhou)
    page = client.get(reverse("reports:overview"), OCTOBER).content.decode()
    links = sorted(set(re.findall(r'href="([^"]*figure=[^"]*)"', page)))
    assert len(links) > 20
    for link in links[::4]:
        assert client.get(link.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("by", BY)
def test_the_page_shows_each_split_that_it_offers_with_names_that_lead_to_tickets(client, zhou, by):
    """Owners, first contacts and tiers were offered, and answered with an error."""
    a_random_history(34, count=30)
    client.force_login(zhou)
    page = client.get(reverse("reports:overview"), OCTOBER | {"by": by})
    assert page.status_code == 200
    groups = page.context["figures"].groups
    assert groups
    codes = set(Ticket.objects.exclude(owner=None).values_list("owner__username", flat=True))
    assert not {row["name"] for row in groups} & (codes | {"L1", "L2"})
    link = next(cell["url"] for row in groups for cell in row["cells"] if cell.get("url"))
    assert client.get(link).status_code == 200


def test_the_page_asks_no_more_for_many_tickets_than_for_few(client, zhou, django_assert_num_queries):
    client.force_login(zhou)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        client.get(reverse("reports:overview"), OCTOBER)  # counts the days that changed
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse("reports:overview"), OCTOBER).status_code == 200
        return len(asked)

    a_random_history(32, count=3)
    few = queries()
    for ticket in list(Ticket.objects.all()):
        ticket.pk, ticket.external_id = None, ""
        ticket.save(force_insert=True)
    assert queries() == few


def test_the_api_says_what_the_command_says(client, zhou):
    from io import StringIO

    from django.core.management import call_command

    a_random_history(33, count=40)
    out = StringIO()
    call_command("kpi", "--from", "2026-10-01", "--to", "2026-11-01", "--by", "channel", "--json", stdout=out)
    client.force_login(zhou)
    assert client.get("/api/v1/kpis/?from=2026-10-01&to=2026-11-01&by=channel").json() == json.loads(out.getvalue())


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=x&to=y",
        "from=2026-10-02&to=2026-10-01",
        "from=2026-10-01&to=2026-11-01&by=shoe",
        "from=2026-10-01&to=2026-11-01&interval=hour",
    ],
)
def test_a_question_that_cannot_be_read_gets_400(client, zhou, query):
    client.force_login(zhou)
    assert client.get(f"/api/v1/kpis/?{query}").status_code == 400


def test_a_split_that_there_is_not_is_told_in_the_readers_language_with_those_that_there_are(client, he):
    client.force_login(he)
    for name, known in {"by": "channel, nature", "interval": "day, week"}.items():
        said = client.get(f"/api/v1/kpis/?from=2026-10-01&to=2026-11-01&{name}=nix").json()["errors"][name]
        assert said[0].startswith(f"没有“nix”，可用的有：{known}")
