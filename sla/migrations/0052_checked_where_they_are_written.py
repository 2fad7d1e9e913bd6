from django.db import migrations

# Django names foreign keys itself, so they are found by what they join.
CHILDREN = """
DO $$
DECLARE child record;
BEGIN
    FOR child IN
        SELECT conrelid::regclass AS of_table, conname FROM pg_constraint
        WHERE contype = 'f' AND confrelid = 'sla_clock'::regclass
            AND conrelid IN ('sla_clockevent'::regclass, 'sla_dueitem'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY {when}', child.of_table, child.conname);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """That events and due items have their clock is asked when they are written, not at the end of the transaction: there the
    number of a case that comes in is held, for which every other case waits (decision 0081).
    """

    dependencies = [("sla", "0051_due_items_that_fail")]
    operations = [
        migrations.RunSQL(CHILDREN.replace("{when}", "IMMEDIATE"), CHILDREN.replace("{when}", "DEFERRED")),
    ]
