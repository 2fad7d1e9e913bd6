from django.db import migrations, models

CHANGED = """
CREATE SEQUENCE sla_calendar_versions START 1000;
CREATE OR REPLACE FUNCTION sla_calendar_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sla_calendar SET version = nextval('sla_calendar_versions')
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.calendar_id ELSE NEW.calendar_id END;
    RETURN NULL;
END $$;
CREATE FUNCTION sla_calendar_itself_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.zone, NEW.known_until) IS DISTINCT FROM (OLD.zone, OLD.known_until) THEN
        NEW.version := nextval('sla_calendar_versions');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sla_calendar_version BEFORE UPDATE ON sla_calendar
    FOR EACH ROW EXECUTE FUNCTION sla_calendar_itself_changed();
"""
BEFORE = """
DROP TRIGGER sla_calendar_version ON sla_calendar;
DROP FUNCTION sla_calendar_itself_changed();
CREATE OR REPLACE FUNCTION sla_calendar_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sla_calendar SET version = version + 1
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.calendar_id ELSE NEW.calendar_id END;
    RETURN NULL;
END $$;
DROP SEQUENCE sla_calendar_versions;
"""


class Migration(migrations.Migration):
    """A version that was rolled back is never given again, so a compiled calendar that is kept is never a wrong one."""

    dependencies = [("sla", "0003_calendar_version")]

    operations = [
        migrations.AddField(
            "clock", "soon_at", models.DateTimeField(null=True, help_text="From here on the due time counts as near.")
        ),
        migrations.RunSQL(CHANGED, BEFORE),
    ]
