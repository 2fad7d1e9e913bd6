"""The one signal of the house. `tests/structure/test_receivers.py` lists who listens."""

from django.dispatch import Signal

event_recorded = Signal()
"""Sent inside the transaction that wrote them: `events`, a list; each `event.ticket` is locked and up to date."""
