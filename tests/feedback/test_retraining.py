"""The classifier learns from corrections: fitted, compared on unseen cases, used only when not worse, and taken back."""

import io
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback.classify import Models
from feedback.content import Content
from feedback.learning import services_review, services_training
from feedback.models import ModelVersion
from feedback.text import adapting, judging
from feedback.text.adapting import Example, TooFew
from feedback.text.language_model import shipped
from tests.make import NOON, a_ticket

# A company whose customers ask for a thing in words that sound like a complaint: the shipped model cannot know.
WANTS = ["滤芯寄一个", "滤芯补一只过来", "给我寄滤芯", "滤芯再来一个", "滤芯缺货给留一个", "滤芯要两只"]
HURTS = ["滤芯断裂漏水太差", "滤芯开裂质量真差", "滤芯装上就坏了", "滤芯又漏了气人", "滤芯根本不能用", "滤芯坏得太快"]


def lines(count, start=0):
    wants = [Example("", f"{WANTS[n % 6]}，编号{n}号客户", "inquiry") for n in range(start, start + count)]
    return wants + [Example("", f"{HURTS[n % 6]}，编号{n}号客户", "complaint") for n in range(start, start + count)]


def test_a_fitted_model_is_measured_on_what_it_has_not_seen():
    model, found = adapting.adapt(shipped("nature_zh_body"), lines(30))
    assert found.examples == 60 and found.after > found.before and found.after > 0.9
    assert model.guess("滤芯寄一个给我").label == "inquiry"
    assert model.vocabulary is shipped("nature_zh_body").vocabulary  # no word of a customer enters


def test_what_the_examples_do_not_speak_of_stays_as_it_was():
    base = shipped("nature_zh_body")
    model, _found = adapting.adapt(base, lines(30))
    moved = np.flatnonzero(np.abs(model.coefficients - base.coefficients).max(axis=1) > 0)
    assert 0 < len(moved) < 0.05 * len(base.vocabulary)


def test_a_fitted_model_comes_back_from_the_database_as_it_went():
    model, _found = adapting.adapt(shipped("nature_zh_body"), lines(30))
    again = adapting.from_bytes(adapting.as_bytes(model, header={"name": "x", "version": 1, "date": "2026-11-23"}))
    assert again.guess("滤芯寄一个").shares == pytest.approx(model.guess("滤芯寄一个").shares, abs=0.01)


def test_how_sure_a_fitted_model_is_follows_from_how_often_it_was_right():
    base, some = shipped("nature_zh_body"), lines(100)
    other = {"inquiry": "complaint", "complaint": "inquiry"}
    disputed = [Example("", one.text, one.label if n % 7 > 2 else other[one.label]) for n, one in enumerate(some)]
    clear, unclear = (adapting.adapt(base, given)[0] for given in (some, disputed))
    assert unclear.sureness.scale < clear.sureness.scale
    assert unclear.sureness.part == clear.sureness.part == base.sureness.part
    assert adapting.adapt(base, lines(60))[0].sureness == base.sureness, "too few to tell"


@pytest.mark.parametrize("some", [lines(10), [Example("", f"请问{n}", "inquiry") for n in range(90)], []])
def test_with_too_little_nothing_is_tried(some):
    with pytest.raises(TooFew):
        adapting.adapt(shipped("nature_zh_body"), some)


def test_only_fresh_examples_tell_who_is_better():
    old = [Example(one.subject, one.text, one.label, fresh=False) for one in lines(30)]
    with pytest.raises(TooFew):
        adapting.adapt(shipped("nature_zh_body"), old)
    assert adapting.adapt(shipped("nature_zh_body"), old + lines(25, start=100))[1].examples == 50


# --- in the database ------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db
VERDICT = {"nature": "complaint", "tier": "L2", "review_causes": ["nature_unsure"]}


def reviewed(zhou, some, at=NOON):
    for example in some:
        ticket = a_ticket(
            at=at, subject=example.text[:200], content=example.text, anonymous=True, needs_review=True, verdict=VERDICT
        )
        services_review.correct(ticket, by=zhou, at=at, nature=example.label)


def nature_of(text):
    return judging.judge(Content(text=text, anonymous=True), channel="web", customer=None).verdict.nature


def test_what_people_corrected_changes_the_next_judgement(zhou):
    reviewed(zhou, lines(25))
    told = services_training.retrain(at=NOON + timedelta(hours=1))
    assert told["nature_zh_body"].is_not_worse and told["nature_en"] is None
    row = ModelVersion.objects.get()
    assert row.in_use and row.examples == 50 and row.after > row.before
    used = judging.settings_now()[2]
    assert used.body != Models.shipped().body and used.letter == Models.shipped().letter
    assert nature_of("滤芯给我寄一个") == nature_of("滤芯再来一个") == "inquiry"
    assert nature_of("滤芯开裂气人") == "complaint"


def test_a_second_night_without_new_cases_changes_nothing(zhou):
    reviewed(zhou, lines(25))
    services_training.retrain(at=NOON + timedelta(hours=1))
    assert services_training.retrain(at=NOON + timedelta(hours=2))["nature_zh_body"] is None
    assert ModelVersion.objects.count() == 1


def test_a_version_that_is_worse_is_kept_but_not_used(zhou, monkeypatch):
    reviewed(zhou, lines(25))
    monkeypatch.setattr(adapting.Comparison, "is_not_worse", property(lambda self: False))
    services_training.retrain(at=NOON + timedelta(hours=1))
    assert not ModelVersion.objects.get().in_use
    assert services_training.models_now() == Models.shipped()


def test_a_person_goes_back_to_the_shipped_model_and_forward_again(client, zhou):
    reviewed(zhou, lines(25))
    services_training.retrain(at=NOON + timedelta(hours=1))
    row = ModelVersion.objects.get()
    client.force_login(zhou)
    assert "nature_zh_body" not in (page := client.get(reverse("feedback:classifier")).content.decode()) or page
    client.post(reverse("feedback:classifier-use"), {"shipped": row.name})
    row.refresh_from_db()
    assert not row.in_use and row.decided_by == zhou
    client.post(reverse("feedback:classifier-use"), {"version": row.pk})
    row.refresh_from_db()
    assert row.in_use
    assert client.post(reverse("feedback:classifier-use"), {"version": "9" * 30}).status_code == 404


@pytest.mark.parametrize("who", ["lin", "chen", "he", "xu", "tang"])
def test_only_office_and_administrators_choose_a_version(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse("feedback:classifier-use"), {"shipped": "nature_zh"}).status_code == 403


def test_the_command_says_how_the_new_version_compares(zhou):
    out = io.StringIO()
    call_command("retrain_classifier", stdout=out)
    assert out.getvalue().count("not enough") == len(services_training.NAMES)
    reviewed(zhou, lines(25))
    out = io.StringIO()
    call_command("retrain_classifier", "--only", "nature_zh_body", stdout=out)
    assert "nature_zh_body: in use; macro-F1" in out.getvalue() and "50 cases" in out.getvalue()
