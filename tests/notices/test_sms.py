"""A5.1: short messages by approved templates, through a transport that can be exchanged."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notices import services, services_sms, sms
from notices.models import Notice
from notices.models_sms import SmsTemplate
from tests.make import NOON
from tests.receiver import served

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


@pytest.fixture
def template() -> SmsTemplate:
    return SmsTemplate.objects.create(
        kind="replied", text="您的反映{number}已答复：{text} {url}", approval_number="SMS_1"
    )


@pytest.fixture
def recorder(settings, tmp_path):
    settings.SMS_TRANSPORT, settings.DATA_DIR, settings.SMS_SIGNATURE = "recorder", tmp_path, "澄川电器"
    return tmp_path / "sms"


def told(**changes: Any) -> list[Notice]:
    context = {"text": "师傅今天下午上门。", "url": "https://x.example/t/1"}
    rows = services_sms.to_phone(PHONE, "replied", key="k", at=NOON, topic="Q1", context=context, **changes)
    services.add(rows)
    return list(Notice.objects.filter(channel="sms"))


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
     ("好" * 70, 1), ("好" * 71, 2), ("好" * 134, 2), ("好" * 135, 3), ("a" * 69 + "好", 1), ("😀" * 35, 1), ("😀" * 36, 2)],
)  # fmt: skip
def test_a_message_is_counted_as_operators_bill_it(text, count):
    assert sms.segments(text) == count


@pytest.mark.parametrize(
    ("phone", "there"),
    [
        (PHONE, True),
        ("+4915112345678", True),
        ("057155508000", False),
        ("12345", False),
        ("", False),
        ("13800001234转1", False),
    ],
)
def test_short_messages_go_to_mobile_numbers(phone, there):
    assert sms.reachable(phone) is there


def test_it_is_recorded_with_signature_approval_number_and_variables(template, recorder):
    (row,) = told()
    assert services_sms.deliver_due(NOON) == 1
    (file,) = recorder.iterdir()
    sent = json.loads(file.read_text("utf-8"))
    assert sent["text"] == "【澄川电器】您的反映Q1已答复：师傅今天下午上门。 https://x.example/t/1"
    assert (sent["to"], sent["template"], sent["params"]["number"]) == (PHONE, "SMS_1", "Q1")
    row.refresh_from_db()
    assert (row.state, row.context["segments"]) == ("sent", 1)
    assert services_sms.deliver_due(NOON) == 0


def test_the_same_cause_is_told_once(template, recorder):
    assert len(told() + told()) == 2
    assert Notice.objects.count() == 1


def test_without_approval_nothing_leaves(template, recorder):
    SmsTemplate.objects.update(approval_number="")
    (row,) = told()
    services_sms.deliver_due(NOON)
    row.refresh_from_db()
    assert row.state == "failed"
    assert not recorder.exists()


def test_switched_off_no_row_is_written(template, settings):
    settings.SMS_TRANSPORT = ""
    assert told() == []


def test_mail_and_sms_do_not_take_each_others_rows(template, recorder, mailoutbox):
    told()
    services.add(
        services.to_address("wang@example.com", "replied", key="m", at=NOON, context={"text": "x", "url": "u"})
    )
    assert services.deliver_due(NOON) == 1
    assert len(mailoutbox) == 1
    assert services_sms.deliver_due(NOON) == 1


@pytest.mark.parametrize("text", ["{nmae}", "{__class__}", "{}"])
def test_a_template_with_an_unknown_variable_is_refused(text):
    with pytest.raises(ValidationError):
        SmsTemplate(kind="x", text=text).full_clean()


def test_what_a_customer_wrote_is_never_read_as_a_variable(template):
    text, _used = template.words("zh-hans", {"text": "{company} {0.__class__}", "number": "Q1", "url": ""})
    assert "{company} {0.__class__}" in text


# --- the gateway, over a real connection ----------------------------------------------------------------
@pytest.fixture
def gateway(settings):
    """A gateway that answers `status` and remembers what came."""

    class Handler(BaseHTTPRequestHandler):
        status, answer = 200, b'{"id": "gw-7"}'
        seen: list[Any] = []

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            Handler.seen.append((dict(self.headers), json.loads(body)))
            self.send_response(Handler.status)
            if Handler.status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(Handler.answer)

        def log_message(self, *args: Any) -> None:
            return None

    server = HTTPServer(("127.0.0.1", 0), Handler)
    settings.SMS_TRANSPORT, settings.SMS_GATEWAY_KEY = "gateway", "secret"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    with served(server):
        yield Handler


def test_the_gateway_gets_json_with_the_key_and_its_number_is_kept(template, gateway):
    (row,) = told()
    assert services_sms.deliver_due(NOON) == 1
    row.refresh_from_db()
    assert row.message_id == "gw-7"
    headers, body = gateway.seen[0]
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == body["id"] == f"notice-{row.pk}"


@pytest.mark.parametrize(
    ("status", "state"), [(400, "failed"), (422, "failed"), (429, "waiting"), (500, "waiting"), (302, "waiting")]
)
def test_a_refusal_is_for_good_and_a_failure_is_tried_again_later(template, gateway, status, state):
    gateway.status, gateway.answer = status, b"no"
    (row,) = told()
    assert services_sms.deliver_due(NOON) == 0
    row.refresh_from_db()
    assert (row.state, row.attempts) == (state, 1)
    assert str(status) in row.error
    assert row.not_before > NOON or state == "failed"


def test_an_answer_that_is_no_json_still_counts_as_sent(template, gateway):
    gateway.answer = b"OK"
    told()
    assert services_sms.deliver_due(NOON) == 1


def test_a_gateway_that_is_not_there_is_tried_again(template, settings):
    settings.SMS_TRANSPORT, settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = "gateway", "http://127.0.0.1:1/", "k"
    (row,) = told()
    assert services_sms.deliver_due(NOON) == 0
    row.refresh_from_db()
    assert row.state == "waiting"
