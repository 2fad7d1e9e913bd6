import re

import pytest
from django.urls import reverse
from django.utils import timezone

from sla import services_policies
from sla.models import Clock, ClockEvent, SlaPolicy, SlaTarget
from sla.services_setup import create_defaults
from tests.make import a_ticket, moment

pytestmark = pytest.mark.django_db
MONDAY = moment("2026-11-23 10:00")


@pytest.fixture(autouse=True)
def policies(db):
    create_defaults()


def form_of(policy, **changes):
    """What the editor would send, with some fields of the first response changed."""
    data = {"targets-TOTAL_FORMS": policy.targets.count(), "targets-INITIAL_FORMS": policy.targets.count()}
    data |= {
        "code": policy.code,
        "name": policy.name,
        "position": policy.position,
        "tier": policy.match.get("tier", []),
    }
    for number, target in enumerate(policy.targets.order_by("pk")):
        fields = {
            "id": target.pk, "policy": policy.pk, "metric": target.metric, "amount": target.amount,
            "unit": target.unit, "calendar": target.calendar_id, "steps": "80% owner\ndue owner head level=1 account",
        }  # fmt: skip
        if target.pauses_on:
            fields["waits"] = "on"
        if target.metric == "first_response":
            fields |= changes
        data |= {f"targets-{number}-{name}": value for name, value in fields.items()}
    return data


def first_of(ticket):
    return Clock.objects.get(ticket=ticket, metric="first_response")


def test_saving_leaves_open_tickets_alone_until_applied(client, zhou):
    ticket, policy = a_ticket(MONDAY), SlaPolicy.objects.get(code="l2")
    client.force_login(zhou)
    assert client.post(reverse("sla:policy", args=["l2"]), form_of(policy, amount=9000)).status_code == 302
    assert SlaTarget.objects.get(policy=policy, metric="first_response").ladder[1]["account"] is True
    assert first_of(ticket).due_at == moment("2026-11-23 12:00")
    services_policies.apply_to_open(at=MONDAY, by=zhou)
    assert first_of(ticket).due_at > moment("2027-11-23 12:00")
    event = ClockEvent.objects.get(clock=first_of(ticket), kind="retarget")
    assert (event.reason, event.by) == ("policy", zhou)


def test_the_preview_says_what_would_move_and_saves_nothing(client, zhou):
    ticket, policy = a_ticket(timezone.now()), SlaPolicy.objects.get(code="l2")
    due = first_of(ticket).due_at
    client.force_login(zhou)
    before = list(ClockEvent.objects.values_list("pk", flat=True))
    answer = client.post(reverse("sla:policy", args=["l2"]), form_of(policy, amount=1) | {"preview": "1"})
    assert answer.context["effect"].tickets == 1
    assert answer.context["effect"].moved >= 1
    assert SlaTarget.objects.get(policy=policy, metric="first_response").amount == 2
    assert list(ClockEvent.objects.values_list("pk", flat=True)) == before
    assert first_of(ticket).due_at == due


def test_the_page_of_a_policy_opens_only_the_limits_that_were_changed(client, zhou):
    def opened(page):
        return re.findall(r'id="target-\d+" open', page.content.decode())

    policy = SlaPolicy.objects.get(code="l2")
    address = reverse("sla:policy", args=["l2"])
    client.force_login(zhou)
    assert opened(client.get(address)) == []
    shown = client.post(address, form_of(policy, amount=1) | {"preview": "1"})
    number = next(n for n, form in enumerate(shown.context["formset"], 1) if form.instance.metric == "first_response")
    assert f'id="target-{number}" open' in opened(shown)


def test_applying_a_shorter_limit_that_is_over_misses_it_at_once(zhou):
    ticket = a_ticket(MONDAY)
    SlaTarget.objects.filter(metric="first_response").update(amount=1)
    effect = services_policies.apply_to_open(at=moment("2026-11-23 11:30"), by=zhou)
    assert effect.overdue == 1
    assert first_of(ticket).breached_at == moment("2026-11-23 11:00")
    assert ticket.events.filter(kind="breach", data__metric="first_response").count() == 1


def test_a_ladder_that_is_not_understood_is_refused(client, zhou):
    policy = SlaPolicy.objects.get(code="l2")
    client.force_login(zhou)
    for changes in ({"steps": "tomorrow owner"}, {"steps": "due boss"}, {"unit": "wd", "amount": 0}):
        answer = client.post(reverse("sla:policy", args=["l2"]), form_of(policy, **changes))
        assert answer.status_code == 422, changes


def test_the_simulator_draws_every_due_time_and_writes_nothing(client, zhou):
    client.force_login(zhou)
    case = {"nature": "complaint", "tier": "L2", "channel": "web", "at": "2026-09-30T16:30"}
    page = client.get(reverse("sla:simulate"), case)
    due = {row["label"]: row["due"] for row in page.context["rows"]}
    assert moment("2026-10-08 09:30") in due.values()
    assert not Clock.objects.exists()
    assert client.get(reverse("sla:simulate"), case | {"tier": "L9"}).status_code == 422


def test_the_list_says_in_words_which_cases_a_policy_is_for(client, zhou):
    create_defaults()
    client.force_login(zhou)
    page = client.get(reverse("sla:policies")).content.decode()
    assert "级别：L1 重大" in page
    assert "tier:" not in page


def as_a_browser_sends(*forms):
    """Every field as the page shows it, with the ends of lines that browsers send."""
    data = {}
    for bound in (bound for form in forms for bound in form):
        value = bound.value()
        if value not in (None, False, ""):
            data[bound.html_name] = "on" if value is True else value
            if isinstance(value, str):
                data[bound.html_name] = value.replace("\n", "\r\n")
    return data


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_saved_as_it_is_shown_with_one_limit_changed(client, zhou, language):
    """The empty step at its end counted as begun, because its ladder came back with other ends of lines."""
    client.force_login(zhou)
    shown = client.get(reverse("sla:policy", args=["l2"]), headers={"accept-language": language}).context
    formset, before = shown["formset"], SlaTarget.objects.filter(policy__code="l2").count()
    data = as_a_browser_sends(shown["form"], formset.management_form, *formset)
    changed = next(form for form in formset if form.instance.metric == "first_response")
    data[f"{changed.prefix}-amount"] = 3
    answer = client.post(reverse("sla:policy", args=["l2"]), data, headers={"accept-language": language})
    assert answer.status_code == 302, [form.errors for form in answer.context["formset"]]
    targets = SlaTarget.objects.filter(policy__code="l2")
    assert (targets.get(metric="first_response").amount, targets.count()) == (3, before)


def test_a_step_with_only_a_ladder_is_not_passed_over(client, zhou):
    policy = SlaPolicy.objects.get(code="l2")
    extra = f"targets-{policy.targets.count()}"
    data = form_of(policy) | {"targets-TOTAL_FORMS": policy.targets.count() + 1, f"{extra}-steps": "80% owner"}
    client.force_login(zhou)
    answer = client.post(reverse("sla:policy", args=["l2"]), data)
    assert answer.status_code != 302
    assert "metric" in answer.context["formset"].forms[-1].errors
