"""Printed questionnaires: printed with numbers, entered by two people, compared, decided; words become cases (C2.4)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import squeezed
from surveys.models_paper import Question, Questionnaire, Sheet, SheetAnswer, SheetEntry
from surveys.sheet_codes import code_of
from tickets import doors

MOST_AT_ONCE = 500
SHORTEST_WORDS = 4
"""“无” or “没有” in the field for words is no feedback."""

State = Sheet.State
# C2.4: process, speed, resolution, attitude; choices; words.
DEFAULT_QUESTIONS: list[dict[str, Any]] = [
    {"code": "process", "kind": "rating", "name": "办理流程是否清楚、简便", "name_en": "Was the process clear and simple?"},
    {"code": "speed", "kind": "rating", "name": "处理速度", "name_en": "How quickly was it handled?"},
    {"code": "resolution", "kind": "rating", "name": "问题是否得到解决", "name_en": "Was the problem solved?"},
    {"code": "attitude", "kind": "rating", "name": "工作人员服务态度", "name_en": "How were you treated?"},
    {
        "code": "channel", "kind": "choice", "name": "您本次通过哪种方式反映问题", "name_en": "How did you reach us?",
        "options": ["热线电话", "现场柜台", "网站或手机", "书信或意见箱", "其他"],
        "options_en": ["Hotline", "Counter", "Web or app", "Letter or box", "Other"],
    },
    {"code": "words", "kind": "text", "name": "您还有哪些意见或建议", "name_en": "What else would you like to tell us?"},
]  # fmt: skip


class SheetRefused(Exception):
    """The entry cannot be taken; the message says why, for the colleague."""


@transaction.atomic
def create(*, code: str, name: str, name_en: str, at: datetime) -> Questionnaire:
    """A questionnaire with the questions of the regulation, to be changed until it is printed."""
    row = Questionnaire.objects.create(code=code, name=name, name_en=name_en, created_at=at)
    Question.objects.bulk_create(
        Question(questionnaire=row, position=position, **fields)
        for position, fields in enumerate(DEFAULT_QUESTIONS, start=1)
    )
    return row


@transaction.atomic
def print_sheets(questionnaire: Questionnaire, *, count: int, by: User, at: datetime) -> range:
    """Number so many sheets; their serials. Raises SheetRefused for an inactive questionnaire or one without questions."""
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if not row.is_active or not row.questions.exists():
        raise SheetRefused(_("This questionnaire is not in use, or has no questions."))
    if not 1 <= count <= MOST_AT_ONCE:
        raise SheetRefused(_("From 1 to %(most)s sheets at once.") % {"most": MOST_AT_ONCE})
    serials = range(row.last_serial + 1, row.last_serial + 1 + count)
    Sheet.objects.bulk_create(
        Sheet(questionnaire=row, serial=serial, code=code_of(row.code, serial), printed_at=at, printed_by=by)
        for serial in serials
    )
    row.last_serial = serials[-1]
    row.save(update_fields=["last_serial"])
    return serials


@transaction.atomic
def enter(sheet: Sheet, answers: Mapping[str, Any], *, by: User, at: datetime) -> Sheet:
    """The first or second reading. Two that agree settle the sheet; else it waits for a decision.

    Raises SheetRefused when `by` has entered it already, or two others have.
    """
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=sheet.pk)
    entries = list(sheet.entries.order_by("number"))
    if any(entry.by_id == by.pk for entry in entries):
        raise SheetRefused(_("You have entered this sheet already. The second entry is made by somebody else."))
    if len(entries) >= 2:
        raise SheetRefused(_("This sheet is entered twice already."))
    kept = {name: value for name, value in answers.items() if value not in (None, "")}
    entries.append(SheetEntry.objects.create(sheet=sheet, number=len(entries) + 1, by=by, at=at, answers=kept))
    if len(entries) == 1:
        sheet.state = State.ONCE
    elif differences(entries[0].answers, entries[1].answers):
        sheet.state = State.DIFFERS
    else:
        return settle(sheet, entries[0].answers, by=by, at=at)
    sheet.save(update_fields=["state"])
    return sheet


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """What the two read differently. White space, case and full-width characters are no difference."""
    return sorted(name for name in {*first, *second} if _compared(first.get(name)) != _compared(second.get(name)))


def _compared(value: Any) -> str:
    return "".join(squeezed("" if value is None else str(value)).split())


@transaction.atomic
def decide(sheet: Sheet, answers: Mapping[str, Any], *, by: User, at: datetime) -> Sheet:
    """What the paper says where the two entries differ; `answers` holds those values. Both entries stay on record.

    Raises SheetRefused when there is nothing to decide, or something is left undecided.
    """
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=sheet.pk)
    if sheet.state != State.DIFFERS:
        raise SheetRefused(_("There is nothing to decide on this sheet."))
    first, second = (entry.answers for entry in sheet.entries.order_by("number"))
    open_ = differences(first, second)
    if missing := [name for name in open_ if name not in answers]:
        raise SheetRefused(_("Still to be decided: %(names)s.") % {"names": ", ".join(missing)})
    sheet.decided_by = by
    return settle(sheet, {**first, **{name: answers[name] for name in open_}}, by=by, at=at)


def settle(sheet: Sheet, answers: Mapping[str, Any], *, by: User, at: datetime) -> Sheet:
    """Code the answers, and hand words on to the door of feedback; whoever settles is the first contact."""
    questions = list(sheet.questionnaire.questions.all())
    SheetAnswer.objects.bulk_create(
        SheetAnswer(
            sheet=sheet,
            question=question,
            value=answers.get(question.code) if question.kind != "text" else None,
            text=answers.get(question.code) or "" if question.kind == "text" else "",
        )
        for question in questions
    )
    words = [str(answers[one.code]) for one in questions if one.kind == "text" and answers.get(one.code)]
    text = "\n".join(words).strip()
    sheet.state, sheet.settled_at = State.SETTLED, at
    if len(text) >= SHORTEST_WORDS:
        sheet.ticket = doors.hand_in(
            "paper", text=text, code=sheet.code, name=str(answers.get("name") or ""),
            phone=str(answers.get("phone") or ""), received_at=collected_at(answers, at), by=by, at=at,
        )  # fmt: skip
    sheet.save(update_fields=["state", "settled_at", "decided_by", "ticket"])
    return sheet


def collected_at(answers: Mapping[str, Any], at: datetime) -> datetime:
    """The morning of the day on which the sheet was collected; never later than now."""
    day = answers.get("collected_on")
    if not day:
        return at
    return min(timezone.make_aware(datetime.combine(date.fromisoformat(str(day)), time(9))), at)


@transaction.atomic
def change_questions(questionnaire: Questionnaire, rows: list[Question]) -> Questionnaire:
    """Replace the questions. Raises SheetRefused once sheets are printed: make another questionnaire then."""
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if row.is_printed:
        raise SheetRefused(_("Sheets of this questionnaire are printed; its questions stay. Make another one."))
    row.questions.all().delete()
    for position, question in enumerate(rows, start=1):
        question.pk, question.questionnaire, question.position = None, row, position
    Question.objects.bulk_create(rows)
    return row
