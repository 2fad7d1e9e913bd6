"""Addresses of the customer's pages, as they leave the process."""

from django.conf import settings
from django.urls import reverse

from tickets import tracking
from tickets.models import Ticket


def tracking_url(code: str) -> str:
    """By the code itself: only for the one who just got it; it is never stored."""
    return settings.PUBLIC_BASE_URL.rstrip("/") + reverse("feedback:tracking", args=[code])


def not_mine_url(ticket: Ticket) -> str:
    """For whoever gets a message about feedback that they did not send."""
    code = tracking.signed(ticket.pk, ticket.customer_id)
    return settings.PUBLIC_BASE_URL.rstrip("/") + reverse("feedback:not-me", args=[code])


def signed_tracking_url(ticket: Ticket) -> str:
    """For mails, which are stored: a signed form that ends after `tracking.SIGNED_DAYS`."""
    return tracking_url(tracking.signed(ticket.pk, ticket.customer_id))
