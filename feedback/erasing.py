"""What intake holds of a case whose period has ended: the message as it arrived, the talk, the call, the envelope."""

from feedback.chat.models import ChatLine
from feedback.hotline.models import Call, CallEvent
from feedback.imports.models import ImportRow
from feedback.models import Appeal, AppealNote, RawMessage
from feedback.paper.models import PaperItem
from feedback.wechat.models import WechatContact, WechatMedia, WechatMessage
from tickets.archive.erasing import is_their_last
from tickets.models import Ticket


def erase(ticket: Ticket) -> dict[str, int]:
    CallEvent.objects.filter(call__ticket=ticket).update(body={})
    events = [f"event:{pk}" for pk in ticket.events.values_list("pk", flat=True)]
    WechatMedia.objects.filter(ticket=ticket).delete()
    WechatContact.objects.filter(ticket=ticket).update(ticket=None)
    return {
        "raw_messages": RawMessage.objects.filter(ticket=ticket).update(
            raw=b"", error="", sender="", subject="", message_id=""
        ),
        "appeals": Appeal.objects.filter(ticket=ticket).update(text="", answer=""),
        "appeal_notes": AppealNote.objects.filter(appeal__ticket=ticket).update(text=""),
        "chat_lines": ChatLine.objects.filter(chat__ticket=ticket).update(text=""),
        "calls": Call.objects.filter(ticket=ticket).update(number="", recording_url=""),
        "wechat_messages": WechatMessage.objects.filter(key__in=events).delete()[0],
        "wechat_contacts": _contact(ticket),
        "import_rows": ImportRow.objects.filter(ticket=ticket).update(cells=[], reference=""),
        "papers": PaperItem.objects.filter(ticket=ticket).update(
            registered_number="", sender_address="", digest=f"erased {ticket.pk}"
        ),
    }


def _contact(ticket: Ticket) -> int:
    """Whom WeChat knows them as goes with their last case; what waits to be told to them goes along."""
    if ticket.customer_id is None or not is_their_last(ticket):
        return 0
    contacts = WechatContact.objects.filter(customer=ticket.customer_id)
    count = contacts.count()
    contacts.delete()
    return count
