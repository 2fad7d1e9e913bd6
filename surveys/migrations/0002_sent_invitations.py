from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "followup",
            models.Index(fields=["sent_at"], condition=~Q(sent_at=None), name="follow_up_sent"),
        ),
    ]
