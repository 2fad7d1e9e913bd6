"""`POST /hooks/cti/`: what a telephone system tells (A2.1). The body is one event:

    {"event": "ringing" | "answered" | "ended" | "recording", "call": "its own id", "from": "138…", "to": "400…",
     "extension": "8001" or "agent": "lin", "direction": "in" | "out", "recording_url": "https://…"}

Signed as `feedback.sources.hooks` says, with a secret of the setting `CTI_SECRETS`. A kind that is not known is kept and ignored.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from feedback.hotline import services as services_calls
from feedback.sources.hooks import Event, SignedView


class CtiHook(SignedView):
    def secrets_of(self, **address: Any) -> list[str]:
        return settings.CTI_SECRETS

    def take(self, event: Event) -> dict[str, Any]:
        if not isinstance(event.data, dict):
            raise ValidationError({"event": [_("An event is an object.")]})
        call = services_calls.told(event.data, event_id=event.id, at=event.at)
        return {"call": call.ref, "state": call.state} if call else {"call": None, "state": "ignored"}
