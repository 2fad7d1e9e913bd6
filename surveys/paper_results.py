"""What the settled sheets of a questionnaire say."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from surveys.models_paper import Question, Questionnaire, Sheet, SheetAnswer, SheetEntry

SATISFIED = 4
"""From here on a rating counts as satisfied: 4 is satisfied, 5 very satisfied."""


@dataclass(frozen=True)
class Result:
    """`counts` from the highest code down to 1 for ratings, from 1 up for choices."""

    question: Question
    counts: list[tuple[str, int]]
    answered: int
    mean: float | None
    satisfied: float | None  # per cent


def returned(questionnaire: Questionnaire) -> dict[str, Any]:
    """How many sheets are out, in, blank, differ; the response rate in per cent (回收率), None before anything is printed.

    A sheet that came back blank answers nothing: it is told apart and is no response.
    """
    rows = Sheet.objects.filter(questionnaire=questionnaire).values_list("state").annotate(n=Count("pk")).order_by()
    by_state = dict(rows)
    printed = sum(by_state.values())
    blank = blank_sheets(questionnaire).count()
    back = printed - by_state.get(Sheet.State.PRINTED, 0) - blank
    return {
        "printed": printed, "back": back, "blank": blank, "once": by_state.get(Sheet.State.ONCE, 0),
        "differs": by_state.get(Sheet.State.DIFFERS, 0), "settled": by_state.get(Sheet.State.SETTLED, 0),
        "rate": 100 * back / printed if printed else None,
    }  # fmt: skip


def blank_sheets(questionnaire: Questionnaire) -> QuerySet[Sheet]:
    """Entered sheets on which no question is answered: by what was settled, before that by what was read.

    Words that became a case were an answer, also after the person's words are erased.
    """
    codes = list(questionnaire.questions.values_list("code", flat=True))
    read = SheetEntry.objects.filter(sheet=OuterRef("pk"), answers__has_any_keys=codes)
    settled = SheetAnswer.objects.filter(sheet=OuterRef("pk")).exclude(value=None, text="")
    state = Sheet.State
    return questionnaire.sheets.filter(ticket=None).filter(
        (Q(state__in=[state.ONCE, state.DIFFERS]) & ~Exists(read)) | (Q(state=state.SETTLED) & ~Exists(settled))
    )


def results(questionnaire: Questionnaire) -> list[Result]:
    given = SheetAnswer.objects.filter(sheet__questionnaire=questionnaire).exclude(value=None)
    rows = given.values_list("question", "value").annotate(n=Count("pk")).order_by()
    counted = {(question, value): n for question, value, n in rows}
    found = []
    for question in questionnaire.questions.exclude(kind=Question.Kind.TEXT):
        numbers = {value: counted.get((question.pk, value), 0) for value in range(1, question.highest + 1)}
        total = sum(numbers.values())
        rating = question.kind == Question.Kind.RATING
        names = {value: str(value) for value in numbers} if rating else dict(enumerate(question.local_options, start=1))
        found.append(
            Result(
                question=question,
                counts=[(names[value], numbers[value]) for value in sorted(numbers, reverse=rating)],
                answered=total,
                mean=sum(value * n for value, n in numbers.items()) / total if rating and total else None,
                satisfied=100 * sum(n for value, n in numbers.items() if value >= SATISFIED) / total
                if rating and total
                else None,
            )
        )
    return found
