"""The one signal of the house. `tests/structure/test_receivers.py` lists who listens."""

from django.dispatch import Signal

event_recorded = Signal()
"""Sent inside the transaction that wrote a `TicketEvent`: `event`, with `event.ticket` locked and up to date."""
