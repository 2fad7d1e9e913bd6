"""Structured logs: one JSON object a line, with the request's id and without personal data (S-15).

Addresses of pages are logged as their pattern, because a tracking code in an address is a secret.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")

NAMING_THE_PATH = ("django.request", "django.security.csrf")
EXTRA = ("method", "route", "status", "ms", "user")


class JsonFormatter(logging.Formatter):
    """json.dumps escapes line ends, so that no text can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        line |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["stack"] = traceback.format_tb(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)

    def _message(self, record: logging.LogRecord) -> str:
        """Django's own lines on requests end with the path, which is left out."""
        if record.name in NAMING_THE_PATH and isinstance(record.args, tuple) and record.args:
            return (str(record.msg) % (*record.args[:-1], "")).rstrip(" :")
        return record.getMessage()
