"""The examples of `docs/api.md` work as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tickets.models import Ticket
from tickets.workflow import Nature

ROOT = Path(__file__).resolve().parents[2]


def example(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def outcome(command: list[str], address: str) -> list[str]:
    surroundings = os.environ | {"HUISHENG": address, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.django_db(transaction=True)
def test_the_python_client_hands_in_and_follows(live_server, tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(example("python"), encoding="utf-8")
    number, status = outcome([sys.executable, str(tmp_path / "client.py")], live_server.url)
    ticket = Ticket.objects.get(number=number)
    assert (ticket.nature, ticket.customer.phone, status) == (Nature.COMPLAINT, "13800001234", "received")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_the_javascript_client_hands_in_and_follows(live_server, tmp_path: Path) -> None:
    (tmp_path / "client.mjs").write_text(example("javascript"), encoding="utf-8")
    number, status = outcome(["node", str(tmp_path / "client.mjs")], live_server.url)
    ticket = Ticket.objects.get(number=number)
    assert (ticket.nature, ticket.anonymous, status) == (Nature.SUGGESTION, True, "received")
