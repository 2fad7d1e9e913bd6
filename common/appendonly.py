"""Tables that only grow: triggers refuse UPDATE, DELETE and TRUNCATE unless the erasure service says otherwise.

The erasure service sets `huisheng.erasure` to `on` for its own transaction only (`SET LOCAL`).
"""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION huisheng_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('huisheng.erasure', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation that makes `table` append-only."""
    name = f"{table}_append_only"
    return migrations.RunSQL(
        [
            _FUNCTION,
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION huisheng_append_only()",
        ],
        [f"DROP TRIGGER {name} ON {table}"],
    )


def never_emptied(table: str) -> migrations.RunSQL:
    """A migration operation that refuses TRUNCATE too, which no trigger of rows notices."""
    name = f"{table}_never_emptied"
    return migrations.RunSQL(
        [
            _FUNCTION,
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION huisheng_append_only()",
        ],
        [f"DROP TRIGGER {name} ON {table}"],
    )
