from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_tables")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="is_offered",
            field=models.BooleanField(default=True, verbose_name="offered to colleagues"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(is_public=False) | models.Q(is_offered=True), name="no_draft_is_public"
            ),
        ),
    ]
