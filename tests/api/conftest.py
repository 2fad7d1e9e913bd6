"""Each call of the schema is a test by a name of its own: of tests named alike xdist would run one.

pytest 9.2 takes the identity of an item from its function and the parameters that it knows; schemathesis names its own.
"""

from dataclasses import replace

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not item.nodeid.endswith(item.name):
            item._id = replace(item.id, params=item.name.partition("[")[2].removesuffix("]"))
