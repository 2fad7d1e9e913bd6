"""Who gave feedback: a row of their own, never somebody else's by likeness (S-2)."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from accounts.models import Region
from common import prepared
from common.inserting import insert, plan, stored
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
    """The customer's row; None when nothing is known of them. One query, two when the row is there, three with an external id.

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
    if not external_id:
        return same_or_new(Customer.begun(**fields, **more))
    if known := same_person(fields):
        return known
    if Customer.objects.filter(external_id=external_id).exists():
        fields["external_id"] = ""
    row = Customer.begun(**fields, **more)
    insert(row)
    return row


def completed(row: Customer, fields: Mapping[str, str]) -> Customer:
    missing = [name for name, value in fields.items() if value and not getattr(row, name)]
    for name in missing:
        setattr(row, name, fields[name])
    if missing:
        row.save(update_fields=missing)
    return row


# Spelled out: Django takes longer to word it than PostgreSQL to find the row. Planned without knowing the number, it has to say
# that there is one to go by the index of those who have.
_SAME = """
SELECT id FROM tickets_customer WHERE phone = %(phone)s AND phone <> '' AND name = %(name)s
    AND %(email)s IN ('', email) AND %(external_id)s IN ('', external_id) ORDER BY id LIMIT 1
"""


@cache
def same_or_new_words() -> str:
    """The same look and the new row in one trip: most people write for the first time."""
    way = plan(Customer, keyed=False)
    same, values = _SAME.replace("%(", "%(same_"), ", ".join(f"%({name})s" for name in places())
    made = f"{way.into.removesuffix('VALUES ')} SELECT {values} WHERE NOT EXISTS (SELECT FROM known) RETURNING id"
    return f"WITH known AS ({same}), made AS ({made}) SELECT id, true FROM known UNION ALL SELECT id, false FROM made"


@cache
def places() -> list[str]:
    """What `same_or_new_words` calls the columns of a row."""
    return [f"v{number}" for number in range(len(Customer._meta.concrete_fields) - 1)]


def same_or_new(row: Customer) -> Customer:
    """The stored row of the same person, else this one, stored. Who left no name or no phone is nobody's same."""
    if not (row.name and row.phone):
        insert(row)
        return row
    given = dict(zip(places(), plan(Customer, keyed=False).values(row), strict=True))
    given |= {f"same_{name}": getattr(row, name) for name in ("name", "phone", "email", "external_id")}
    ((key, known),) = prepared.run(same_or_new_words(), given)
    if known:
        return Customer.objects.get(pk=key)
    row.pk = key
    stored(row)
    return row


def same_person(fields: Mapping[str, str]) -> Customer | None:
    if not (fields["name"] and fields["phone"]):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SAME, fields)
        found = cursor.fetchone()
    return Customer.objects.get(pk=found[0]) if found else None
