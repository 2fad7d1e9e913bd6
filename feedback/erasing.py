"""What intake holds of a case whose period has ended: the message as it arrived, its calls,
and complaints about its handling."""

from feedback.models import Appeal, AppealNote, Call, CallEvent, ChatLine, PaperItem, RawMessage
from tickets.models import Ticket


def erase(ticket: Ticket) -> dict[str, int]:
    notes = AppealNote.objects.filter(appeal__ticket=ticket)
    raw = RawMessage.objects.filter(ticket=ticket)
    return {
        "raw_messages": raw.update(raw=b"", error="", sender="", subject="", message_id=""),
        "appeals": Appeal.objects.filter(ticket=ticket).update(text="", answer=""),
        "appeal_notes": notes.update(text=""),
        "chat_lines": ChatLine.objects.filter(chat__ticket=ticket).update(text=""),
        "papers": PaperItem.objects.filter(ticket=ticket).update(
            sender_address="", registered_number="", digest=f"erased {ticket.pk}"
        ),
        "call_events": CallEvent.objects.filter(call__ticket=ticket).update(body={}),
        "calls": Call.objects.filter(ticket=ticket).update(number="", recording_url=""),
    }
