"""The database's own log names errors, never what people wrote (S-15)."""

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value"),
    [("log_min_error_statement", "panic"), ("log_error_verbosity", "terse"), ("log_parameter_max_length_on_error", "0"),
     ("log_statement", "none"), ("log_min_duration_statement", "-1")],
)  # fmt: skip
def test_no_statement_and_no_row_gets_into_the_log(setting, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        assert cursor.fetchone() == (value,)
