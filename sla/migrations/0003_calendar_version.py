from django.db import migrations

FUNCTION = """
CREATE FUNCTION sla_calendar_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sla_calendar SET version = version + 1
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.calendar_id ELSE NEW.calendar_id END;
    RETURN NULL;
END $$
"""
TRIGGERS = [
    f"CREATE TRIGGER {table}_version AFTER INSERT OR UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION sla_calendar_changed()"
    for table in ("sla_calendarslot", "sla_calendaroverride")
]


class Migration(migrations.Migration):
    """Whoever changes a calendar's hours, by whatever way, raises its version, so that it is compiled anew."""

    dependencies = [("sla", "0002_append_only_clock_events")]

    operations = [
        migrations.RunSQL(
            [FUNCTION, *TRIGGERS],
            [
                "DROP TRIGGER sla_calendarslot_version ON sla_calendarslot",
                "DROP TRIGGER sla_calendaroverride_version ON sla_calendaroverride",
                "DROP FUNCTION sla_calendar_changed()",
            ],
        )
    ]
