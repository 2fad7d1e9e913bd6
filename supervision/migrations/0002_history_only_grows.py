from django.db import migrations

from common.appendonly import append_only, never_emptied


class Migration(migrations.Migration):
    replaces = [("supervision", "0002_findings_keep_their_history")]
    dependencies = [("supervision", "0001_tables")]
    operations = [append_only("supervision_findingentry"), never_emptied("supervision_findingentry")]
