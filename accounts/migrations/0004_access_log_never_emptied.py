from django.db import migrations

from common.appendonly import never_emptied


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_more_calls_a_minute")]
    operations = [never_emptied("accounts_accesslog")]
