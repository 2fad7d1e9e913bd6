"""schemathesis calls every operation of the schema, with what it allows and with what it does not.

No answer may be a 500, have a status, a media type or a shape that the schema does not tell, or take what it forbids.
Left out is only that everything of the right shape must be taken: a schema cannot say which departments there are.
`make fuzz` does the same for longer.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from schemathesis.specs.openapi.checks import (
    missing_required_header,
    negative_data_rejection,
    positive_data_acceptance,
)

from accounts import services
from accounts.models import User
from accounts.roles import Role
from feedback.channels import app
from feedback.serializers import FeedbackSerializer
from tests.make import NOON
from tickets.models import Category

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _one_connection(settings: Any) -> Iterator[None]:
    """The calls of a test share its transaction, as with Django's own test client."""
    settings.ALLOWED_HOSTS = ["localhost"]
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def world(zhou: User, after_sales: Any) -> dict[str, Any]:
    """A token that may do everything, and a case to do it to."""
    zhou.roles = [Role.OFFICE.value, Role.HEAD.value, Role.ADMIN.value]
    zhou.save()
    token, _row = services.create_token(name="x", scopes=["submit", "read", "manage", "reports"], user=zhou, at=NOON)
    Category.objects.get_or_create(code="product", defaults={"name": "产品质量"})
    form = FeedbackSerializer(data={"channel": "app", "content": "上周六安装的空调一直滴水，两次上门没有修好。"})
    form.is_valid(raise_exception=True)
    receipt = app.take(form.validated_data, raw=b"{}", by=None, caller="x", language="en", at=NOON)
    return {"token": token, "number": receipt.ticket.number, "code": receipt.tracking_code}


OTHER_KINDS = re.compile(r"|null|true|false|-?[\d.]+(e[+-]?\d+)?")


@schema.parametrize()
@how(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_the_schema_says(case: Any, world: dict[str, Any]) -> None:
    for name in {"number", "code"} & set(case.path_parameters or {}):
        if len(str(case.path_parameters[name])) % 2 == 0:  # every other one is a real one
            case.path_parameters[name] = world[name]
    headers = {"Authorization": f"Bearer {world['token']}"}
    left_out = [positive_data_acceptance]
    if "{upload}" in case.path:
        left_out += [negative_data_rejection, missing_required_header]  # it answers 412
    elif reads_otherwise(case.query or {}):
        left_out += [negative_data_rejection]
    case.call_and_validate(headers=headers, excluded_checks=left_out)


def reads_otherwise(query: dict[str, Any]) -> bool:
    """What is wrong in it may not arrive so: an empty value is taken out (decision 0094), of a name that comes twice the last
    counts, and in an address null, true and numbers are words."""
    values = [given[0] if isinstance(given, list) and len(given) == 1 else given for given in query.values()]
    return any(not isinstance(value, str) or OTHER_KINDS.fullmatch(value) for value in values)


def test_every_call_is_a_test_by_a_name_of_its_own(request: pytest.FixtureRequest) -> None:
    mine = [item.nodeid for item in request.session.items if item.path == request.path]
    assert len(mine) == len(set(mine)) > 80
