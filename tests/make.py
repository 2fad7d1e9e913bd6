"""Builders that go through the services, as the product does."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tickets import services as tickets
from tickets.models import Customer, Ticket
from tickets.workflow import Nature

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """`"2026-11-23 14:48"` in the organisation's time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NOON = moment("2026-11-23 12:00")


def a_ticket(at: datetime = NOON, **fields: Any) -> Ticket:
    """A complaint from the web, unassigned, by Wang; any argument of `tickets.open` changes it."""
    if "customer" not in fields and not fields.get("anonymous"):
        fields["customer"] = Customer.objects.create(name="王小明", phone="13800001234", created_at=at)
    defaults: dict[str, Any] = {
        "channel": "web",
        "subject": "空调安装后漏水",
        "content": "上周六安装的挂机一直滴水，两次上门没有修好。",
        "nature": Nature.COMPLAINT,
        "received_at": at,
    }
    return tickets.open(at=at, **defaults | fields)
