"""What intake holds of a case whose period has ended: the message as it arrived, the talk, the call, the envelope."""

from feedback.models import Appeal, AppealNote, RawMessage
from feedback.models_calls import Call, CallEvent
from feedback.models_chat import ChatLine
from feedback.models_paper import PaperItem
from tickets.models import Ticket


def erase(ticket: Ticket) -> dict[str, int]:
    CallEvent.objects.filter(call__ticket=ticket).update(body={})
    return {
        "raw_messages": RawMessage.objects.filter(ticket=ticket).update(
            raw=b"", error="", sender="", subject="", message_id=""
        ),
        "appeals": Appeal.objects.filter(ticket=ticket).update(text="", answer=""),
        "appeal_notes": AppealNote.objects.filter(appeal__ticket=ticket).update(text=""),
        "chat_lines": ChatLine.objects.filter(chat__ticket=ticket).update(text=""),
        "calls": Call.objects.filter(ticket=ticket).update(number="", recording_url=""),
        "papers": PaperItem.objects.filter(ticket=ticket).update(
            registered_number="", sender_address="", digest=f"erased {ticket.pk}"
        ),
    }
