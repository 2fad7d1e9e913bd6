from django.db import migrations

from common.appendonly import append_only, never_emptied


class Migration(migrations.Migration):
    replaces = [("feedback", "0002_appeals")]
    dependencies = [("feedback", "0001_tables")]
    operations = [append_only("feedback_appealnote"), never_emptied("feedback_appealnote")]
