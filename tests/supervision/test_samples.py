"""B5: samples that can be drawn again, sheets, and nobody judges what they had a part in."""

import hashlib
from datetime import date

import pytest
from django.urls import reverse

from supervision import defaults, drawing, services_samples
from supervision.models import Checklist, Sample, SampledCase
from supervision.services_samples import Refused
from tests.make import NOON, a_ticket
from tests.people import user
from tickets import services as tickets

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def checklist(db) -> Checklist:
    defaults.create_defaults()
    return Checklist.objects.get()


@pytest.fixture
def cases(after_sales, chen, xu):
    return [tickets.accept(a_ticket(department=after_sales), by=chen, at=NOON) for _number in range(12)]


def draw(checklist, by, **given) -> Sample:
    asked = {"name": "十一月抽查", "start": DAY, "end": DAY, "size": 5, "seed": "2026-47"} | given
    return services_samples.draw(checklist=checklist, by=by, at=NOON, **asked)


def numbers(sample: Sample) -> list[str]:
    return list(sample.cases.order_by("position").values_list("ticket__number", flat=True))


def test_the_same_seed_over_the_same_cases_draws_the_same_ones(cases, checklist, xu):
    first, again, other = draw(checklist, xu), draw(checklist, xu), draw(checklist, xu, seed="x")
    assert numbers(first) == numbers(again) != numbers(other)
    assert first.population == 12 and first.population_sha256 == again.population_sha256


def test_anybody_can_draw_it_again_by_hand(cases, checklist, xu):
    def key(number: str) -> str:
        return hashlib.sha256(f"2026-47:{number}".encode()).hexdigest()

    assert numbers(draw(checklist, xu)) == sorted((case.number for case in cases), key=key)[:5]


def test_every_case_has_the_same_chance(cases):
    names = [case.number for case in cases]
    hits = dict.fromkeys(names, 0)
    for seed in range(600):
        for number in drawing.drawn(names, str(seed), 3):
            hits[number] += 1
    assert all(110 <= count <= 190 for count in hits.values()), hits  # 150 expected, five sigma is 53


def test_a_seed_that_nobody_gave_is_recorded(cases, checklist, xu):
    sample = draw(checklist, xu, seed="")
    assert len(sample.seed) == 16 and numbers(draw(checklist, xu, seed=sample.seed)) == numbers(sample)


def test_filters_narrow_what_is_drawn_from_and_void_cases_never_are(cases, checklist, zhou, xu, logistics):
    other = a_ticket(department=logistics, nature="inquiry", tier="L3")
    tickets.void(a_ticket(department=logistics, nature="inquiry"), reason="spam", by=zhou, at=NOON)
    assert numbers(draw(checklist, xu, nature="inquiry")) == [other.number]
    assert numbers(draw(checklist, xu, department="logistics", tier="L3")) == [other.number]
    with pytest.raises(Refused):
        draw(checklist, xu, which="dissatisfied")
    with pytest.raises(Refused):
        draw(checklist, xu, start=date(2026, 11, 24), end=date(2026, 11, 30))


def test_a_targeted_sample_names_what_does_not_exist(cases, checklist, xu):
    given = {"name": "投诉信", "checklist": checklist, "by": xu, "at": NOON}
    with pytest.raises(Refused, match="Q1"):
        services_samples.choose(numbers=[cases[0].number, "Q1"], **given)
    assert numbers(services_samples.choose(numbers=[cases[3].number, cases[0].number], **given)) == [
        cases[3].number, cases[0].number,
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["zhou", "gao", "chen", "tang", "he"])
def test_only_auditors_draw(cases, checklist, who, request):
    with pytest.raises(Refused):
        draw(checklist, request.getfixturevalue(who))


def test_a_sample_keeps_the_questions_of_its_day(cases, checklist, xu):
    sample = draw(checklist, xu)
    checklist.questions = ["换了"]
    checklist.save()
    sample.refresh_from_db()
    assert len(sample.asked()) == 10


def test_an_auditor_with_a_part_in_a_case_neither_sees_nor_reviews_it(client, cases, checklist, xu, after_sales):
    mate = user("mate", "同事", ["auditor"], after_sales)
    row = draw(checklist, xu).cases.first()
    assert not SampledCase.objects.visible_to(mate).exists() and SampledCase.objects.visible_to(xu).count() == 5
    with pytest.raises(SampledCase.DoesNotExist):
        services_samples.review(row, answers=["yes"] * 10, notes=[""] * 10, verdict="好", by=mate, at=NOON)
    client.force_login(mate)
    assert client.get(reverse("supervision:sheet", args=[row.pk])).status_code == 404
    assert client.get(reverse("supervision:sample", args=[row.sample_id])).context["hidden"] == 5


def test_a_sheet_is_filled_by_one_auditor_and_answers_every_question(cases, checklist, xu):
    row, wei = draw(checklist, xu).cases.first(), user("wei", "魏公", ["auditor"], None)
    given = {"notes": [""] * 10, "verdict": "及时", "at": NOON}
    for answers in (["yes"] * 9, ["yes"] * 9 + ["maybe"]):
        with pytest.raises(Refused):
            services_samples.review(row, answers=answers, by=xu, **given)
    services_samples.review(row, answers=["yes"] * 10, by=xu, **given)
    with pytest.raises(Refused, match="徐正"):
        services_samples.review(row, answers=["no"] * 10, by=wei, **given)


def test_it_goes_by_page_from_the_draw_to_the_sheet(client, cases, checklist, xu, chen):
    client.force_login(xu)
    typed = {
        "name": "抽查",
        "checklist": checklist.pk,
        "start": "2026-11-23",
        "end": "2026-11-23",
        "size": 3,
        "seed": "7",
    }
    answer = client.post(
        reverse("supervision:samples"), {f"draw-{name}": value for name, value in typed.items()} | {"draw": "1"}
    )
    sample = Sample.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("supervision:sample", args=[sample.pk]))
    row = sample.cases.first()
    address = reverse("supervision:sheet", args=[row.pk])
    assert client.post(address, {"review": "1", "review-verdict": "x"}).status_code == 422
    sheet = {f"review-answer_{number}": "yes" for number in range(10)} | {
        "review-answer_4": "no",
        "review-note_4": "无照片",
    }
    assert client.post(address, sheet | {"review": "1", "review-verdict": "缺证据"}).status_code == 302
    typed = {"finding-text": "补上门照片", "finding-owner": "chen", "finding-days": "3"}
    assert client.post(address, typed | {"finding": "1"}).status_code == 302
    said = client.get(address).content.decode()
    assert "无照片" in said and "补上门照片" in said
    assert (
        client.post(
            address, {"finding": "1", "finding-owner": "nobody", "finding-text": "x", "finding-days": "-1"}
        ).status_code
        == 422
    )


def test_a_checklist_is_edited_by_page(client, checklist, xu):
    client.force_login(xu)
    address = reverse("supervision:checklist", args=[checklist.pk])
    typed = {"name": "新表", "questions": "第一项\n\n第二项 ", "questions_en": "", "is_active": "on"}
    assert client.post(address, typed).status_code == 302
    checklist.refresh_from_db()
    assert checklist.questions == ["第一项", "第二项"] and Checklist.objects.count() == 1
    assert client.post(address, typed | {"questions": "\n".join("x" * 60)}).status_code == 422


@pytest.mark.parametrize("who", ["lin", "chen", "gao", "zhou", "he", "tang"])
def test_nobody_else_opens_these_pages(client, who, request, cases, checklist, xu):
    row = draw(checklist, xu).cases.first()
    client.force_login(request.getfixturevalue(who))
    for name, args in (("samples", []), ("sample", [row.sample_id]), ("sheet", [row.pk]), ("checklists", [])):
        assert client.get(reverse(f"supervision:{name}", args=args)).status_code == 403
        assert client.post(reverse(f"supervision:{name}", args=args), {"draw": "1"}).status_code in {403, 405}
