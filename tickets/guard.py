"""What stands between strangers and a case: the code, and a limit on guessing it (S-3)."""

from django.conf import settings
from django.http import Http404, HttpRequest

from accounts.throttles import client_address, hit, is_loopback
from tickets import access
from tickets.models import Ticket


class TooManyTries(Exception):
    """Too many wrong codes from one address; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def ticket_by_code(request: HttpRequest, code: str) -> Ticket:
    """The ticket of a code. Only wrong codes are counted, so that following a case often costs nothing.

    Raises Http404, TooManyTries.
    """
    try:
        return access.get_by_tracking_code(code)
    except Http404:
        address = client_address(request)
        if not is_loopback(address):
            limit, seconds = settings.PUBLIC_RATES["track"]
            if wait := hit("track", address, limit=limit, seconds=seconds):
                raise TooManyTries(wait) from None
        raise
