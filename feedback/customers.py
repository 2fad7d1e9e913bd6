"""Who gave feedback: a row of their own, never somebody else's by likeness (S-2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import Region
from common.text import one_line
from tickets.models import Customer

_KEPT = {"name": 100, "phone": 40, "email": 254, "external_id": 100, "customer_class": 40}


def customer_for(
    given: Mapping[str, Any] | None,
    *,
    at: datetime,
    trusted: bool,
    region: Region | None = None,
    language: str = "zh-hans",
    consent_version: str = "",
) -> Customer | None:
    """The customer's row; None when nothing is known of them. One or two queries.

    The company's own systems (`trusted`) name a customer by `external_id`. Otherwise a row is used again only when
    name and phone are both the same and no other address is given: whoever claims a number never gets the mail of
    the one who has it.
    """
    fields = {name: one_line(str((given or {}).get(name) or ""))[:longest] for name, longest in _KEPT.items()}
    if not any(fields[name] for name in ("name", "phone", "email", "external_id")):
        return None
    more = {"region": region, "language": language, "created_at": at}
    if consent_version:
        more |= {"consent_at": at, "consent_version": consent_version}
    external_id = fields["external_id"]
    if external_id and trusted:
        row, created = Customer.objects.get_or_create(external_id=external_id, defaults=fields | more)
        return row if created else completed(row, fields)
    if known := same_person(fields):
        return known
    if external_id and Customer.objects.filter(external_id=external_id).exists():
        fields["external_id"] = ""
    return Customer.objects.create(**fields, **more)


def completed(row: Customer, fields: Mapping[str, str]) -> Customer:
    missing = [name for name, value in fields.items() if value and not getattr(row, name)]
    for name in missing:
        setattr(row, name, fields[name])
    if missing:
        row.save(update_fields=missing)
    return row


def same_person(fields: Mapping[str, str]) -> Customer | None:
    if not (fields["name"] and fields["phone"]):
        return None
    rows = Customer.objects.filter(phone=fields["phone"], name=fields["name"])
    if fields["email"]:
        rows = rows.filter(email=fields["email"])
    if fields["external_id"]:
        rows = rows.filter(external_id=fields["external_id"])
    return rows.order_by("pk").first()
