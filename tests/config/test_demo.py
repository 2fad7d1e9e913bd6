"""The demo company: there once, lifelike, and the same however often it is set up."""

import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from accounts.models import Department, User
from config.demo import company, stories
from supervision.models import Finding, Meeting
from tests import demo_company
from tickets import wording
from tickets.models import Category, Message, Problem, RoutingRule, SpecialGroup, Ticket, TicketEvent

pytestmark = pytest.mark.django_db


def test_outside_a_demo_it_is_refused_because_its_passwords_are_known(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("setup_demo")
    assert not User.objects.exists()


def test_setup_alone_creates_no_people_and_can_be_repeated():
    call_command("setup", verbosity=0)
    call_command("setup", verbosity=0)
    assert not User.objects.exists()
    assert Department.objects.filter(is_office=True).count() == 1
    assert Category.objects.count() == 7


def test_many_tickets_come_to_an_empty_house_and_once_only(settings):
    settings.DEMO = True
    for _ in range(2):
        call_command("demo_data", tickets=30, verbosity=0)
    assert Ticket.objects.filter(source="demo-data").count() == 30


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """One for the tests below, each of which undoes what it does itself."""
    with django_db_blocker.unblock(), demo_company.a_copy(), override_settings(DEMO=True):
        yield


def counts():
    return [model.objects.count() for model in (User, Department, Category, Ticket, TicketEvent)]


def test_a_second_run_adds_nothing(demo):
    before = counts()
    call_command("setup_demo", verbosity=0)
    assert counts() == before


def test_the_rooms_of_office_and_auditors_are_lived_in(demo):
    assert RoutingRule.objects.filter(is_active=True).count() == 2
    assert SpecialGroup.objects.filter(formed_at__isnull=False).exists()
    assert Problem.objects.filter(state="open", tickets__isnull=False).exists()
    assert Finding.objects.filter(sampled__reviewed_at__isnull=False, state="open").count() == 1
    assert Meeting.objects.get().actions.count() == 1


def test_every_event_of_the_month_is_told_in_words(demo):
    names = wording.Names()
    for event in TicketEvent.objects.select_related("actor"):
        assert wording.sentence(event, names)


def test_what_was_answered_is_about_what_was_said(demo):
    said = [(".*".join(map(re.escape, re.split(r"{\w+}", one.subject))), one.answer) for one in stories.STORIES]
    answers = Message.objects.filter(text__in=[answer for _subject, answer in said], ticket__source="热线旧系统")
    assert answers.count() > 50
    for text, subject in answers.values_list("text", "ticket__subject"):
        assert any(text == answer and re.fullmatch(pattern, subject) for pattern, answer in said), (subject, text)


def test_the_month_shows_every_side_of_the_work(demo):
    now = timezone.now()
    tickets = Ticket.objects.all()
    assert tickets.count() >= 160
    for field, least in {"status": 6, "nature": 3, "tier": 3, "channel": 12, "rating": 3, "category": 7}.items():
        assert len(set(tickets.order_by().values_list(field, flat=True))) >= least, field
    assert tickets.filter(round=2).count() >= 3
    assert tickets.open().count() >= 20
    assert not TicketEvent.objects.filter(at__gt=now).exists()
    assert {"return_to_dispatch", "remind", "escalate", "note"} <= set(
        TicketEvent.objects.values_list("kind", flat=True)
    )


def test_everybody_told_on_the_login_page_can_sign_in_and_works_where_it_says(demo):
    homes = {"lin": "customer_service", "chen": "after_sales", "gao": "after_sales", "zhou": "office"}
    for username in ("lin", "chen", "gao", "zhou", "he", "xu", "tang", "admin"):
        person = authenticate(username=username, password=company.PASSWORD)
        assert person is not None
        assert homes.get(username, person.department.code) == person.department.code


def test_every_department_has_a_head_and_two_more_people(demo):
    for department in Department.objects.all():
        assert department.head is not None
        assert department.people.exclude(pk=department.head_id).count() >= 2, department.code
