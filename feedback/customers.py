"""Who gave feedback: a row of their own, never somebody else's by likeness (S-2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import Region
from common.inserting import insert
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
    """The customer's row; None when nothing is known of them. Two queries.

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
    row = Customer(**fields, **more)
    insert(row)
    return row


def completed(row: Customer, fields: Mapping[str, str]) -> Customer:
    missing = [name for name, value in fields.items() if value and not getattr(row, name)]
    for name in missing:
        setattr(row, name, fields[name])
    if missing:
        row.save(update_fields=missing)
    return row


# Spelled out: Django takes longer to word it than PostgreSQL to find the row.
_SAME = """
SELECT id FROM tickets_customer WHERE phone = %(phone)s AND name = %(name)s
    AND %(email)s IN ('', email) AND %(external_id)s IN ('', external_id) ORDER BY id LIMIT 1
"""


def same_person(fields: Mapping[str, str]) -> Customer | None:
    if not (fields["name"] and fields["phone"]):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SAME, fields)
        found = cursor.fetchone()
    return Customer.objects.get(pk=found[0]) if found else None
