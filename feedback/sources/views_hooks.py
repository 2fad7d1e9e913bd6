"""The addresses that other machines call with what was said to them."""

from typing import Any

from django.utils import timezone

from feedback.channels import inbound
from feedback.models import Source
from feedback.sources.hooks import Event, SignedView


class InboundView(SignedView):
    """`POST /hooks/inbound/<source>/`."""

    def secrets_of(self, **address: Any) -> list[str]:
        self.source = Source.objects.filter(code=address["source"], is_active=True).first()
        if self.source is None:
            return []
        old = self.source.former_until and timezone.now() < self.source.former_until
        return [self.source.secret, *([self.source.former_secret] if old else [])]

    def take(self, event: Event) -> dict[str, Any]:
        assert self.source is not None
        return inbound.take(self.source, event.data, raw=event.raw, event_id=event.id, at=event.at)
