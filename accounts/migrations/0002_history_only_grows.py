from django.db import migrations

from common.appendonly import append_only, never_emptied


class Migration(migrations.Migration):
    replaces = [("accounts", "0002_append_only_access_log"), ("accounts", "0004_access_log_never_emptied")]
    dependencies = [("accounts", "0001_tables")]
    operations = [append_only("accounts_accesslog"), never_emptied("accounts_accesslog")]
