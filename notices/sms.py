"""Short messages: how long they are, and the ways out (A5.1). A transport knows nothing of notices.

`SMS_TRANSPORT` chooses: `gateway` posts JSON to `SMS_GATEWAY_URL`, `recorder` writes what would have been sent into
`HUISHENG_DATA/sms`, empty offers no short messages at all.
"""

import json
import re
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any, Protocol

from django.conf import settings

MOST_SEGMENTS = 8
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_MOBILE = re.compile(r"1[3-9]\d{9}|\+[1-9]\d{6,14}")
TIMEOUT = 10  # seconds


class Refused(Exception):
    """The gateway will never take this message: a wrong number, a template that it does not know."""


class Unreachable(Exception):
    """Not now; to be tried again."""


@dataclass(frozen=True)
class Sms:
    """`id` never changes for a message, so that a gateway knows a second copy."""

    id: str
    to: str
    text: str
    template: str  # the operator's approval number
    params: dict[str, str]


class Transport(Protocol):
    def send(self, sms: Sms) -> str:
        """The gateway's own number of it. Raises Refused or Unreachable."""
        ...


def segments(text: str) -> int:
    """How many messages an operator bills: 160 signs of the Latin alphabet, or 70 with any other sign among them;
    parts of a longer one hold 153 or 67.
    """
    if set(text) <= _BASIC | _EXTENDED:
        length, single, part = len(text) + sum(char in _EXTENDED for char in text), 160, 153
    else:
        length, single, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // part)


def reachable(phone: str) -> bool:
    """Whether short messages go there: a mobile number of the mainland, or one of abroad with its country."""
    return bool(_MOBILE.fullmatch(phone))


def transport() -> Transport | None:
    return {"gateway": Gateway(), "recorder": Recorder()}.get(settings.SMS_TRANSPORT)


class Recorder:
    """Writes each message as a file, for development, the demo and tests."""

    def send(self, sms: Sms) -> str:
        folder = Path(settings.DATA_DIR) / "sms"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{sms.id}.json").write_text(json.dumps(asdict(sms), ensure_ascii=False, indent=1), "utf-8")
        return f"recorded-{sms.id}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str) -> None:
        return None


class Gateway:
    """POST `{id, to, text, template, params}` with a bearer key; the answer may hold the gateway's own `id`.

    400 to 499 but 408 and 429 are refusals for good; everything else is tried again.
    """

    def send(self, sms: Sms) -> str:
        request = urllib.request.Request(  # noqa: S310 - the address is a setting, checked to be http(s)
            settings.SMS_GATEWAY_URL,
            data=json.dumps(asdict(sms), ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Authorization": f"Bearer {settings.SMS_GATEWAY_KEY}",
                "Idempotency-Key": sms.id,
            },
        )
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
                body = answer.read(10_000)
        except urllib.error.HTTPError as error:
            told = f"{error.code} {error.read(300).decode('utf-8', 'replace')}".strip()
            if 400 <= error.code < 500 and error.code not in {408, 429}:
                raise Refused(told) from None
            raise Unreachable(told) from None
        except (OSError, ValueError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from None
        try:
            given = json.loads(body)
        except ValueError:
            return ""
        return str(given.get("id", ""))[:200] if isinstance(given, dict) else ""
