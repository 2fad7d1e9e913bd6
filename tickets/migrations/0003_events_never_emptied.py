from django.db import migrations

from common.appendonly import never_emptied


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_append_only_events"), ("accounts", "0002_append_only_access_log")]
    operations = [never_emptied("tickets_ticketevent")]
