"""Which calls of the API documentation shows as locked. Apart from `api_schema.py`, which DRF's views need first."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import AllowAny


class Schema(AutoSchema):
    """What is open to everybody shows no padlock; a token may be sent there all the same."""

    def get_auth(self) -> list[dict[str, Any]]:
        return [] if AllowAny in self.view.permission_classes else super().get_auth()
