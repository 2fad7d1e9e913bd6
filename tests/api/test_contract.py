"""The addresses and fields of the contract, word for word, in the schema that other systems read."""

import jsonschema_rs
import pytest
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from config import api_examples

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


@pytest.fixture(scope="module")
def schema() -> dict:
    with translation.override("en"):
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


@pytest.mark.parametrize("name", ["category", "department", "owner", "first_contact", "region", "problem"])
def test_what_is_asked_for_by_code_or_name_is_text(schema: dict, name: str) -> None:
    """Where a column holds a row's key, the API says its code."""
    (told,) = [one for one in schema["paths"][f"{BASE}/tickets/"]["get"]["parameters"] if one["name"] == name]
    assert told["schema"] == {"type": "array", "items": {"type": "string"}}
    assert "`none`" in told["description"]


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


def calls_of(schema: dict) -> list[dict]:
    return [call for methods in schema["paths"].values() for call in methods.values()]


def test_every_call_is_named_says_who_may_and_how_often(schema: dict) -> None:
    """Below what it does stand the scope and the rate."""
    for call in calls_of(schema):
        what, *_more, who, rate = call["description"].split("\n\n")
        assert call["summary"] and what
        assert who.startswith(("Needs a token with the scope `", "Open to everybody.")), call["operationId"]
        assert "a token " in rate.lower(), call["operationId"]
        for one in call.get("security", []):
            assert all(scopes for scheme, scopes in one.items() if scheme == "bearer"), call["operationId"]


def test_every_body_has_an_example_that_it_takes(schema: dict) -> None:
    """Named by its call; nothing is left over."""
    taken = {}
    for call in calls_of(schema):
        body = call.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            ((_name, example),) = body["examples"].items()
            taken[call["operationId"]] = example["value"]
            form = schema["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
            read_only = {name for name, one in form["properties"].items() if one.get("readOnly")}
            needed = [name for name in form.get("required", []) if name not in read_only]
            told = form | {"required": needed, "components": schema["components"]}
            jsonschema_rs.Draft202012Validator(told, validate_formats=True).validate(example["value"])
            assert not read_only & example["value"].keys()
    assert taken == api_examples.BODIES


def test_what_fields_mean_is_told_in_chinese_to_who_reads_chinese() -> None:
    with translation.override("zh-hans"):
        told = SchemaGenerator().get_schema(public=True)
    forms = told["components"]["schemas"]
    said = {
        f"{name}.{field}": one["description"].splitlines()[0]
        for name, form in forms.items()
        for field, one in form.get("properties", {}).items()
        if one.get("description", "*")[0] != "*"  # lists of codes with their names
    }
    assert len(said) > 30
    assert [field for field, words in said.items() if words.isascii()] == []


@pytest.mark.parametrize(("language", "word"), [("en", "Hand in feedback"), ("zh-hans", "提交意见")])
def test_calls_are_named_in_the_readers_language(language: str, word: str) -> None:
    with translation.override(language):
        told = SchemaGenerator().get_schema(public=True)
    assert told["paths"][f"{BASE}/feedback/"]["post"]["summary"] == word
    assert "Idempotency-Key" in told["info"]["description"]
