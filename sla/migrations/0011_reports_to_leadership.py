from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0010_limit_of_returning"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clock",
            name="metric",
            field=models.CharField(
                choices=[
                    ("first_contact", "Register or hand over"),
                    ("register", "Register"),
                    ("assign", "Assign"),
                    ("accept", "Name the owner"),
                    ("first_response", "First response"),
                    ("next_response", "Next response"),
                    ("progress_update", "Progress update"),
                    ("plan", "First solution"),
                    ("resolution", "Resolution"),
                    ("report", "Report of the result"),
                    ("review_head", "Review by the department head"),
                    ("review_office", "Review by the feedback office"),
                    ("customer_reply", "Reply by the customer"),
                    ("call_back", "Follow-up visit"),
                    ("co_task", "Part of a co-department"),
                    ("return_decision", "Decision to return"),
                    ("promise", "Promised answer"),
                    ("situation", "Report to leadership"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="slatarget",
            name="metric",
            field=models.CharField(
                choices=[
                    ("first_contact", "Register or hand over"),
                    ("register", "Register"),
                    ("assign", "Assign"),
                    ("accept", "Name the owner"),
                    ("first_response", "First response"),
                    ("next_response", "Next response"),
                    ("progress_update", "Progress update"),
                    ("plan", "First solution"),
                    ("resolution", "Resolution"),
                    ("report", "Report of the result"),
                    ("review_head", "Review by the department head"),
                    ("review_office", "Review by the feedback office"),
                    ("customer_reply", "Reply by the customer"),
                    ("call_back", "Follow-up visit"),
                    ("co_task", "Part of a co-department"),
                    ("return_decision", "Decision to return"),
                    ("promise", "Promised answer"),
                    ("situation", "Report to leadership"),
                ],
                max_length=20,
            ),
        ),
    ]
