"""Fields of the API's bodies."""

from typing import Any

from rest_framework import serializers


class TextOnly(serializers.CharField):
    """Text is a string: a number is refused, not turned into digits that nobody wrote."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:  # as it was sent, before it is cleaned
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)
