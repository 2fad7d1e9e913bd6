"""Signing in: counted, slowed down after failures, and telling nobody which names exist (S-7, S-12)."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest

from accounts.models import AccessLog, User
from accounts.services import log_access
from accounts.throttles import client_address

FAILURES = 10
WITHIN = timedelta(minutes=15)


def minutes_to_wait(username: str, *, request: HttpRequest, at: datetime) -> int:
    """After ten failures within 15 minutes for one name from one address: how long that pair must wait, else 0.

    The pair, not the account: nobody can lock somebody else out. One query; the log itself is the counter, so that
    it survives a restart.
    """
    subject = _subject(username, client_address(request))
    recent = AccessLog.objects.filter(subject=subject, at__gt=at - WITHIN).order_by("-at", "-pk")
    rows = list(recent.values_list("action", "at")[:FAILURES])
    if len(rows) < FAILURES or any(action != AccessLog.Action.LOGIN_FAILED for action, _at in rows):
        return 0
    left = rows[-1][1] + WITHIN - at
    return int(left.total_seconds() // 60) + 1


def try_to_sign_in(request: HttpRequest, *, username: str, password: str, at: datetime) -> User | None:
    """The person, when name and password fit. Either way it is on record, without the name that was typed."""
    person = authenticate(request, username=username, password=password)
    if person is not None and person.is_app:
        person = None
    known = person or User.objects.filter(username=username).first()
    action = AccessLog.Action.LOGIN if person else AccessLog.Action.LOGIN_FAILED
    log_access(user=known, action=action, subject=_subject(username, client_address(request)), at=at)
    return person


def _subject(username: str, address: str) -> str:
    """Name and address as one opaque word: people type their password into the wrong field."""
    text = f"{username.strip().lower()}\0{address}".encode()
    return "sign-in " + hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()[:40]
