from django.db import migrations

from tickets.archive.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_archive_numbers_and_holds")]

    operations = [freeze()]
