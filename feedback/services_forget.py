"""What came in and became no case is not kept for ever: mails left alone, lines of imports, calls (PIPL, D6).

Rows stay for the figures and so that nothing comes in twice; what was said and who said it is taken out. A mail that
failed waits for a person and is never taken.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from feedback.hotline.models import Call, CallEvent
from feedback.models import ImportBatch, ImportRow, RawMessage
from tickets.archive import erasing

AT_ONCE = 500


def forget(at: datetime) -> dict[str, int]:
    """Empty what is older than `UNUSED_INTAKE_DAYS`; 0 keeps everything. How many of each kind. Safe to run twice."""
    if settings.UNUSED_INTAKE_DAYS <= 0:
        return {}
    before = at - timedelta(days=settings.UNUSED_INTAKE_DAYS)
    return {"mails": _mails(before), "import_rows": _rows(before), "calls": _calls(before)}


def _mails(before: datetime) -> int:
    """Left alone by a rule (events of hooks too), and no person has made a case of it since. Codes stay."""
    state = RawMessage.State.IGNORED
    old = RawMessage.objects.filter(state=state, ticket=None, received_at__lt=before)
    done = 0
    while keys := list(old.exclude(raw=b"").values_list("pk", flat=True)[:AT_ONCE]):
        done += RawMessage.objects.filter(pk__in=keys, state=state, ticket=None).update(
            raw=b"", error="", sender="", subject="", message_id=""
        )
    return done


def _rows(before: datetime) -> int:
    """Lines that were not taken in, of whatever batch is over or was left lying."""
    running = ImportBatch.State.RUNNING
    rows = ImportRow.objects.filter(ticket=None, batch__created_at__lt=before).exclude(batch__state=running)
    return rows.exclude(cells=[], reference="").update(cells=[], reference="")


def _calls(before: datetime) -> int:
    """Calls of which no case came, and what the telephone system told that belongs to none."""
    with erasing.opened():
        told = Q(call__ticket=None, call__rang_at__lt=before) | Q(call=None)
        CallEvent.objects.filter(told, at__lt=before).exclude(body={}).update(body={})
        calls = Call.objects.filter(ticket=None, rang_at__lt=before).exclude(number="", recording_url="")
        return calls.update(number="", recording_url="")
