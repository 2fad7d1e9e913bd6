from django.db import migrations


class Migration(migrations.Migration):
    """Rights that lapsed count no longer as missed limits: days that were counted are counted again."""

    dependencies = [("reports", "0003_targets_decided")]

    operations = [migrations.RunSQL("UPDATE reports_dayfigures SET stale = true", migrations.RunSQL.noop)]
