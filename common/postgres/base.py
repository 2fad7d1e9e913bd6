"""Django's PostgreSQL, but that a kept connection is looked at without a trip to the server."""

import select

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection can still be used, asked once a request (`CONN_HEALTH_CHECKS`).

        A server that ends a connection says so: there is something to be read, where between two requests there is nothing. Only
        then it is asked, as Django does at every request, and inside a transaction, which may have failed. One that went
        without a word is noticed by neither.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.get_transaction_status() != TRANSACTION_STATUS_IDLE:
            return super().is_usable()
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        return not line.poll(0) or super().is_usable()
