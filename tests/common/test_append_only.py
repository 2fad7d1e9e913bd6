"""History and access log only grow, whatever the application's own database user tries (D6)."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AccessLog
from accounts.services import log_access
from tests.make import NOON, a_ticket
from tickets.models import TicketEvent

pytestmark = pytest.mark.django_db
TABLES = {"tickets_ticketevent": TicketEvent, "accounts_accesslog": AccessLog}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_no_row_is_changed_or_taken_away(table, statement, zhou):
    a_ticket()
    log_access(user=zhou, action=AccessLog.Action.REVEAL, subject="Q1", at=NOON)
    before = list(TABLES[table].objects.values_list("pk", "at"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement.format(table))
    assert list(TABLES[table].objects.values_list("pk", "at")) == before != []
