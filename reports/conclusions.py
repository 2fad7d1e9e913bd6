"""Conclusions and recommendations proposed from the figures by written rules. Pure: stored figures in, lines out.

Each rule gives at most a few lines: what the figures show, then what to do about it. An analyst edits them.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from common.wording import number
from reports.definitions import DEFINITIONS, meets_target, shown, shown_change, shown_target
from reports.kpi import main_value

_CHINESE = re.compile("[\u3400-\u9fff]")
FEWEST = 5  # cases below which a group says nothing


def propose(content: dict[str, Any]) -> list[str]:
    """In the language that is active."""
    rules = (targets_missed, largest_change, fastest_growing_category, department_falling_behind, repeating_problem)
    lines = [line for rule in rules for line in rule(content)]
    return lines or [_("All figures with a target met it, and no group stands out. Keep the present measures.")]


def spoken(written: str, content: dict[str, Any]) -> tuple[list[str], str]:
    """The conclusions of a report, a line each, and the language that they are in.

    What the rules proposed and nobody reworded comes in the active language; a person's words stay as they were written.
    """
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    with override(settings.LANGUAGE_CODE):
        untouched = lines == propose(content)
    if untouched:
        return propose(content), get_language() or settings.LANGUAGE_CODE
    return lines, "zh-hans" if _CHINESE.search(written) else "en"


def local(name: dict[str, str]) -> str:
    return name["zh" if (get_language() or "").startswith("zh") else "en"]


def targets_missed(content: dict[str, Any]) -> Iterator[str]:
    for code in DEFINITIONS:
        value = main_value(code, content["figures"][code])
        target = content["targets"].get(code)
        if meets_target(code, value, target) is False:
            yield _(
                "%(figure)s was %(value)s, target %(target)s. Recommendation: name a person responsible for it and "
                "report on it at the next review meeting."
            ) % {"figure": DEFINITIONS[code].name, "value": shown(code, value), "target": shown_target(code, target)}


def largest_change(content: dict[str, Any]) -> Iterator[str]:
    """The figure that moved most against the period before, by its own measure."""
    moved = []
    for code, definition in DEFINITIONS.items():
        value, before = (main_value(code, content[name][code]) for name in ("figures", "before"))
        if value is None or not before or code == "void":
            continue
        moved.append((abs(value / before - 1), code, value, before, definition.better))
    if not moved or max(moved)[0] < 0.05:
        return
    _share, code, value, before, better = max(moved)
    worse = better and (value > before) != (better == "up")
    text = _("%(figure)s changed most: %(value)s after %(before)s (%(change)s).") % {
        "figure": DEFINITIONS[code].name,
        "value": shown(code, value),
        "before": shown(code, before),
        "change": shown_change(code, value, before),
    }
    yield f"{text} {_('Recommendation: look for the cause and decide on a measure.')}" if worse else text


def fastest_growing_category(content: dict[str, Any]) -> Iterator[str]:
    grown = [
        (row["figures"]["volume"] - row["before"], row)
        for row in content["tables"]["category"]
        if row["key"] and row["figures"]["volume"] >= FEWEST and row["figures"]["volume"] > row["before"]
    ]
    if grown:
        more, row = max(grown, key=lambda pair: (pair[0], pair[1]["key"]))
        yield _(
            "“%(category)s” grew fastest: %(now)s, %(more)s more than before. Recommendation: the responsible "
            "department examines the causes of these cases."
        ) % {"category": local(row["name"]), "now": number(row["figures"]["volume"]), "more": number(more)}


def department_falling_behind(content: dict[str, Any]) -> Iterator[str]:
    target = content["targets"]["handling_timeliness"]
    behind = [
        (row["figures"]["handling_timeliness"]["rate"], row)
        for row in content["tables"]["department"]
        if row["key"] and row["figures"]["handling_timeliness"]["decided"] >= FEWEST
    ]
    if behind:
        rate, row = min(behind, key=lambda pair: (pair[0], pair[1]["key"]))
        if target is not None and rate < target:
            yield _(
                "%(department)s falls behind: handling timeliness %(rate)s, target %(target)s. Recommendation: its "
                "head explains the delays and files a plan with the feedback office."
            ) % {
                "department": local(row["name"]),
                "rate": shown("handling_timeliness", rate),
                "target": shown_target("handling_timeliness", target),
            }


def repeating_problem(content: dict[str, Any]) -> Iterator[str]:
    for row in content["problems"][:1]:
        if row["volume"] >= FEWEST:
            yield _(
                "The most frequent common problem is “%(problem)s” with %(n)s tickets. Recommendation: decide on a "
                "lasting remedy."
            ) % {"problem": row["title"], "n": number(row["volume"])}
