"""Message catalogs without gettext's programs: `python -m config.messages merge|compile|check`.

`merge` gathers what code and templates ask for, takes translations from the catalog as it is and new ones from
`locale/parts/*.json`, writes the catalog, and tells what is still missing.
"""

import json
import re
import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Writes each `.mo` that is older than its `.po`; returns those written. Costs a look at the dates otherwise."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            draft = target.with_suffix(".mo.draft")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)
            written.append(target)
    return written


def faults(locale: Path = LOCALE) -> list[str]:
    """One line for each message without a translation, with an unsure one, or whose placeholders differ."""
    found = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        for entry in polib.pofile(str(source)):
            if entry.obsolete:
                continue
            where = f"{source.relative_to(locale)}:{entry.linenum}: {entry.msgid[:60]!r}"
            texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
            if entry.fuzzy:
                found.append(f"{where} is marked fuzzy")
            elif not all(texts):
                found.append(f"{where} has no translation")
            elif any(_placeholders(text) - _placeholders(entry.msgid + entry.msgid_plural) for text in texts):
                found.append(f"{where} has a placeholder that the original lacks")
            elif any(_placeholders(entry.msgid) - _placeholders(text) for text in texts):
                found.append(f"{where} lacks a placeholder of the original")
    return found


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%(?:\(\w+\))?[sdrf]|\{\w*\}", text.replace("%%", "")))


def merge(locale: Path = LOCALE, language: str = "zh_Hans") -> list[str]:
    """Rewrites the catalog of `language`. Returns one line for each message without a translation, unused ones apart.

    A translation in the catalog stays; a part that says otherwise is reported, never taken silently.
    """
    from config import message_ids  # asks for Django, which compiling does not need

    target = locale / language / "LC_MESSAGES" / "django.po"
    known = _known(target)
    told = _take_parts(known, locale)
    catalog = polib.POFile(wrapwidth=110)
    catalog.metadata = {
        "Project-Id-Version": "huisheng",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for message, places in sorted(message_ids.wanted(locale.parent).items()):
        entry = polib.POEntry(msgid=message.singular, occurrences=[(place, "") for place in sorted(places)])
        entry.msgctxt = message.context or None
        text = known.get((message.context, message.singular), "")
        if not text and "%%" in message.singular:  # {% translate "50 %" %} asks for "50 %%"
            text = known.get((message.context, message.singular.replace("%%", "%")), "")
            text = re.sub(r"%(?!\()", "%%", text)
        if message.plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, {0: text}
        else:
            entry.msgstr = text
        if re.search(r"%\(\w+\)[sd]", message.singular):
            entry.flags.append("python-format")
        if not text:
            told.append(f"{min(places)}: {message.singular!r} has no translation")
        catalog.append(entry)
    target.parent.mkdir(parents=True, exist_ok=True)
    catalog.save(str(target))
    return told


def _known(catalog: Path) -> dict[tuple[str, str], str]:
    """Translations by context and message id."""
    if not catalog.exists():
        return {}
    return {
        (entry.msgctxt or "", entry.msgid): entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
        for entry in polib.pofile(str(catalog))
        if not entry.obsolete and not entry.fuzzy
    }


def _take_parts(known: dict[tuple[str, str], str], locale: Path) -> list[str]:
    """Adds what `parts/*.json` say: `{"msgid": "text"}`, or `{"one": {"plural": …, "zh": …}}`; a key may begin with
    its context and a vertical bar doubled (`"verb||Open"`). Returns the contradictions."""
    told = []
    for part in sorted((locale / "parts").glob("*.json")):
        for key, value in json.loads(part.read_text(encoding="utf-8")).items():
            context, _, singular = key.rpartition("||")
            text = value["zh"] if isinstance(value, dict) else value
            before = known.setdefault((context, singular), text)
            if not before:
                known[context, singular] = text
            elif before != text:
                told.append(f"{part.name}: {key!r} is already {before!r}, not {text!r}")
    return told


def main(arguments: list[str]) -> int:
    if arguments == ["compile"]:
        for path in compile_all():
            print(path)
        return 0
    if arguments == ["merge"]:
        print("\n".join(merge()) or "Every message has its translation.")
        return 0
    if arguments == ["check"]:
        found = faults()
        print("\n".join(found) or "Catalogs are complete.")
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
