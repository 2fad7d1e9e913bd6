"""The smallest Django view that writes the rows of one submission, under the web server that the product has.

What is left when only that server, Django's own way of a request, the driver and PostgreSQL remain: half of its rate is the
product's limit. No middleware, no form, no model: the body is read, the rows go out as SQL in one transaction.
`product.smallest` starts it; `BARE_TICKET` is the id of the ticket whose rows are written again and again.
"""

import os
from itertools import count

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

django.setup()

from django.db import connection, transaction  # noqa: E402

from tests.bench import bare  # noqa: E402

settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
WRITTEN = bare.rows_of(int(os.environ["BARE_TICKET"]))
connection.close()
steps = count(os.getpid() * 10**6)  # no two processes write one row


def write(request: HttpRequest) -> HttpResponse:
    request.body  # noqa: B018 - as much is read
    if request.method == "POST":
        with transaction.atomic(), connection.cursor() as cursor:
            bare.insert(cursor.cursor, WRITTEN, next(steps))
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [re_path("", write)]  # whatever the address
application = get_wsgi_application()
