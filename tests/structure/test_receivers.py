"""The hidden flow, written out: who listens to what. A new receiver is entered here, so that it is never a surprise."""

import ast
import re
import weakref
from collections.abc import Iterator
from typing import Any

from django.db.models import signals as of_models
from django.dispatch import Signal

from config.message_ids import APPS, ROOT
from tickets.signals import event_recorded

LISTENERS = {
    "feedback.receivers.learn",
    "feedback.receivers.tell_on_wechat",
    "feedback.receivers.tell_other_systems",
    "feedback.receivers.tell_the_customer",
    "sla.receivers.follow",
    "surveys.receivers.follow",
    "tickets.receivers.tell_colleagues",
}
LONGEST = 3  # statements in a receiver


def heard_by(signal: Signal) -> Iterator[str]:
    for entry in signal.receivers:
        reference: Any = entry[1]
        listener = reference() if isinstance(reference, weakref.ReferenceType) else reference
        if listener is not None:
            yield f"{listener.__module__}.{listener.__qualname__}"


def test_these_listen_to_the_history_and_nobody_else() -> None:
    assert set(heard_by(event_recorded)) == LISTENERS


def test_none_of_our_apps_listens_to_the_saving_of_models() -> None:
    ours = [
        f"{name}: {listener}"
        for name in ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init")
        for listener in heard_by(getattr(of_models, name))
        if listener.partition(".")[0] in APPS
    ]
    assert ours == []


def test_a_receiver_has_at_most_three_statements() -> None:
    checked = 0
    for path in sorted(path for app in APPS for path in (ROOT / app).glob("receivers.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                checked += 1
                assert len(node.body) <= LONGEST, f"{path.parent.name}.{node.name} does too much"
    assert checked >= len(LISTENERS)


def test_receivers_stand_in_receivers_modules_only() -> None:
    elsewhere = [
        path.relative_to(ROOT).as_posix()
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if path.name != "receivers.py"
        and re.search(r"import receiver\b|_save\.connect\(", path.read_text(encoding="utf-8"))
    ]
    assert elsewhere == []
