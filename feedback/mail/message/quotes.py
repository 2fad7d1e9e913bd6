"""What somebody wrote anew in a reply, without the mail they answer: quoted text is folded, the whole is always kept.

Reads lines, not meaning: the lines with which mail programs introduce what they quote (Outlook, Foxmail, QQ, 163, Gmail,
Apple and others, in Chinese, English and what Europe writes), `>` before a line, and what programs sign with.
"""

import re

from common.text import fold
from feedback.mail.message import quote_lines as known

MOST_LINES = 5_000
_INITIALS = re.compile(r"\s{0,3}[A-Za-z]{0,2}>")
_SIGNATURE_LINES = 15


def reply_text(text: str, *, sender_name: str = "", sender_address: str = "") -> str:
    """The new words; the whole text when nothing else would be left."""
    lines = text.split("\n")[:MOST_LINES]
    kept = without_quotes(lines)
    kept = without_signature(kept, fold(sender_name).strip(), fold(sender_address).strip(), cut=len(kept) < len(lines))
    return "\n".join(without_last_quote(kept)).strip() or text.strip()


def without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        length = known.introduction(lines, at)
        if not length:
            kept.append(lines[at])
            at += 1
            continue
        behind = first_unquoted(lines, at + length)
        quotes = behind > known.first_filled(lines, at + length)
        if not any(line.strip() for line in kept):  # answered below the quotation
            if known.is_final(lines, at):
                break
            at = behind if quotes else at + length
        elif quotes and known.first_filled(lines, behind) < len(lines) and answers_below(lines, behind):
            at += length  # answered between the lines: what it answers is left in its place
        else:
            break
    return without_last_quote(kept)


def first_unquoted(lines: list[str], at: int) -> int:
    """The first line with words that is not quoted."""
    while at < len(lines) and (not lines[at].strip() or lines[at].lstrip().startswith(">")):
        at += 1
    return at


def answers_below(lines: list[str], at: int) -> bool:
    """Whether a person's words follow, not the signature or another quotation."""
    at = known.first_filled(lines, at)
    return not (known.introduction(lines, at) or known.ends_text(lines[at]) or _INITIALS.match(lines[at]))


def without_last_quote(lines: list[str]) -> list[str]:
    """Quoted lines at the end, which nothing answers; not those that are all there is."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _INITIALS.match(lines[end - 1]) or known.is_rule(lines[end - 1])):
        end -= 1
    return lines[:end]


def without_signature(lines: list[str], name: str, address: str, *, cut: bool) -> list[str]:
    """Without what a mail program or a signature block adds. `cut`: a quotation followed, so a bare name was put there."""
    drawn = sum(known.is_underline(line) for line in lines)  # several part the points of a list
    for at, line in enumerate(lines):
        if (
            (known.ends_text(line) or (drawn == 1 and known.is_underline(line)))
            and any(word.strip() for word in lines[:at])
            and len(lines) - at <= _SIGNATURE_LINES
        ):
            lines = lines[:at]
            break
    end = len(lines)
    while end and (not lines[end - 1].strip() or known.is_program(lines[end - 1])):
        end -= 1
    end = known.card(lines[:end]) or end
    while end and not lines[end - 1].strip():
        end -= 1
    if cut and end > 2 and not lines[end - 2].strip():
        last = fold(lines[end - 1]).strip()
        if last and (last == address or (last == name and end > 3 and not lines[end - 3].strip())):
            end -= 1
    return lines[:end] if any(line.strip() for line in lines[:end]) else lines
