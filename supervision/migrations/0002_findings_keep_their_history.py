from django.db import migrations

from common.appendonly import append_only, never_emptied


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_samples_findings_meetings")]

    operations = [append_only("supervision_findingentry"), never_emptied("supervision_findingentry")]
