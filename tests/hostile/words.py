"""Hostile words in every field of every row, as a customer, a colleague or another system might have written them (S-1).

Written past all doors, straight into the tables: whatever a door would have refused, no page may trust it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models, transaction

FLAG = "__hostile"
LONG = (
    f"'\"><img src=x onerror={FLAG}(1)><svg onload={FLAG}(2)></svg><script>{FLAG}(3)</script><hostile hostile=1>"
    f"</title></textarea></style><iframe srcdoc='<script>parent.{FLAG}(4)</script>'></iframe>{{{{ 7|add:7 }}}} 漏水"
)
SHORT = "'\"><hostile hostile=1>漏"
OURS = ("accounts", "notices", "knowledge", "tickets", "feedback", "sla", "surveys", "reports", "supervision")
CODES = {
    "kind", "topic", "state", "username", "password", "language", "source", "external_id", "uid", "sha256", "ground", "metric",
    "scope", "digest", "token", "secret", "former_secret", "path", "seed", "mode", "reason", "outcome", "value", "threshold",
    "public_status", "via", "template", "media_type", "file", "which", "key", "zone", "code", "channel", "why", "aes_key",
    "access_token", "app_secret", "app_id", "consent_version", "population_sha256", "approval_number", "field", "proposed",
    "corrected", "folder", "host", "end_reason", "message_id", "verdict",
}  # fmt: skip
"""Fields of codes: their words are ours, and a page looks them up."""
NOT_TEXT = {"RawMessage", "IdempotentCall", "ApiToken", "SearchDocument", "Heartbeat", "Watermark", "ModelVersion"}
ADDRESSES = {"url", "source_url", "recording_url", "pic_url"}
_PROSE = re.compile(r"[\u4e00-\u9fff]|\S \S")


def fit(length: int | None) -> str:
    """The longest of our words that a column takes, never cut."""
    words = LONG if length is None or length >= len(LONG) else SHORT
    return words if length is None or len(words) <= length else "<hostile>"[:length]


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of free words."""
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model.__name__ in NOT_TEXT or model._meta.proxy:
            continue
        unique = {name for one in model._meta.constraints for name in getattr(one, "fields", ())}
        for field in model._meta.local_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
            is_code = bool(field.choices) or field.unique or field.name in CODES | unique
            if isinstance(field, models.JSONField | ArrayField) or (is_text and not is_code):
                yield model, field


def hostile(value: Any) -> Any:
    """A JSON value with its prose made hostile; codes and numbers stay."""
    if isinstance(value, dict):
        return {name: hostile(one) for name, one in value.items()}
    if isinstance(value, list):
        return [hostile(one) for one in value]
    return LONG if isinstance(value, str) and _PROSE.search(value) else value


def spoil() -> int:
    """How many columns were filled. Triggers look away: this is an attacker with a pen in the tables."""
    count = 0
    by_table: dict[type[models.Model], list[models.Field]] = {}
    for model, field in columns():
        by_table.setdefault(model, []).append(field)
    for model, fields in by_table.items():
        table = model._meta.db_table
        run("SET CONSTRAINTS ALL IMMEDIATE", f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for field in fields:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    spoil_column(cursor, model, field)
            except DatabaseError as error:  # the table itself refuses such words: nothing can stand there
                print(f"{table}.{field.column}: {str(error).splitlines()[0]}")
            else:
                count += 1
        run("SET CONSTRAINTS ALL IMMEDIATE", f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    return count


def run(*commands: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for command in commands:
            cursor.execute(command)


def spoil_column(cursor: Any, model: type[models.Model], field: models.Field) -> None:
    if isinstance(field, models.JSONField | ArrayField):
        spoil_values(cursor, model, field)
        return
    is_address = field.name in ADDRESSES or isinstance(field, models.URLField)
    words = f"https://x.example/{SHORT}" if is_address else fit(field.max_length)
    cursor.execute(f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s', [words])


def spoil_values(cursor: Any, model: type[models.Model], field: models.Field) -> None:
    table, column, key = model._meta.db_table, field.column, model._meta.pk.column
    for pk, value in list(model._default_manager.order_by().values_list("pk", field.name)):
        changed = hostile(value)
        if changed == value:
            continue
        if isinstance(field, ArrayField):
            longest = getattr(field.base_field, "max_length", None)
            given: Any = [fit(longest) if one == LONG else one for one in changed]
        else:
            given = json.dumps(changed)
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s', [given, pk])
