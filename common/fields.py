"""Bodies of the API and their fields."""

import threading
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.fields import empty

MOST_NAMED, LONGEST_NAME = 20, 100
OF_FORMS = {"csrfmiddlewaretoken"}
LISTS = (serializers.ListField, serializers.ManyRelatedField)


class TextOnly(serializers.CharField):
    """Text is a string: a number is refused, not turned into digits that nobody wrote."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:  # as it was sent, before it is cleaned
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class NamedOnly(serializers.Serializer):
    """A body that takes its own fields and no others: an unknown name, or one that cannot be set, is refused by name (S-9).

    What is misspelt is not lost silently, and what an attacker tries is told from what a client means.
    """

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """What `data` says, as `validated_data`, or its ValidationError. The fields are made once a thread, not once a call."""
        reader = _kept.readers.get(cls)
        if reader is None:
            reader = _kept.readers[cls] = cls()
        try:
            return reader.run_validation(data)
        except serializers.ValidationError:
            form = cls(data=data)
            form.is_valid(raise_exception=True)
            return form.validated_data

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(as_json(data, self.fields) if isinstance(data, QueryDict) else data)

    @cached_property
    def named(self) -> dict[str, serializers.Field]:
        """Its fields in a plain dict: DRF's own looks through all of them for each name that is not there."""
        return dict(self.fields)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields = self.named
            wrong = {
                name: told(name, fields) for name in names_in(data) if name not in fields or fields[name].read_only
            }
            wrong |= {
                name: [str(fields[name].error_messages["invalid"])]
                for name in data
                if name in fields and name not in wrong and is_misfit(data, fields, name)
            }
            if wrong:
                raise serializers.ValidationError(dict(sorted(wrong.items())[:MOST_NAMED]))
        return super().to_internal_value(data)


class Kept(threading.local):
    """A serializer of each kind, each thread its own: reading leaves nothing in it."""

    def __init__(self) -> None:
        self.readers: dict[type[NamedOnly], NamedOnly] = {}


_kept = Kept()


def as_json(form: QueryDict, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says, as JSON says it (decision 0094): an empty value is an empty text, what is not there is not there.

    DRF reads the one as nothing said and the other, where a yes or no is asked, as a no. A list is a name that comes again.
    """
    return {
        name: form.getlist(name) if isinstance(fields.get(name), LISTS) else value_of(form[name], fields.get(name))
        for name in form
        if name not in OF_FORMS
    }


def value_of(text: Any, field: Any) -> Any:
    """A yes, a no or a whole number written out in a form; anything else as it came."""
    if isinstance(field, serializers.BooleanField):
        return {"true": True, "1": True, "on": True, "false": False, "0": False}.get(text, text)
    if isinstance(field, serializers.IntegerField) and isinstance(text, str) and text.isascii() and text.isdigit():
        return int(text) if len(text) < 20 else text
    return text


def is_misfit(body: Mapping[str, Any], fields: Mapping[str, Any], name: str) -> bool:
    """Whether something else stands where the schema says yes or no, or a number: `"no"` and 0 are no `false`."""
    value, field = body.get(name), fields[name]
    if isinstance(field, serializers.BooleanField):
        return not isinstance(value, bool | None)
    return isinstance(field, serializers.IntegerField) and isinstance(value, str)


def names_in(body: Mapping[str, Any]) -> set[str]:
    return {str(name)[:LONGEST_NAME] for name in body}


def told(name: str, known: Mapping[str, Any]) -> list[str]:
    return [_("This field cannot be set.") if name in known else _("There is no such field.")]
