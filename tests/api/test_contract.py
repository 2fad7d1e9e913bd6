"""The addresses and fields of the contract, word for word, in the schema that other systems read."""

import pytest
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


@pytest.fixture(scope="module")
def schema() -> dict:
    return SchemaGenerator().get_schema(public=True)


@pytest.mark.parametrize(
    "call",
    [
        "POST /feedback/", "POST /attachments/", "GET /feedback/{code}/", "POST /feedback/{code}/messages/",
        "POST /feedback/{code}/rating/", "POST /feedback/{code}/appeal/", "POST /feedback/{code}/withdraw/",
        "GET /tickets/", "GET /tickets/{number}/", "GET /tickets/{number}/events/", "GET /tickets/{number}/clocks/",
        "GET /tickets/{number}/messages/", "GET /tickets/{number}/attachments/", "GET /kpis/", "GET /reports/",
        "GET /reports/{id}/", "GET /knowledge/", "GET /departments/", "GET /channels/", "GET /categories/",
    ],
)  # fmt: skip
def test_an_address_of_the_contract_is_there(schema: dict, call: str) -> None:
    method, path = call.split()
    assert method.lower() in schema["paths"][BASE + path]


def test_a_report_comes_as_pdf_xlsx_and_docx(schema: dict) -> None:
    (path,) = [one for one in schema["paths"] if "/reports/{" in one and one.count("{") == 2]
    assert path == f"{BASE}/reports/{{id}}.{{form}}"
    forms = next(one for one in schema["paths"][path]["get"]["parameters"] if one["name"] == "form")
    assert set(forms["schema"]["enum"]) == {"pdf", "xlsx", "docx"}


@pytest.mark.parametrize(
    "name",
    [
        "status", "nature", "tier", "category", "channel", "department", "owner", "first_contact", "region", "overdue",
        "due_before", "received_after", "received_before", "q", "ordering", "cursor", "page_size",
    ],
)  # fmt: skip
def test_a_filter_of_the_contract_is_there(schema: dict, name: str) -> None:
    assert name in {one["name"] for one in schema["paths"][f"{BASE}/tickets/"]["get"]["parameters"]}


def test_every_list_has_the_same_envelope(schema: dict) -> None:
    """But the clocks of a ticket, which the contract has as a plain list."""
    plain = []
    for path, methods in schema["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        form = answer.get("application/json", {}).get("schema", {})
        if form.get("type") == "array":
            plain.append(path)
    assert plain == [f"{BASE}/tickets/{{number}}/clocks/"]


def test_every_call_tells_how_it_is_refused(schema: dict) -> None:
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            told = set(call["responses"])
            assert {"400", "401", "403", "429"} <= told, (method, path)
            assert "{" not in path or "404" in told, (method, path)
            assert method != "post" or {"409", "413", "415", "422"} <= told, (method, path)
            for status in told:
                if status >= "400":
                    assert list(call["responses"][status]["content"]) == ["application/problem+json"]


def test_every_post_tells_of_the_idempotency_key(schema: dict) -> None:
    silent = [
        path
        for path, methods in schema["paths"].items()
        if "post" in methods and "Idempotency-Key" not in {one["name"] for one in methods["post"].get("parameters", [])}
    ]
    assert silent == []
