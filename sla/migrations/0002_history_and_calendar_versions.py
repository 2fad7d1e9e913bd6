from django.db import migrations

from common.appendonly import append_only

VERSIONS = """
CREATE SEQUENCE sla_calendar_versions START 1000;
CREATE FUNCTION sla_calendar_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER sla_calendarslot_version AFTER INSERT OR UPDATE OR DELETE ON sla_calendarslot
    FOR EACH ROW EXECUTE FUNCTION sla_calendar_changed();
CREATE TRIGGER sla_calendaroverride_version AFTER INSERT OR UPDATE OR DELETE ON sla_calendaroverride
    FOR EACH ROW EXECUTE FUNCTION sla_calendar_changed();
CREATE TRIGGER sla_calendar_version BEFORE UPDATE ON sla_calendar
    FOR EACH ROW EXECUTE FUNCTION sla_calendar_itself_changed();
"""
NO_VERSIONS = """
DROP TRIGGER sla_calendar_version ON sla_calendar;
DROP TRIGGER sla_calendaroverride_version ON sla_calendaroverride;
DROP TRIGGER sla_calendarslot_version ON sla_calendarslot;
DROP FUNCTION sla_calendar_itself_changed();
DROP FUNCTION sla_calendar_changed();
DROP SEQUENCE sla_calendar_versions;
"""


class Migration(migrations.Migration):
    """Clock events only grow. Whoever changes a calendar's hours, by whatever way, raises its version, so that it is
    compiled anew; a version that was rolled back is never given again, so a kept compiled calendar is never a wrong one.
    """

    replaces = [
        ("sla", "0002_append_only_clock_events"),
        ("sla", "0003_calendar_version"),
        ("sla", "0004_soon_at_and_versions_never_reused"),
    ]
    dependencies = [("sla", "0001_tables")]
    operations = [append_only("sla_clockevent"), migrations.RunSQL(VERSIONS, NO_VERSIONS)]
