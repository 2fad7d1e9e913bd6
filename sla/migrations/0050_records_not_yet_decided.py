from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_history_and_calendar_versions")]

    operations = [
        migrations.AlterField(
            model_name="accountability",
            name="outcome",
            field=models.CharField(
                choices=[("open", "Not yet decided"), ("confirmed", "Confirmed"), ("excused", "Excused")],
                default="open",
                max_length=10,
            ),
        ),
    ]
