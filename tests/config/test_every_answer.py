"""What every answer has: an id, safe headers, JSON on the API."""

import json
import logging
import re
from copy import deepcopy

import psycopg2
import pytest
from django.db import OperationalError, connection, connections
from django.test import Client

from common.logs import JsonFormatter
from config import startup

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_address_of_the_api_that_does_not_exist_is_a_404_problem(client, method):
    answer = getattr(client, method)("/api/v1/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 404
    assert problem["request_id"] == answer["X-Request-ID"]


def test_a_method_that_is_not_taken_is_a_405_problem(client, lin):
    client.force_login(lin)
    answer = client.delete("/api/v1/departments/")
    assert answer.status_code in {403, 405}
    assert answer["Content-Type"] == "application/problem+json"


def test_an_error_that_nobody_foresaw_is_a_500_problem_with_an_id_only(client, lin, monkeypatch):
    def explode(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("config.api_schema.SchemaView.get", explode)
    client.force_login(lin)
    client.raise_request_exception = False
    answer = client.get("/api/v1/schema/")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert "secret" not in answer.content.decode()
    assert answer.json()["request_id"]


@pytest.mark.parametrize("address", ["/login/?next=%00", "/api/v1/departments/?q=%00", "/t/%00/", "/%ff/"])
def test_an_address_with_bytes_that_no_text_has_is_a_4xx(client, address):
    client.raise_request_exception = False
    assert 400 <= client.get(address).status_code < 500


def test_the_schema_is_openapi_3_1_and_the_docs_page_has_no_inline_script(client):
    schema = json.loads(client.get("/api/v1/schema/").content)
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/departments/" in schema["paths"]
    page = client.get("/api/v1/docs/").content.decode()
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")
    assert "//cdn" not in page
    (script,) = re.findall(r'<script src="([^"]*script=)"', page)
    told = client.get(script)
    assert told["Content-Type"].startswith("application/javascript")
    assert b"SwaggerUIBundle" in told.content


def test_departments_are_listed_for_a_signed_in_colleague(client, lin, after_sales):
    client.force_login(lin)
    rows = client.get("/api/v1/departments/").json()["results"]
    assert {row["code"] for row in rows} == {"after_sales", "customer_service"}


@pytest.mark.parametrize(
    "header", ["X-Frame-Options", "X-Content-Type-Options", "Permissions-Policy", "Referrer-Policy"]
)
def test_every_page_has_the_safe_headers(client, header):
    page = client.get("/login/")
    assert page[header]
    assert "script-src 'self'" in page["Content-Security-Policy"]


def test_a_line_of_the_log_stays_one_line_and_names_no_address():
    record = logging.LogRecord("x", logging.WARNING, "f", 1, "a\r\nb", None, None)
    assert "\n" not in JsonFormatter().format(record)


@pytest.mark.parametrize("ask", ["get", "post"])
def test_no_line_of_the_log_names_an_address_that_holds_a_secret(ask, caplog):
    """Also where Django itself refuses the call: no such case, no token against forgery."""
    asked = getattr(Client(enforce_csrf_checks=True), ask)("/t/SECRET/messages/", headers={"user-agent": "SECRET\nx"})
    assert asked.status_code in {403, 405}
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert lines and "SECRET" not in "".join(lines)
    assert any("Forbidden (CSRF" in line or "Method Not Allowed" in line for line in lines)


@pytest.mark.parametrize(
    "address", ["/", "/nothing/", "/tickets", "/x%00/", "/%ff/", "/admin/", "/api/v1/nothing/", "/t/x/"]
)
def test_every_answer_has_the_policy_whatever_refuses_the_request(client, address):
    answer = client.get(address)
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}


def test_a_forged_host_is_refused_under_the_policy_too(client, settings):
    settings.ALLOWED_HOSTS = ["feedback.example"]
    answer = client.get("/tickets/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_a_colleague_who_opens_the_settings_is_told_so_and_not_sent_round_in_circles(client, lin):
    client.force_login(lin)
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_stranger_who_opens_the_settings_is_led_to_the_one_login(client):
    page = client.get("/admin/tickets/", follow=True)
    assert page.redirect_chain[-1][0] == "/login/?next=%2Fadmin%2Ftickets%2F"


@pytest.mark.parametrize("address", ["/", "/api/v1/schema/"])
def test_while_the_database_is_away_one_is_told_to_come_back(client, monkeypatch, address):
    def away(*args, **kwargs):
        raise OperationalError("server closed the connection; secret detail")

    monkeypatch.setattr("feedback.views.FeedbackForm", away)
    monkeypatch.setattr("config.api_schema.SchemaView.get", away)
    client.raise_request_exception = False
    answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/api/v1/schema/"])
@pytest.mark.django_db(transaction=True)
def test_who_asks_for_too_much_is_told_to_ask_for_less(client, monkeypatch, address):
    def slow(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 50; SELECT pg_sleep(10)")

    monkeypatch.setattr("feedback.views.FeedbackForm", slow)
    monkeypatch.setattr("config.api_schema.SchemaView.get", slow)
    client.raise_request_exception = False
    answer = client.get(address, headers={"accept-language": "en"})
    connection.close()
    assert answer.status_code == 503
    assert "Ask for less" in answer.content.decode()


def test_a_statement_of_the_web_server_ends(settings, monkeypatch):
    kept = deepcopy(connections.settings)
    monkeypatch.setattr(connections, "settings", kept)
    startup.bound_queries()
    with (
        psycopg2.connect(**connections.create_connection("default").get_connection_params()) as line,
        line.cursor() as cursor,
    ):
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)
        cursor.execute("SHOW join_collapse_limit")
        assert cursor.fetchone() == ("4",)
    line.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_address_of_a_form_opened_by_itself_says_so_in_both_languages(client, language):
    client.cookies["language"] = language
    answer = client.get("/logout/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert ("opened by itself" in page) == (language == "en")
    assert "<h1" in page
    assert client.put("/logout/").content == b""


def test_who_was_signed_out_while_writing_comes_back_to_the_page_of_the_form(client, lin):
    page = {"Referer": "http://testserver/tickets/Q1/?x=1"}
    assert client.post("/hotline/draft/", headers=page).url == "/login/?next=/tickets/Q1/%3Fx%3D1"
    assert client.post("/hotline/draft/").url == "/login/?next=/"
    elsewhere = {"Referer": "https://evil.example/tickets/"}
    assert client.post("/hotline/draft/", headers=elsewhere).url == "/login/?next=/"


@pytest.mark.parametrize(("address", "status"), [("/nothing/", 404), ("/rules/", 403), ("/logout/", 405)])
def test_a_page_that_cannot_be_shown_keeps_the_frame_of_who_asks(client, lin, address, status):
    assert 'class="site"' in client.get("/nothing/").content.decode()
    client.force_login(lin)
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert 'class="rail"' in page and 'class="site"' not in page
