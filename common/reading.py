"""Rows read or begun as model instances at the cost of a dict, for models of which a page, a sweep or a case has many."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Self

from django.db.models import Model
from django.db.models.base import ModelState


class QuicklyRead(Model):
    """A base instead of `Model`, whose `from_db` sets one attribute after the other through its descriptor, which for a row of
    forty columns takes longer than all that is done with it; a loaded value is where the descriptor keeps it at once.

    `__init__` and the signals `pre_init` and `post_init` take no part in reading, so such a model may not rely on them.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **_modes: Any) -> Self:
        row = cls.__new__(cls)
        row.__dict__.update(zip(field_names, values, strict=True))
        state = row.__dict__["_state"] = ModelState()
        state.adding, state.db = False, db
        return row

    @classmethod
    def begun(cls, **columns: Any) -> Self:
        """A new instance, unsaved, from values of columns (`ticket_id`, not `ticket`); the others have their defaults."""
        row = cls.__new__(cls)
        row.__dict__.update({name: default() for name, default in defaults(cls)})
        row.__dict__.update(columns)
        row.__dict__["_state"] = ModelState()
        return row


@cache
def defaults(model: type[Model]) -> list[tuple[str, Callable[[], Any]]]:
    return [(column.attname, column.get_default) for column in model._meta.concrete_fields]
