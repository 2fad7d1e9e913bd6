"""The smallest web application that writes the rows of one submission, under the web server that the product has.

What is left when only that server, the driver and PostgreSQL remain: half of its rate is the product's limit.
`product.smallest` starts it; `BARE_TICKET` is the id of the ticket whose rows are written again and again.
"""

import os
import threading
from itertools import count
from typing import Any

import django
import psycopg2

django.setup()

from django.db import connection  # noqa: E402

from tests.bench import bare  # noqa: E402

WRITTEN = bare.rows_of(int(os.environ["BARE_TICKET"]))
connection.close()
own = threading.local()
steps = count(os.getpid() * 10**6)  # no two processes write one row


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if environ["REQUEST_METHOD"] == "POST":
        if not hasattr(own, "line"):
            own.line = psycopg2.connect(os.environ["DATABASE_URL"])
        with own.line, own.line.cursor() as cursor:
            bare.insert(cursor, WRITTEN, next(steps))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
