"""Whose corrections the classifier learns from is shown, and one colleague's can be left out (C3.1)."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from feedback.learning import services_review, services_teachers, services_training
from feedback.models import LeftOut, ModelVersion
from tests.feedback.test_retraining import VERDICT, lines, nature_of, reviewed
from tests.make import NOON, a_ticket

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def poisoned(by, count=40):
    """The same words as `lines`, each with the other nature."""
    other = {"inquiry": "complaint", "complaint": "inquiry"}
    wrong = [type(one)(one.subject, one.text, other[one.label]) for one in lines(count, start=500)]
    reviewed(by, wrong)


def agreeing(by, count):
    for number in range(count):
        ticket = a_ticket(
            content=f"空调第{number}次漏水，没人来修", needs_review=True, verdict=VERDICT, nature="complaint"
        )
        services_review.confirm(ticket, by=by, at=NOON)


def of(user):
    return next(one for one in services_teachers.teachers() if one.user == user)


def test_who_corrects_otherwise_than_the_others_is_told(zhou, lin):
    agreeing(zhou, 25)
    reviewed(lin, lines(25))  # half of what was proposed
    mine, others = of(lin), of(zhou)
    assert (mine.looked, mine.corrected, mine.others_looked, mine.others_corrected) == (50, 25, 25, 0)
    assert mine.commonest == ("nature", "complaint", "inquiry", 25)
    assert mine.differs and others.differs, "each differs from the other"
    assert [one.user for one in services_teachers.teachers()] == [lin, zhou]


def test_few_cases_tell_nothing(zhou, lin):
    agreeing(zhou, 5)
    reviewed(lin, lines(3))
    assert not of(lin).differs


def test_the_last_look_counts_and_a_correction_that_did_not_stay_is_told(zhou, lin):
    ticket = a_ticket(needs_review=True, verdict=VERDICT, nature="complaint")
    services_review.correct(ticket, by=lin, at=NOON, nature="suggestion")
    services_review.correct(ticket, by=zhou, at=LATER, nature="inquiry")
    assert (of(lin).looked, of(lin).overruled) == (0, 1)
    assert (of(zhou).looked, of(zhou).corrected, of(zhou).overruled) == (1, 1, 0)


def test_nothing_is_learnt_from_who_is_left_out(zhou, lin):
    reviewed(zhou, lines(25))
    poisoned(lin)
    services_training.retrain(at=LATER)
    taught = ModelVersion.objects.get()
    gone = services_teachers.leave_out(lin, by=zhou, at=LATER)
    taught.refresh_from_db()
    assert gone == (["nature_zh_body"] if taught.decided_by == zhou else []) and not taught.in_use
    services_training.retrain(at=LATER + timedelta(hours=1))
    fitted = ModelVersion.objects.get(in_use=True)
    assert fitted.examples == 50 and fitted.after > fitted.before
    assert nature_of("滤芯给我寄一个") == nature_of("滤芯再来一个") == "inquiry"
    assert nature_of("滤芯开裂气人") == "complaint"


def test_a_version_that_learnt_from_who_is_left_out_is_used_no_more_and_one_from_before_is(zhou, lin):
    reviewed(zhou, lines(25))
    services_training.retrain(at=LATER)
    reviewed(lin, lines(3, start=700), at=LATER + timedelta(hours=1))
    assert services_teachers.leave_out(lin, by=zhou, at=LATER + timedelta(hours=2)) == []
    assert ModelVersion.objects.get().in_use
    assert services_teachers.leave_out(zhou, by=zhou, at=LATER + timedelta(hours=3)) == ["nature_zh_body"]
    row = ModelVersion.objects.get()
    assert not row.in_use and row.decided_by == zhou


def test_the_office_leaves_out_and_takes_in_again_on_record(client, zhou, lin):
    reviewed(lin, lines(25))
    client.force_login(zhou)
    page = client.get(reverse("feedback:classifier")).content.decode()
    assert 'id="teachers"' in page and lin.get_full_name() in page and "投诉 → 咨询" in page
    address = reverse("feedback:classifier-teacher")
    assert client.post(address, {"leave_out": lin.pk}).status_code == 302
    assert LeftOut.objects.get().user == lin and services_training.examples(LATER)["nature_zh_body"] == []
    assert "不参与学习" in client.get(reverse("feedback:classifier")).content.decode()
    client.post(address, {"leave_out": lin.pk})
    client.post(address, {"take_in": lin.pk})
    assert not LeftOut.objects.exists() and len(services_training.examples(LATER)["nature_zh_body"]) == 50
    assert LogEntry.objects.filter(user=zhou, change_message=lin.username).count() == 2
    for odd in ({}, {"leave_out": "9" * 30}, {"take_in": "x"}, {"leave_out": "0"}):
        assert client.post(address, odd).status_code == 404


@pytest.mark.parametrize("who", ["lin", "chen", "he", "xu", "tang"])
def test_nobody_else_decides_whom_it_learns_from(client, request, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert client.post(reverse("feedback:classifier-teacher"), {"leave_out": user.pk}).status_code == 403


def test_whom_it_learns_from_takes_four_queries(zhou, lin, django_assert_num_queries):
    reviewed(lin, lines(3))
    with django_assert_num_queries(4):
        services_teachers.teachers()
