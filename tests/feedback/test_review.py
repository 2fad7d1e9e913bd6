"""Manual review: what the classifier is unsure of is confirmed or corrected with one key, and counted (C3.2)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from feedback import services
from feedback.content import Content
from feedback.learning import services_review
from feedback.learning.services_review import Agreement
from feedback.models import Correction, KeywordRule
from notices.models import Notice
from tests.make import NOON, a_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
VERDICT = {"nature": "complaint", "tier": "L2", "category": "product", "region": None, "review_causes": ["abuse"]}


def unsure(number=0, *, causes=("abuse",), **fields):
    fields = {"needs_review": True, "anonymous": True, "verdict": VERDICT | {"review_causes": list(causes)}} | fields
    return a_ticket(at=NOON + timedelta(minutes=number), **fields)


def press(client, ticket, action, **more):
    ticket.refresh_from_db()
    data = {"action": action, "version": ticket.version} | more
    return client.post(reverse("feedback:review-decide", args=[ticket.number]), data)


def test_what_waits_is_shown_with_its_cause_major_cases_first(client, lin):
    plain, major = unsure(0, causes=["nature_unsure"]), unsure(1, tier="L1")
    a_ticket(anonymous=True)
    client.force_login(lin)
    page = client.get(reverse("feedback:review")).content.decode()
    assert page.index(major.number) < page.index(plain.number)
    assert "辱骂" in page and "性质不确定" in page and "2 件待复核" in page


def test_a_major_case_is_not_buried_under_more_than_the_page_takes(client, lin, monkeypatch):
    monkeypatch.setattr(services_review, "MOST", 3)
    for number in range(4):
        unsure(number)
    major = unsure(9, tier="L1")
    rows, _counts = services_review.queue(lin)
    assert rows[0].number == major.number and len(rows) == 3


def test_one_press_confirms_and_leads_on_to_the_next(client, lin):
    first, second = unsure(0), unsure(1)
    client.force_login(lin)
    answer = press(client, first, "confirm", after=second.number, cause="abuse")
    assert answer.url == f"{reverse('feedback:review')}?cause=abuse&case={second.number}"
    first.refresh_from_db()
    assert not first.needs_review and first.nature == "complaint"
    assert not Correction.objects.exists()


def test_one_press_corrects_the_nature_and_is_kept_to_learn_from(client, lin):
    ticket = unsure()
    client.force_login(lin)
    press(client, ticket, "nature:inquiry")
    ticket.refresh_from_db()
    assert (ticket.nature, ticket.needs_review) == ("inquiry", False)
    row = Correction.objects.get(field="nature")
    assert (row.proposed, row.corrected, row.by) == ("complaint", "inquiry", lin)


def test_all_three_fields_can_be_corrected_at_once(client, zhou):
    ticket = unsure()
    client.force_login(zhou)
    press(client, ticket, "correct", nature="suggestion", category="", tier="L3")
    ticket.refresh_from_db()
    assert (ticket.nature, ticket.category, ticket.tier) == ("suggestion", None, "L3")


def test_spam_becomes_void(client, zhou):
    ticket = unsure(causes=["spam"])
    client.force_login(zhou)
    press(client, ticket, "spam")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.void_reason) == ("void", "spam")


def test_an_alert_waits_until_somebody_has_looked(zhou):
    ticket = a_ticket(anonymous=True, verdict=VERDICT | {"alerts": ["urgent"], "review_causes": []})
    a_ticket(anonymous=True, verdict=VERDICT | {"alerts": ["complaint"], "review_causes": []})
    assert list(services_review.waiting(zhou)) == [ticket]
    assert services_review.causes_of(ticket) == ["alert"]
    services_review.confirm(ticket, by=zhou, at=NOON)
    assert not services_review.waiting(zhou).exists()


def test_a_look_taken_at_an_older_version_changes_nothing(client, lin):
    ticket = unsure()
    client.force_login(lin)
    assert press(client, ticket, "confirm", version=99).status_code == 302
    ticket.refresh_from_db()
    assert ticket.needs_review


@pytest.mark.parametrize("action", ["", "nature:nothing", "nature:", "correct", "delete"])
def test_an_answer_that_is_not_offered_changes_nothing(client, lin, action):
    ticket = unsure()
    client.force_login(lin)
    press(client, ticket, action)
    ticket.refresh_from_db()
    assert ticket.needs_review and ticket.version == 1


def test_a_case_of_another_department_does_not_exist(client, lin, han, logistics):
    ticket = unsure(department=logistics)
    Ticket.objects.filter(pk=ticket.pk).update(status="in_progress", first_contact=han)
    client.force_login(lin)
    assert press(client, ticket, "confirm").status_code == 404
    assert ticket.number not in client.get(reverse("feedback:review")).content.decode()


@pytest.mark.parametrize("who", ["chen", "gao", "he", "xu", "tang", "nobody"])
def test_only_agents_and_the_office_review(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("feedback:review")).status_code == 403


def test_the_address_it_leads_to_repeats_nothing_that_was_forged(client, lin):
    ticket = unsure()
    client.force_login(lin)
    answer = press(client, ticket, "confirm", cause="//evil.example", after='"><script>')
    assert answer.url == reverse("feedback:review")


def test_agreement_is_counted_by_what_became_of_the_case(zhou):
    kept, changed = unsure(0), unsure(1)
    unsure(2)
    services_review.confirm(kept, by=zhou, at=NOON)
    services_review.correct(changed, by=zhou, at=NOON, nature="inquiry", tier="L2")
    found = {one.field: one for one in services_review.agreement(NOON)}
    assert found["nature"] == Agreement("nature", 2, 1)
    assert found["tier"] == Agreement("tier", 2, 2) and found["tier"].percent == 100
    assert found["region"].percent is None
    assert services_review.agreement(NOON + timedelta(days=91))[0].looked == 0


def test_ten_cases_cost_as_many_queries_as_two(client, zhou, django_assert_max_num_queries):
    for number in range(10):
        unsure(number)
    client.force_login(zhou)
    client.get(reverse("feedback:review"))
    with django_assert_max_num_queries(14):
        client.get(reverse("feedback:review"))


def alarming(number):
    content = Content(text=f"紧急！第{number}台热水器故障，请马上处理", anonymous=True)
    return services.receive(
        channel="web", raw=b"", claimed_at=None, received_at=NOON, customer=None, content=content,
        at=NOON + timedelta(seconds=number),
    )  # fmt: skip


@pytest.fixture
def urgent(db):
    KeywordRule.objects.create(code="urgent", name="紧急", words=["紧急"], effect="alert", value="urgent")


def test_a_flood_of_alerts_ends_in_one_notice_that_the_rest_waits(zhou, urgent):
    for number in range(14):
        alarming(number)
    told = list(Notice.objects.filter(user=zhou, channel="in_app").order_by("pk").values_list("kind", flat=True))
    assert told == ["alert"] * 10 + ["alert_flood"]
    assert services_review.waiting(zhou).count() == 14  # nothing is lost


def test_after_ten_quiet_minutes_alerts_are_told_one_by_one_again(zhou, urgent):
    for number in (*range(11), 700):
        alarming(number)
    assert Notice.objects.filter(user=zhou, kind="alert", channel="in_app").count() == 11


def test_the_notice_about_a_flood_can_be_read(client, zhou, urgent):
    for number in range(11):
        alarming(number)
    client.force_login(zhou)
    assert reverse("feedback:review") in client.get(reverse("notices:list")).content.decode()
