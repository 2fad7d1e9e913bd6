"""Policies for a department, a class of customers, a region; the page on which they are made."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Region
from sla import rulebook, services_policies
from sla.models import Clock, SlaPolicy, SlaTarget
from sla.services_setup import create_defaults
from tests.make import a_ticket, moment
from tests.sla.test_policy_pages import form_of
from tickets import services as tickets
from tickets.models import Customer, Ticket

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


def a_policy(code, **match):
    """A policy before all others, with one limit for the result."""
    calendar = SlaTarget.objects.filter(policy__code="l2", metric="resolution").get().calendar
    policy = SlaPolicy.objects.create(code=code, name=code, position=1, match=match)
    SlaTarget.objects.create(policy=policy, metric="resolution", amount=10, unit="h", calendar=calendar)
    return policy


def result(ticket):
    return ticket.clocks.get(metric="resolution", state="running")


def test_a_class_of_customers_has_limits_of_its_own():
    a_policy("gold", customer_class=["gold", "platinum"])
    gold = Customer.objects.create(name="金先生", customer_class="gold", created_at=MONDAY)
    assert result(a_ticket(MONDAY, customer=gold)).due_at == moment("2026-11-23 20:00")
    assert result(a_ticket(MONDAY)).due_at == moment("2026-11-25 10:00")


def test_a_case_gets_the_limits_of_the_department_it_is_given_to(after_sales, logistics, zhou):
    a_policy("fast", department=[logistics.code])
    ticket = a_ticket(MONDAY)
    ticket = tickets.assign(ticket, department=logistics, by=zhou, at=moment("2026-11-23 11:00"))
    assert result(ticket).due_at == moment("2026-11-23 20:00")
    assert result(ticket).events.get(kind="retarget").reason == "reassigned"
    ticket = tickets.assign(ticket, department=after_sales, by=zhou, at=moment("2026-11-23 12:00"))
    assert result(ticket).due_at == moment("2026-11-25 10:00")


@pytest.mark.parametrize(
    ("rule", "inside", "outside"),
    [("500000", "500103", "510104"), ("371000", "371002", "371102"), ("440310", "440310", "440311")],
)
def test_a_region_holds_what_lies_within_it_and_nothing_beside_it(rule, inside, outside):
    assert rulebook.matches({"region": [rule]}, Ticket(region_id=inside))
    assert not rulebook.matches({"region": [rule]}, Ticket(region_id=outside))


def test_a_new_level_leaves_what_was_promised_and_what_was_set_for_a_part(after_sales, logistics, zhou, chen):
    ticket = a_ticket(MONDAY, department=after_sales, nature="inquiry")
    ticket = tickets.accept(ticket, by=chen, at=MONDAY)
    limit, answer = moment("2026-11-23 17:00"), moment("2026-11-24 09:00")
    tickets.promise(ticket, answer_by=answer, message="明早回复您。", by=chen, at=MONDAY)
    tickets.co_assign(ticket, department=logistics, task="查物流", limit=limit, by=chen, at=MONDAY)
    ticket.refresh_from_db()
    tickets.classify(ticket, by=zhou, at=moment("2026-11-23 11:00"), tier="L2")
    kept = dict(Clock.objects.filter(metric__in=["promise", "co_task"]).values_list("metric", "due_at"))
    assert kept == {"promise": answer, "co_task": limit}
    assert set(Clock.objects.filter(metric__in=kept).values_list("state", flat=True)) == {"running"}
    services_policies.apply_to_open(at=moment("2026-11-23 12:00"), by=zhou)
    assert dict(Clock.objects.filter(metric__in=kept).values_list("metric", "due_at")) == kept


def test_applying_begins_limits_that_are_new_and_ends_those_that_are_gone(zhou):
    ticket, at = a_ticket(MONDAY), moment("2026-11-23 10:30")
    policy = SlaPolicy.objects.get(code="l2")
    plan = policy.targets.get(metric="progress_update")
    SlaTarget.objects.filter(pk=plan.pk).update(metric="plan")
    preview = services_policies.preview(lambda: None, at=at)
    effect = services_policies.apply_to_open(at=at, by=zhou)
    assert (effect.begun, effect.ended, effect.moved) == (1, 1, 0)
    assert preview == effect
    assert ticket.clocks.get(metric="plan").started_at == at
    assert ticket.clocks.get(metric="progress_update").state == "void"
    assert services_policies.apply_to_open(at=at, by=zhou).begun == 0


def test_a_policy_deleted_under_open_clocks_leaves_them_until_it_is_applied(client, zhou):
    policy = a_policy("gold", nature=["complaint"])
    ticket = a_ticket(MONDAY)
    client.force_login(zhou)
    assert client.post(reverse("sla:policy-delete", args=["gold"])).status_code == 302
    assert not SlaPolicy.objects.filter(pk=policy.pk).exists()
    assert result(ticket).due_at == moment("2026-11-23 20:00")
    assert "gold" in client.get(reverse("tickets:ticket", args=[ticket.number])).content.decode()
    services_policies.apply_to_open(at=moment("2026-11-23 11:00"), by=zhou)
    assert result(ticket).due_at == moment("2026-11-25 10:00")


def test_the_default_is_not_deleted(client, zhou):
    client.force_login(zhou)
    client.post(reverse("sla:policy-delete", args=["l3"]))
    assert SlaPolicy.objects.filter(code="l3").exists()


def test_the_editor_changes_which_cases_a_policy_is_for_and_its_preview_counts_that(client, zhou):
    received = timezone.now()  # the page asks the clock: a case of a fixed day would be late one day
    ticket, policy = a_ticket(received), SlaPolicy.objects.get(code="l2")
    client.force_login(zhou)
    form = form_of(policy) | {"tier": ["L2"], "channel": ["phone"]}
    answer = client.post(reverse("sla:policy", args=["l2"]), form | {"preview": "1"})
    assert answer.context["effect"].moved >= 1
    policy.refresh_from_db()
    assert policy.match == {"tier": ["L2"]}
    assert client.post(reverse("sla:policy", args=["l2"]), form).status_code == 302
    policy.refresh_from_db()
    assert policy.match == {"tier": ["L2"], "channel": ["phone"]}
    assert result(ticket).due_at == received + timedelta(hours=48)


def test_a_policy_is_made_with_the_limits_of_another(client, zhou, logistics):
    Region.objects.get_or_create(code="440300", defaults={"name": "深圳市", "level": 2, "full_name": "广东省深圳市"})
    client.force_login(zhou)
    form = {"code": "gold", "name": "金卡用户", "position": 5, "like": "l2", "customer_class": "gold，platinum"}
    form |= {"region": "440300", "department": [logistics.code]}
    assert client.post(reverse("sla:policy-new"), form).status_code == 302
    made = SlaPolicy.objects.get(code="gold")
    expected = {"customer_class": ["gold", "platinum"], "region": ["440300"], "department": [logistics.code]}
    assert made.match == expected
    of = SlaPolicy.objects.get(code="l2").targets
    assert set(made.targets.values_list("metric", "amount")) == set(of.values_list("metric", "amount"))
    page = client.get(reverse("sla:policies")).content.decode()
    assert logistics.name in page


@pytest.mark.parametrize(
    "wrong", [{"code": "new"}, {"customer_class": ""}, {"region": "999999"}, {"is_default": "on"},
              {"active_from": "2026-01-02T00:00", "active_to": "2026-01-01T00:00"}],
)  # fmt: skip
def test_a_policy_that_could_never_hold_is_refused(client, zhou, wrong):
    client.force_login(zhou)
    form = {"code": "gold", "name": "金卡用户", "position": 5, "like": "l2", "customer_class": "gold"} | wrong
    assert client.post(reverse("sla:policy-new"), form).status_code == 422
    assert not SlaPolicy.objects.filter(name="金卡用户").exists()


def test_the_simulator_asks_for_class_and_department(client, zhou, logistics):
    a_policy("gold", customer_class=["gold"], department=[logistics.code])
    client.force_login(zhou)
    case = {"nature": "complaint", "tier": "L2", "channel": "web", "at": "2026-11-23T10:00"}
    page = client.get(reverse("sla:simulate"), case | {"customer_class": "gold", "department": logistics.code})
    assert [row["due"] for row in page.context["rows"]] == [moment("2026-11-23 20:00")]


@pytest.mark.parametrize("called", ["广东省深圳市南山区", "南山区", "440305"])
def test_the_simulator_asks_for_the_region_by_its_name(client, zhou, called):
    a_policy("shenzhen", region=["440300"])
    Region.objects.create(code="440305", level=Region.Level.COUNTY, name="南山区", full_name="广东省深圳市南山区")
    Region.objects.create(code="440300", level=Region.Level.CITY, name="深圳市", full_name="广东省深圳市")
    client.force_login(zhou)
    case = {"nature": "complaint", "tier": "L2", "channel": "web", "at": "2026-11-23T10:00"}
    page = client.get(reverse("sla:simulate"), case | {"region": called})
    assert [row["due"] for row in page.context["rows"]] == [moment("2026-11-23 20:00")]
    assert '<option value="广东省深圳市">' in page.content.decode()
    wrong = client.get(reverse("sla:simulate"), case | {"region": "火星市"})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors["region"] == ["没有这个代码或名称的地区。"]


def test_the_list_says_what_applying_would_change_and_changes_nothing(client, zhou):
    a_ticket(MONDAY)
    SlaTarget.objects.filter(metric="resolution").update(amount=9)
    client.force_login(zhou)
    answer = client.post(reverse("sla:apply"), {"preview": "1"})
    assert answer.context["effect"].tickets == 1
    assert not Clock.objects.filter(events__kind="retarget").exists()
