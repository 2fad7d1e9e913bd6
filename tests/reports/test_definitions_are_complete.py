from pathlib import Path

import pytest
from django.utils.translation import override

from reports.counted import PARTS
from reports.definitions import DEFINITIONS, meets_target, shown, shown_change
from reports.kpi import FIGURES

ROOT = Path(__file__).resolve().parents[2]


def test_every_figure_is_documented_and_leads_to_a_list():
    text = (ROOT / "docs/kpis.md").read_text(encoding="utf-8")
    for code in FIGURES:
        assert f"| `{code}` |" in text, code
        assert PARTS[code] and DEFINITIONS[code].text


def test_every_word_of_a_definition_has_its_chinese():
    told = {}
    for language in ("en", "zh-hans"):
        with override(language):
            told[language] = [str(words) for each in DEFINITIONS.values() for words in (each.name, each.text)]
    assert [english for english, chinese in zip(*told.values(), strict=True) if english == chinese] == []


@pytest.mark.parametrize(
    "code, value, target, met",
    [
        ("satisfaction", 0.9, 0.9, True),
        ("satisfaction", 0.8999, 0.9, False),
        ("repeat_rate", 0.05, 0.05, True),
        ("repeat_rate", 0.0501, 0.05, False),
        ("volume", 5, None, None),
        ("satisfaction", None, 0.9, None),
    ],
)
def test_a_target_is_met_at_its_own_value(code, value, target, met):
    assert meets_target(code, value, target) is met


def test_rates_change_by_points_and_counts_by_per_cent():
    assert shown_change("satisfaction", 0.918, 0.909).startswith("+0.9")
    assert shown_change("volume", 110, 100) == "+10.0%"
    assert shown_change("volume", 1, 0) == shown("volume", None) == "—"
