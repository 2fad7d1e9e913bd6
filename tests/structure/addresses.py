"""Every address of the product, read from the resolver, and what to fill into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter


@dataclass(frozen=True)
class Address:
    route: str
    name: str
    arguments: tuple[tuple[str, type], ...]
    view: Any = None

    @property
    def names(self) -> set[str]:
        return {name for name, _kind in self.arguments}

    def fill(self, values: dict[str, Any]) -> str:
        """The path, with given values, and for what is not given one that fits its converter."""
        path = "/" + self.route
        for name, kind in self.arguments:
            otherwise = {IntConverter: "1", UUIDConverter: "0b1c2d3e-0000-4000-8000-000000000001"}.get(kind, "x")
            start = path.index("<")
            path = path[:start] + str(values.get(name, otherwise)) + path[path.index(">") + 1 :]
        return path


def addresses() -> Iterator[Address]:
    """All but Django's own administration, which has its own gate."""
    yield from _walk(get_resolver().url_patterns, "", "", ())


def _walk(patterns: list[Any], before: str, space: str, given: tuple[tuple[str, type], ...]) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        arguments = given + tuple((name, type(kind)) for name, kind in pattern.pattern.converters.items())
        if isinstance(pattern, URLResolver):
            if route != reverse("admin:index").lstrip("/"):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from _walk(pattern.url_patterns, route, inner, arguments)
        else:
            yield Address(route, space + (pattern.name or route), arguments, pattern.callback)
