from django.db import migrations, models

# name, table, column; the foreign keys themselves stay as they are, where an AlterField would check every row again
GONE = [
    ("accounts_idempotentcall_key_digest_954c4d2e_like", "accounts_idempotentcall", "key_digest varchar_pattern_ops"),
]


class Migration(migrations.Migration):
    """Nobody asks for the beginning of a digest: its constraint is index enough."""

    dependencies = [
        ("accounts", "0007_capacity"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="idempotentcall",
                    name="key_digest",
                    field=models.CharField(max_length=64),
                ),
                migrations.AddConstraint(
                    model_name="idempotentcall",
                    constraint=models.UniqueConstraint(fields=("key_digest",), name="one_call_a_key"),
                ),
            ],
            database_operations=[
                *(
                    migrations.RunSQL(
                        f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ({column})'
                    )
                    for name, table, column in GONE
                ),
                migrations.RunSQL(
                    "ALTER TABLE accounts_idempotentcall RENAME CONSTRAINT accounts_idempotentcall_key_digest_key"
                    " TO one_call_a_key",
                    "ALTER TABLE accounts_idempotentcall RENAME CONSTRAINT one_call_a_key"
                    " TO accounts_idempotentcall_key_digest_key",
                ),
            ],
        ),
    ]
