"""Addresses of the customer's pages, as they leave the process."""

from functools import cache

from django.conf import settings
from django.urls import reverse

from tickets import tracking
from tickets.models import Ticket


def tracking_url(code: str) -> str:
    """By the code itself: only for the one who just got it; it is never stored."""
    return address("feedback:tracking", code)


def not_mine_url(ticket: Ticket) -> str:
    """For whoever gets a message about feedback that they did not send."""
    code = tracking.signed(ticket.pk, ticket.customer_id)
    return address("feedback:not-me", code)


def signed_tracking_url(ticket: Ticket) -> str:
    """For mails, which are stored: a signed form that ends after `tracking.SIGNED_DAYS`."""
    return tracking_url(tracking.signed(ticket.pk, ticket.customer_id))


_PLACE = "00000"  # no part of an address of ours


def address(page: str, code: str) -> str:
    """A page under a code, of letters and marks that an address takes as they are."""
    return settings.PUBLIC_BASE_URL.rstrip("/") + on_this_site(page, code)


def on_this_site(page: str, code: str) -> str:
    """The same without the host."""
    return path(page).replace(_PLACE, code)


@cache
def path(page: str) -> str:
    """Every case has one or two such addresses, and Django looks through all pages for each."""
    return reverse(page, args=[_PLACE])
