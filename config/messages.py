"""Message catalogs without gettext's programs: `python -m config.messages compile|check`."""

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
    return found


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))


def main(arguments: list[str]) -> int:
    if arguments == ["compile"]:
        for path in compile_all():
            print(path)
        return 0
    if arguments == ["check"]:
        found = faults()
        print("\n".join(found) or "Catalogs are complete.")
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
