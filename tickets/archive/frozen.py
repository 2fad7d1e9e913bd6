"""Archived cases stay as they are, whoever writes: triggers refuse what no service does either (D6). For migrations.

After closing a case grows by events, notes and what stands with them; its state, people and rounds move on when the
customer reopens it. What was said, found and decided does not change. Erasure (`huisheng.erasure`) passes.
"""

from django.db import migrations

# Columns of the case that go on after closing: its state, its figures, its people, and what is kept for lists.
GOES_ON = (
    "version", "status", "round", "level", "department_id", "departments", "owner_id", "rating", "resolved_at",
    "closed_at", "next_due_at", "soon_at", "expected_by", "problem_id", "needs_review",
)  # fmt: skip
PARTS = ("tickets_message", "tickets_handling", "tickets_review", "tickets_attachment")

_TICKET = """
CREATE FUNCTION tickets_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before tickets_ticket := OLD;
BEGIN
    IF current_setting('huisheng.erasure', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        {same}
        before.first_contact_id := COALESCE(OLD.first_contact_id, NEW.first_contact_id);
        before.region_id := CASE WHEN NEW.region_id IS NULL THEN NULL ELSE OLD.region_id END;
        IF before IS NOT DISTINCT FROM NEW THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'case % is archived; its content is frozen', OLD.number USING ERRCODE = 'insufficient_privilege';
END $$"""

_PART = """
CREATE FUNCTION tickets_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('huisheng.erasure', true) IS DISTINCT FROM 'on'
       AND EXISTS (SELECT FROM tickets_ticket WHERE id = OLD.ticket_id AND status = 'closed') THEN
        RAISE EXCEPTION 'the case is archived; % of it is frozen', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$"""


def freeze() -> migrations.RunSQL:
    same = " ".join(f"before.{column} := NEW.{column};" for column in GOES_ON)
    make = [
        _TICKET.format(same=same),
        "CREATE TRIGGER tickets_frozen BEFORE UPDATE OR DELETE ON tickets_ticket FOR EACH ROW"
        " WHEN (OLD.status = 'closed') EXECUTE FUNCTION tickets_frozen()",
        _PART,
    ]
    drop = ["DROP TRIGGER tickets_frozen ON tickets_ticket", "DROP FUNCTION tickets_frozen()"]
    for table in PARTS:
        make.append(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION tickets_part_frozen()"
        )
        drop.append(f"DROP TRIGGER {table}_frozen ON {table}")
    return migrations.RunSQL(make, [*drop, "DROP FUNCTION tickets_part_frozen()"])
