"""Suggestion boxes (C2.3): opened on record before a witness, entered to the last slip, reminded of when overdue."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from feedback.paper.models import Box, BoxOpening
from notices import services as notices
from notices.models import Notice

REMINDED_AGAIN = timedelta(days=7)


class BoxRefused(Exception):
    """The record cannot be as asked; the message says why, for the colleague."""


def due_after(opened_at: datetime, every_days: int) -> datetime:
    """The end of the day, in the organisation's time, by which a box opened then is opened again."""
    day = timezone.localdate(opened_at) + timedelta(days=every_days + 1)
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def save_box(box: Box, *, at: datetime) -> Box:
    """A new box, or a changed one, whose due time then follows its latest opening."""
    if box.pk is None:
        box.created_at = at
        last = at
    else:
        Box.objects.select_for_update().get(pk=box.pk)
        newest = box.openings.order_by("-opened_at", "-pk").first()
        last = newest.opened_at if newest else box.created_at
    due = due_after(last, box.every_days)
    if box.due_at != due:
        box.due_at = box.remind_at = due
    box.save()
    return box


@transaction.atomic
def open_box(
    box: Box, *, opened_at: datetime, opener: User, witness: str, count: int, by: User, at: datetime
) -> BoxOpening:
    """Put an opening on record. With no slip found it is finished at once.

    Raises BoxRefused when nobody else was there, or the time cannot be right.
    """
    box = Box.objects.select_for_update().get(pk=box.pk)
    if witness.strip() in {opener.name, opener.name_en, opener.username} - {""}:
        raise BoxRefused(_("The witness is somebody else than the person who opens the box."))
    if opened_at > at:
        raise BoxRefused(_("This moment is not there yet."))
    newest = box.openings.order_by("-opened_at", "-pk").first()
    if newest and opened_at <= newest.opened_at:
        raise BoxRefused(_("The box has an opening on record that is later, or at the same moment."))
    row = BoxOpening.objects.create(
        box=box, opened_at=opened_at, place=box.place, opener=opener, witness=witness.strip(), count=count,
        recorded_by=by, recorded_at=at, finished_at=None if count else at, finished_by=None if count else by,
    )  # fmt: skip
    box.due_at = box.remind_at = due_after(opened_at, box.every_days)
    box.save(update_fields=["due_at", "remind_at"])
    return row


@transaction.atomic
def finish(opening: BoxOpening, *, difference: str = "", by: User, at: datetime) -> BoxOpening:
    """All slips are entered. A number other than the one on record has to be explained; raises BoxRefused."""
    opening = BoxOpening.objects.select_for_update().get(pk=opening.pk)
    if opening.is_finished:
        raise BoxRefused(_("This opening is finished already."))
    entered = opening.slips.count()
    if entered != opening.count and not difference.strip():
        raise BoxRefused(
            _("%(count)s slips are on record and %(entered)s are entered. Enter the rest, or say why they differ.")
            % {"count": opening.count, "entered": entered}
        )
    opening.difference = difference.strip() if entered != opening.count else ""
    opening.finished_at, opening.finished_by = at, by
    opening.save(update_fields=["difference", "finished_at", "finished_by"])
    return opening


def remind(at: datetime, *, batch: int = 100) -> int:
    """Tell keeper and office of boxes that are overdue, once a week each. Returns how many boxes.

    Safe to run twice and with many workers: the row carries the time of its next reminder, the notice a key of it.
    """
    done = 0
    while chunk := _remind_some(at, batch):
        done += chunk
    return done


@transaction.atomic
def _remind_some(at: datetime, batch: int) -> int:
    due = Box.objects.to_remind(at).select_for_update(skip_locked=True, of=("self",)).select_related("keeper")
    boxes = list(due[:batch])
    if not boxes:
        return 0
    office = list(User.objects.active().with_role(Role.OFFICE).order_by("pk"))
    rows: list[Notice] = []
    for box in boxes:
        keeper = box.keeper if box.keeper and box.keeper.is_active else None
        for user in {person.pk: person for person in [*office, *([keeper] if keeper else [])]}.values():
            rows += notices.to_user(
                user, "box_due", key=f"box:{box.pk}:{box.remind_at.isoformat()}", at=at, context=_told(box),
                by_mail=user == keeper,
            )  # fmt: skip
        while box.remind_at <= at:
            box.remind_at += REMINDED_AGAIN
    notices.add(rows)
    Box.objects.bulk_update(boxes, ["remind_at"])
    return len(boxes)


def _told(box: Box) -> dict[str, Any]:
    last_day = timezone.localdate(box.due_at) - timedelta(days=1)
    return {"pk": box.pk, "number": box.number, "place": box.place, "day": f"{last_day:%Y-%m-%d}"}
