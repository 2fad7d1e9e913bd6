"""The one signal of the house. `tests/structure/test_receivers.py` lists who listens."""

from typing import Any

from django.dispatch import Signal

from common.remembered import looked_at_once
from notices import outbox


class Recorded(Signal):
    def send(self, sender: Any, **named: Any) -> list[tuple[Any, Any]]:
        """No listener changes a setting, so one query tells all of them whether one has changed; and what they say to
        whomever is written in one statement at the end."""
        with looked_at_once(), outbox.together():
            return super().send(sender, **named)


event_recorded = Recorded()
"""Sent inside the transaction that wrote them: `events`, a list; each `event.ticket` is locked and up to date."""
