"""The question before an archived case, and the way on to what was wanted when it is answered (D6)."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from tickets.archive import services
from tickets.models import Ticket

LONGEST = 500


def asked_first(user: User, ticket: Ticket, *, at: datetime, wanted: str) -> HttpResponseRedirect | None:
    """The way to the question, which leads on to the page `wanted`; None where nothing has to be asked. A query at most."""
    if not services.must_say_why(user, ticket, at=at):
        return None
    return redirect(f"{ticket.get_absolute_url()}?{urlencode({'next': wanted})}")


def leads_on(wanted: str | None) -> str:
    """`wanted` where it is a page of this application, else nothing: nobody is sent elsewhere by a link from outside."""
    wanted = (wanted or "")[:LONGEST]
    inside = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if inside else ""
