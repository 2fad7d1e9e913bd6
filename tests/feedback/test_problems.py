"""Common problems: proposed from likeness, decided by the office, told when they grow, studied when hard (A3.1 C5.2)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from feedback.models import Suggestion
from feedback.problems import services as services_problems
from feedback.problems.services import ProblemRefused
from knowledge.models import Problem, Study
from notices import wording
from notices.models import Notice
from tests.make import NOON, a_ticket
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
SMOKE = [
    ("翡翠澜庭小区楼下烧烤店油烟扰民", "每天晚上油烟味飘进家里，没法开窗。"),
    ("翡翠澜庭一楼夜宵摊油烟直排扰民", "餐馆没有排烟管道，油烟味道难闻，烧烤到凌晨。"),
    ("投诉翡翠澜庭小区夜宵摊油烟扰民", "油烟味太大了，烧烤摊开到半夜。"),
    ("翡翠澜庭烧烤油烟太大", "小区楼下烧烤店的油烟直排，家里全是油烟味。"),
]  # fmt: skip
ELSEWHERE = ("鹭洲禧园小区楼下烧烤店油烟扰民", "每天晚上油烟味飘进家里，没法开窗。")


def case(which, day=0, **fields):
    subject, content = SMOKE[which] if isinstance(which, int) else which
    at = NOON + timedelta(days=day)
    return a_ticket(at=at, received_at=at, subject=subject, content=content, anonymous=True, **fields)


@pytest.fixture
def three(zhou):
    rows = [case(0, 0), case(1, 2), case(2, 4)]
    a_ticket(at=NOON, anonymous=True)
    case(ELSEWHERE, 4)
    services_problems.find(NOON + timedelta(days=4))
    return rows


@pytest.fixture
def problem(three, zhou):
    return services_problems.confirm(Problem.objects.get(), by=zhou, at=NOON + timedelta(days=4), title="翡翠澜庭油烟")


def test_three_alike_are_proposed_in_whatever_words_and_others_stay_apart(three):
    row = Problem.objects.get()
    assert row.state == "proposed" and row.title in {subject for subject, _ in SMOKE}
    assert set(Suggestion.objects.values_list("ticket", flat=True)) == {ticket.pk for ticket in three}
    assert not Ticket.objects.exclude(problem=None).exists()  # nothing is decided yet


def test_two_alike_are_no_proposal():
    case(0), case(1)
    services_problems.find(NOON)
    assert not Problem.objects.exists()


def test_looking_twice_finds_nothing_new(three):
    assert services_problems.find(NOON + timedelta(days=4)) == 0
    assert Problem.objects.count() == 1


def test_three_within_seven_days_are_told_once(three, zhou):
    assert Notice.objects.filter(kind="problem_grows", user=zhou, channel="in_app").count() == 1
    case(3, 5)
    services_problems.find(NOON + timedelta(days=5))
    assert Notice.objects.filter(kind="problem_grows", user=zhou, channel="in_app").count() == 1
    for day in (12, 13, 14):
        case(day % 4, day)
    services_problems.find(NOON + timedelta(days=14))
    assert Notice.objects.filter(kind="problem_grows", user=zhou, channel="in_app").count() == 2


def test_several_that_grow_at_once_are_told_in_one_notice(zhou):
    for which in range(3):
        case(which), case((ELSEWHERE[0] + "夜里", ELSEWHERE[1] if not which else "鹭洲禧园的烧烤店又在冒烟。"))
    services_problems.find(NOON)
    grown = Problem.objects.exclude(alerted_at=None)
    assert grown.count() == 2
    told = Notice.objects.get(kind__in=["problem_grows", "problems_grow"], user=zhou, channel="in_app")
    subject, body = wording.words(told, "zh-hans")
    assert subject == "2 个共性问题在增多" and all(f"{row.title}（3 件）" in body for row in grown)
    services_problems.find(NOON)
    assert Notice.objects.filter(kind="problems_grow", user=zhou, channel="in_app").count() == 1


def test_three_within_a_month_are_proposed_but_not_told(zhou):
    for number, day in enumerate((0, 10, 20)):
        case(number, day)
    services_problems.find(NOON + timedelta(days=20))
    assert Problem.objects.get().state == "proposed"
    assert not Notice.objects.filter(kind="problem_grows").exists()


def test_old_history_that_is_brought_in_starts_no_proposal():
    for number in range(3):
        case(number)
    services_problems.find(NOON + timedelta(days=60))
    assert not Problem.objects.exists()


def test_confirming_takes_what_is_ticked_and_declines_the_rest_for_good(three, zhou):
    at = NOON + timedelta(days=4)
    row = services_problems.confirm(
        Problem.objects.get(), by=zhou, at=at, title="油烟", suggested=[three[0].pk, three[1].pk]
    )
    assert (row.state, row.title) == ("open", "油烟")
    assert set(row.tickets.all()) == set(three[:2]) and {one.scope for one in row.tickets.all()} == {"common"}
    event = three[0].events.get(kind="group")
    assert event.actor == zhou and event.data["problem"] == row.pk
    Suggestion.objects.filter(declined=False).delete()
    services_problems.place(three[2], at=at)
    assert not Suggestion.objects.filter(ticket=three[2], declined=False, problem=row).exists()


def test_a_fourth_case_is_suggested_for_the_open_problem(problem):
    late = case(3, 6)
    services_problems.find(NOON + timedelta(days=6))
    assert Suggestion.objects.get(declined=False).ticket == late and Problem.objects.count() == 1


def test_an_archived_case_joins_without_being_rewritten(three, zhou):
    closed = three[0]
    Ticket.objects.filter(pk=closed.pk).update(status="closed", closed_at=NOON)
    services_problems.confirm(Problem.objects.get(), by=zhou, at=NOON + timedelta(days=4))
    closed.refresh_from_db()
    assert closed.problem_id and closed.scope == "individual" and closed.status == "closed"


def test_splitting_moves_some_but_never_none_or_all(problem, three, zhou):
    with pytest.raises(ProblemRefused):
        services_problems.split(problem, three, title="x", by=zhou, at=NOON)
    with pytest.raises(ProblemRefused):
        services_problems.split(problem, [], title="x", by=zhou, at=NOON)
    fresh = list(problem.tickets.order_by("pk"))
    other = services_problems.split(problem, fresh[:1], title="烧烤店", by=zhou, at=NOON)
    assert [row.pk for row in other.tickets.all()] == [three[0].pk] and problem.tickets.count() == 2


def test_joining_brings_all_cases_and_says_where_they_went(problem, zhou):
    extra = a_ticket(anonymous=True)
    other = services_problems.found("另一个", [extra], by=zhou, at=NOON)
    services_problems.open_study(other, by=zhou, at=NOON)
    services_problems.join(problem, other, by=zhou, at=NOON)
    other.refresh_from_db()
    assert problem.tickets.count() == 4 and (other.state, other.joined_into) == ("dismissed", problem)
    assert not Study.objects.filter(problem=other, closed_at=None).exists()
    with pytest.raises(ProblemRefused):
        services_problems.join(problem, problem, by=zhou, at=NOON)


def test_dismissing_makes_its_cases_individual_again(problem, three, zhou):
    services_problems.dismiss(problem, by=zhou, at=NOON)
    assert not Ticket.objects.exclude(problem=None).exists()
    assert {row.scope for row in Ticket.objects.all()} == {"individual"}
    with pytest.raises(ProblemRefused):
        services_problems.confirm(problem, by=zhou, at=NOON)


def test_a_case_taken_out_is_not_suggested_again(problem, three, zhou):
    services_problems.take_out(problem, list(problem.tickets.all()[:1]), by=zhou, at=NOON)
    (gone,) = Suggestion.objects.filter(problem=problem, declined=True)
    assert gone.ticket.problem is None
    services_problems.place(gone.ticket, at=NOON + timedelta(days=4))
    assert not Suggestion.objects.filter(ticket=gone.ticket, declined=False).exists()


def test_a_solved_problem_takes_no_new_case_by_itself(problem, zhou):
    services_problems.solve(problem, by=zhou, at=NOON)
    case(3, 6)
    services_problems.find(NOON + timedelta(days=6))
    assert not Suggestion.objects.filter(declined=False).exists()
    assert services_problems.solve(problem, by=zhou, at=NOON, again=True).state == "open"


def test_a_study_is_opened_when_it_is_frequent_and_hard(problem, zhou):
    more = [case(number % 4, 5) for number in range(2)]
    Ticket.objects.filter(problem=problem).update(round=2)
    assert not Study.objects.exists()
    services_problems.add(problem, more, by=zhou, at=NOON + timedelta(days=5))
    study = Study.objects.get()
    assert (study.problem, study.reason, study.opened_by) == (problem, "frequent", None)
    assert Notice.objects.filter(kind="study_opened", user=zhou).exists()
    with pytest.raises(ProblemRefused):
        services_problems.open_study(problem, by=zhou, at=NOON)


def test_frequent_but_easy_ones_are_not_studied(problem, zhou):
    services_problems.add(problem, [case(number % 4, 5) for number in range(5)], by=zhou, at=NOON + timedelta(days=5))
    assert not Study.objects.exists()


def test_each_case_keeps_its_own_answer_and_its_history_says_where_it_belongs(client, problem, three, zhou):
    client.force_login(zhou)
    page = client.get(three[0].get_absolute_url()).content.decode()
    assert "翡翠澜庭油烟" in page


def press(client, problem, action, **data):
    return client.post(reverse("feedback:problem-decide", args=[problem.pk]), {"action": action} | data)


def test_the_office_decides_on_the_page(client, three, zhou):
    row = Problem.objects.get()
    client.force_login(zhou)
    assert row.title in client.get(reverse("feedback:problems")).content.decode()
    page = client.get(row.get_absolute_url()).content.decode()
    assert all(ticket.number in page for ticket in three)
    press(client, row, "confirm", title="小区油烟", pick=[ticket.pk for ticket in three])
    row.refresh_from_db()
    assert (row.state, row.title, row.tickets.count()) == ("open", "小区油烟", 3)
    press(client, row, "study")
    study = row.studies.get()
    assert client.post(reverse("feedback:study", args=[study.pk]), {"close": "1", "findings": ""}).status_code == 422
    client.post(
        reverse("feedback:study", args=[study.pk]), {"close": "1", "findings": "加装排烟管道", "owner": zhou.pk}
    )
    study.refresh_from_db()
    assert study.closed_by == zhou and study.findings == "加装排烟管道"
    press(client, row, "solve")
    row.refresh_from_db()
    assert row.state == "solved"


@pytest.mark.parametrize(
    "data", [{"action": "join", "other": "x"}, {"action": "join", "other": "9" * 30}, {"action": "split"}]
)
def test_forged_decisions_change_nothing(client, problem, zhou, data):
    client.force_login(zhou)
    answer = client.post(reverse("feedback:problem-decide", args=[problem.pk]), data)
    assert answer.status_code == 302 and problem.tickets.count() == 3
    assert press(client, problem, "explode").status_code == 404


@pytest.mark.parametrize("who", ["he", "xu", "tang"])
def test_who_only_reads_sees_the_problem_and_changes_nothing(client, request, problem, who):
    client.force_login(request.getfixturevalue(who))
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "翡翠澜庭油烟" in page and "problem-decide" not in page and f"/problems/{problem.pk}/decide/" not in page
    for address in ("problem-decide", "problem-edit"):
        assert client.post(reverse(f"feedback:{address}", args=[problem.pk]), {"action": "solve"}).status_code == 403


@pytest.mark.parametrize("who", ["lin", "chen", "gao", "nobody"])
def test_others_do_not_come_here(client, request, problem, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(problem.get_absolute_url()).status_code == 403


def test_a_leader_sees_counts_of_all_but_only_the_cases_that_are_theirs(client, problem, three, tang):
    client.force_login(tang)
    page = client.get(problem.get_absolute_url()).content.decode()
    assert "3 件" in page and not [ticket for ticket in three if ticket.number in page]


def test_similar_cases_become_a_problem_by_hand(client, zhou):
    first, second = case(0), case(1)
    client.force_login(zhou)
    page = client.get(reverse("feedback:similar", args=[first.number])).content.decode()
    assert reverse("feedback:problem-found") in page
    client.post(reverse("feedback:problem-found"), {"pick": [first.pk, second.pk], "title": "油烟"})
    assert set(Problem.objects.get().tickets.all()) == {first, second}
    client.post(reverse("feedback:problem-found"), {"pick": ["x", "9" * 30], "title": "油烟"})
    assert Problem.objects.count() == 1


def test_more_problems_cost_no_more_queries(client, zhou, django_assert_max_num_queries):
    for number in range(8):
        services_problems.found(f"问题{number}", [a_ticket(anonymous=True)], by=zhou, at=NOON)
    client.force_login(zhou)
    client.get(reverse("feedback:problems"))
    with django_assert_max_num_queries(10):
        client.get(reverse("feedback:problems"))


def test_grouping_writes_one_event_a_ticket_and_none_twice(zhou):
    row = Problem.objects.create(title="x", created_at=NOON)
    ticket = a_ticket(anonymous=True)
    assert tickets.group([ticket], problem=row, by=zhou, at=NOON) == [ticket]
    assert tickets.group([ticket], problem=row, by=zhou, at=NOON) == []
    assert ticket.events.filter(kind="group").count() == 1
