"""Chinese first, English complete: every message id that is asked for has its Chinese. `make messages` merges."""

import json
from pathlib import Path

import polib
import pytest

from config import message_ids, messages
from config.message_ids import MessageId

CATALOG = messages.LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_every_message_asked_for_is_in_the_catalog() -> None:
    there = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "") for entry in polib.pofile(str(CATALOG))}
    missing = [
        f"{min(places)}: {message.singular!r}"
        for message, places in sorted(message_ids.wanted().items())
        if (message.context, message.singular, message.plural) not in there
    ]
    assert missing == [], "run `make messages`"


def test_the_catalog_has_no_empty_unsure_or_broken_entry() -> None:
    assert CATALOG.exists()
    assert messages.faults() == []


def test_message_ids_are_found_in_code() -> None:
    code = 'from x import _\n_("One" " two")\nngettext("%(n)s case", "%(n)s cases", n)\nlabel = _(status.label)\n'
    assert set(message_ids.of_python(code, "x.py")) == {
        MessageId("One two"),
        MessageId("%(n)s case", "%(n)s cases"),
    }


def test_a_text_put_together_at_run_time_is_refused() -> None:
    with pytest.raises(ValueError, match=r"x\.py:1"):
        list(message_ids.of_python('_(f"Hello {name}")', "x.py"))


def test_message_ids_are_found_in_templates() -> None:
    page = (
        "{% translate 'Save' %}{% ui title=_(\"Case's history\") %}{# _('not this') #}"
        "{% blocktranslate count n=n trimmed %}\n  {{ n }} case\n{% plural %}\n  {{ n }} cases\n{% endblocktranslate %}"
    )
    assert set(message_ids.of_template(page, "x.html")) == {
        MessageId("Save"),
        MessageId("Case's history"),
        MessageId("%(n)s case", "%(n)s cases"),
    }


def test_a_merge_takes_the_parts_and_tells_what_is_missing(tmp_path: Path) -> None:
    templates, parts = tmp_path / "templates", tmp_path / "locale" / "parts"
    templates.mkdir()
    parts.mkdir(parents=True)
    (templates / "x.html").write_text(
        '{% translate "Save" %}{% translate "Send" %}{% blocktranslate %}Left {{ n }}{% endblocktranslate %}'
    )
    (parts / "a.json").write_text(json.dumps({"Save": "保存", "Left %(n)s": "剩余"}))
    told = messages.merge(tmp_path / "locale")
    assert told == ["templates/x.html: 'Send' has no translation"]
    assert [line.partition(": ")[2] for line in messages.faults(tmp_path / "locale")] == [
        "'Left %(n)s' lacks a placeholder of the original",
        "'Send' has no translation",
    ]
    (templates / "x.html").write_text("{% blocktranslate %}{{ n }} % left{% endblocktranslate %}")
    (parts / "a.json").write_text(json.dumps({"%(n)s % left": "还剩 %(n)s%"}))
    assert messages.merge(tmp_path / "locale") == messages.faults(tmp_path / "locale") == []
    catalog = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    assert "还剩 %(n)s%%" in catalog.read_text()
    catalog.write_text(catalog.read_text().replace("还剩 %(n)s", "还剩 %%(n)s"))
    assert [line.partition(": ")[2] for line in messages.faults(tmp_path / "locale")] == [
        "'%(n)s %% left' lacks a placeholder of the original"
    ]
    (templates / "x.html").write_text('{% translate "Save" %}{% translate "Send" %}')
    (parts / "a.json").write_text(json.dumps({"Save": "保存"}))
    (parts / "b.json").write_text(json.dumps({"Save": "存储", "Send": "发送"}))
    assert messages.merge(tmp_path / "locale") == ["b.json: 'Save' is already '保存', not '存储'"]


def test_no_part_says_otherwise_than_the_catalog() -> None:
    """One word for one thing: a part that contradicts would be taken for true by whoever reads it."""
    catalog = {entry.msgid: entry for entry in polib.pofile(str(CATALOG)) if not entry.obsolete}
    other = []
    for path in sorted((messages.LOCALE / "parts").glob("*.json")):
        for message, said in json.loads(path.read_text(encoding="utf-8")).items():
            entry = catalog.get(message)
            chinese = said["zh"] if isinstance(said, dict) else said
            if entry and chinese not in {entry.msgstr, *entry.msgstr_plural.values()}:
                other.append(f"{path.name}: {message!r}")
    assert other == []


@pytest.mark.parametrize(
    ("word", "instead"),
    [("超期", "超时"), ("逾期", "超时"), ("等级", "级别"), ("意见管理办公室", "意见管理部门"), ("案件", "工单")],
)
def test_the_glossary_has_one_word_for_one_thing(word: str, instead: str) -> None:
    said = [entry for entry in polib.pofile(str(CATALOG)) if not entry.obsolete]
    wrong = [entry.msgid for entry in said if word in entry.msgstr + "".join(entry.msgstr_plural.values())]
    assert wrong == [], f"say {instead}"
