"""The leaves of a mail sorted into words and files: alternatives chosen between, wrapped files opened, nothing lost."""

import re

from common.text import clean
from feedback.mail.message import html, invitations, tnef
from feedback.mail.message.charsets import decode
from feedback.mail.message.files import File, named, no_repeats
from feedback.mail.message.flowed import unflowed
from feedback.mail.message.structure import Part, uuencoded

LONGEST_TEXT = 1_000_000
MOST_FILES = 1_000
_REPORTED = {
    "message/delivery-status", "message/disposition-notification", "message/rfc822", "text/rfc822-headers",
    "message/global", "message/global-delivery-status", "message/feedback-report",
}  # fmt: skip
_NO_HTML = re.compile(
    r"(?:this (?:message|e-?mail|is a multi-?part).{0,60}(?:html|mime).{0,120}"
    r"|.{0,60}(?:(?:不支持|无法显示|支持) ?html|html ?(?:格式|邮件)).{0,80})",
    re.IGNORECASE | re.DOTALL,
)


class Body:
    """Takes leaf after leaf; `words`, `listed`, `html` and `doubtful` tell what came of it."""

    def __init__(self, *, report: bool) -> None:
        self.report = report
        self.html: list[str] = []
        self.doubtful = False
        self._plain: list[str] = []
        self._from_html: list[str] = []
        self._invitations: list[str] = []
        self._wrapped: list[str] = []
        self._statuses: list[str] = []
        self._files: list[File] = []

    def take(self, part: Part) -> None:
        if self.report and part.media_type in _REPORTED:  # the bounced mail is our own
            if part.media_type != "message/rfc822":
                self._statuses.append(clean(decode(part.data)[0]))
            return
        if len(self._files) >= MOST_FILES:
            return
        if is_words(part):
            self._take_words(part)
        elif (
            part.media_type in {"application/ms-tnef", "application/vnd.ms-tnef"} or part.name.lower() == "winmail.dat"
        ):
            self._take_wrapped(part)
        else:
            if part.media_type == "text/calendar" and not self._invitations:
                self._invitations.append(invitations.as_text(part.data))
            self._keep(named(part))

    def _take_words(self, part: Part) -> None:
        is_html = part.media_type == "text/html"
        meta = html.meta_charset(part.data) if is_html else ""
        data = part.data
        if not is_html:
            inside, data = uuencoded(data)
            for name, content in inside[: MOST_FILES - len(self._files)]:
                self._keep(named(Part("application/octet-stream", content, name=decode(name)[0])))
        text, doubtful = decode(data, part.charset, meta=meta)
        self.doubtful |= doubtful
        if is_html:
            if room := html.LONGEST - sum(map(len, self.html)):
                self.html.append(text[:room])
                self._from_html.append(html.to_text(text[:room]))
            return
        text = clean(text)
        if part.media_type == "text/plain" and part.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        self._plain.append(text)

    def _take_wrapped(self, part: Part) -> None:
        inside = tnef.opened(part.data)
        if inside is None:
            self._keep(named(part))
            return
        for name, data in inside.files:
            self._keep(named(Part("", data, name=name)))
        self._wrapped.append(clean(inside.text))

    def _keep(self, file: File) -> None:
        self._files.append(file)

    def words(self) -> str:
        """The plain words; those of the HTML where there are none, or only a note that there is HTML."""
        plain = joined(self._plain)
        if self._from_html and (not plain or (len(plain) < 300 and _NO_HTML.fullmatch(plain))):
            plain = joined(self._from_html)
        return plain or joined(self._wrapped) or joined(self._invitations) or joined(self._statuses)

    def listed(self) -> list[File]:
        return no_repeats(self._files)


def joined(texts: list[str]) -> str:
    return clean("\n\n".join(text.strip("\n") for text in texts if text.strip())).strip()[:LONGEST_TEXT]


def is_words(part: Part) -> bool:
    """Whether a leaf is read as the mail's own text."""
    if part.media_type not in {"text/plain", "text/html", "text/enriched"} and not (
        part.media_type.startswith("text/") and not part.name
    ):
        return False
    if part.media_type in {"text/calendar", "text/x-vcard", "text/vcard", "text/directory", "text/rfc822-headers"}:
        return False
    return part.disposition != "attachment" and not part.name
