"""The real mails that lie beside the project, where they do: what is known of each is read from each."""

import json
import re

import pytest

from common.text import clean
from config.message_ids import ROOT
from feedback.mail.message.reading import read

DATA = ROOT.parent / "shared" / "data" / "emails"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real mails are not on this machine")
KNOWN = json.loads((DATA / "expected.json").read_text(encoding="utf-8")) if DATA.is_dir() else []


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in clean(text).strip().split("\n")]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known["file"])
def test_a_real_mail_is_read(known: dict) -> None:
    found = read((DATA / known["file"]).read_bytes())
    assert not found.damage
    seen = {
        "subject": found.subject,
        "message_id": found.message_id,
        "machine": bool(found.machine),
        "text": lines(found.text),
        "reply_text": lines(found.reply_text),
        "from": {"address": found.sender.address, "name": found.sender.name},
        "attachments": [(file.name, file.media_type, len(file.data)) for file in found.files],
    }
    wanted = {name: known[name] for name in seen if name in known}
    for name in {"text", "reply_text"} & set(wanted):
        wanted[name] = lines(wanted[name])
    if "subject" in wanted:
        wanted["subject"] = clean(wanted["subject"])
    if "attachments" in wanted:
        wanted["attachments"] = [(file["name"], file["media_type"], file["size"]) for file in wanted["attachments"]]
    if "from" in wanted:
        seen["from"] = {name: seen["from"][name] for name in wanted["from"]}  # type: ignore[index]
    assert {name: seen[name] for name in wanted} == wanted


def test_no_words_and_no_file_of_a_real_mail_are_lost() -> None:
    lost = []
    for path in DATA.rglob("*.eml"):
        raw = path.read_bytes()
        found = read(raw)
        below = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[1:]
        if below and below[0].strip(b"\r\n -") and not found.text and not found.files:
            lost.append(path.name)
    assert lost == []
