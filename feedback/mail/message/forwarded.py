"""Who first wrote a mail that somebody passes on, and what; pure, and sure only of what mail programs write themselves."""

import re
from dataclasses import dataclass

from common.text import one_line
from feedback.mail.message import quote_lines as known
from feedback.mail.message.addresses import Address
from feedback.mail.message.reading import NOBODY, Mail, read

_SUBJECT = re.compile(
    r"\s*(?:(?:re|aw|sv|回复|答复|回覆)\s*[:：]\s*){0,5}(?:fwd?|wg|tr|rv|enc|vs|转发|轉寄|轉發|转寄)\s*[:：]\s*",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\W{0,60}(?:begin )?(?:forwarded (?:message|mail)|(?:以下是|开始|下面是)?被?(?:转发|轉寄)的?(?:原)?(?:邮件|郵件)(?:信息)?)\W{0,60}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@：；，]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_MOST_LINES, _LONGEST_LINE = 2_000, 600


@dataclass(frozen=True)
class Original:
    """One mail inside another: its sender, its words, and the words that stood above it."""

    sender: Address
    subject: str
    text: str
    above: str


def originals(mail: Mail) -> list[Original]:
    """What is passed on, the outermost first: a chain of forwards holds several. Empty for a mail of one's own."""
    lines = mail.text.split("\n")[:_MOST_LINES]
    attached = [file for file in mail.files if file.media_type == "message/rfc822"][:3]
    if not (_SUBJECT.match(mail.subject) or any(_TITLE.fullmatch(line[:_LONGEST_LINE]) for line in lines)):
        return []
    found = []
    for file in attached:
        inner = read(file.data)
        if inner.sender != NOBODY:
            found.append(Original(inner.sender, inner.subject, inner.text, mail.text))
    at = 0
    while at < len(lines) and len(found) < 10:
        length = known.header_block(lines, at)
        if not length:
            at += 1
            continue
        sender, subject = named_in(lines[at : at + length])
        if sender != NOBODY:
            found.append(Original(sender, subject, rest(lines[at + length :]), before(lines[:at])))
        at += length
    return found


def named_in(block: list[str]) -> tuple[Address, str]:
    """Sender and subject of a block of headers as mail programs write it."""
    sender, subject = NOBODY, ""
    for place, line in enumerate(block):
        name, value = known.header_name(line), known.header_value(line)
        if name in known.FROM and sender == NOBODY:
            below = block[place + 1] if place + 1 < len(block) and not known.header_name(block[place + 1]) else ""
            sender = somebody(value) or somebody(f"{value} {below[:_LONGEST_LINE]}") or NOBODY
        elif name in known.SUBJECT and not subject:
            subject = one_line(value).strip(" *_|")
    return sender, subject


def somebody(value: str) -> Address | None:
    """`王小明 <w@x.cn>`, `"王小明" [mailto:w@x.cn]`, `w@x.cn(王小明)`; None without an address."""
    value = re.sub(r"mailto:", "", value, flags=re.IGNORECASE)
    found = _ADDRESS.search(value)
    if found is None:
        return None
    name = value[: found.start()].strip(" \t\"'“”<>[]()（）*_|;；,，") or value[found.end() :].partition(";")[0]
    name = one_line(name).strip(" \"'“”<>[]()（）*_|;；,，")
    return Address("" if "@" in name else name[:100], found[0])


def rest(lines: list[str]) -> str:
    return "\n".join(line.removeprefix("> ").removeprefix(">") for line in lines).strip()


def before(lines: list[str]) -> str:
    """Without the line that introduces the mail below."""
    while lines and (not lines[-1].strip() or _TITLE.fullmatch(lines[-1][:_LONGEST_LINE]) or ruled(lines[-1])):
        lines = lines[:-1]
    return "\n".join(lines).strip()


def ruled(line: str) -> bool:
    return known.is_rule(line) or known.introduction([line], 0) > 0


def bare(subject: str) -> str:
    """A subject without the mark of being passed on."""
    while found := _SUBJECT.match(subject):
        subject = subject[found.end() :]
    return subject
