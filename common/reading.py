"""Rows read or begun as model instances at the cost of a dict, for models of which a page, a sweep or a case has many."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, NamedTuple, Self

from django.db.models import ForeignKey, Model
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
    def begun(cls, **given: Any) -> Self:
        """A new instance, unsaved, from values of columns (`ticket_id`) or the stored rows that they point to (`ticket`); the others
        have their defaults. TypeError for a name that is neither.
        """
        row, way = cls.__new__(cls), beginning(cls)
        if unknown := given.keys() - way.names:
            raise TypeError(f"{cls.__name__} has no column {', '.join(sorted(unknown))}")
        columns, state = row.__dict__, ModelState()
        columns["_state"] = state
        columns.update(way.defaults)
        columns.update({name: make() for name, make in way.made})
        for name, value in given.items():
            points = way.relations.get(name)
            if points is None:
                columns[name] = value
            else:
                columns[points.attname] = None if value is None else getattr(value, points.target_field.attname)
                state.fields_cache[name] = value
        return row


class Beginning(NamedTuple):
    """What a new instance of a model has before it is told anything."""

    names: set[str]
    defaults: dict[str, Any]
    made: list[tuple[str, Callable[[], Any]]]  # anew for each: lists and dicts
    relations: dict[str, ForeignKey]


@cache
def beginning(model: type[Model]) -> Beginning:
    columns = model._meta.concrete_fields
    made = {column.attname: column.default for column in columns if column.has_default() and callable(column.default)}
    fixed = {column.attname: column.get_default() for column in columns if column.attname not in made}
    relations = {column.name: column for column in columns if isinstance(column, ForeignKey)}
    return Beginning({column.attname for column in columns} | relations.keys(), fixed, list(made.items()), relations)
