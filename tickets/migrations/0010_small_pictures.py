from django.db import migrations, models


class Migration(migrations.Migration):
    """A small copy of each picture, for lists."""

    dependencies = [("tickets", "0009_routing")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="thumb",
            field=models.FileField(blank=True, default="", max_length=200, upload_to="attachments/%Y/%m/"),
            preserve_default=False,
        ),
    ]
