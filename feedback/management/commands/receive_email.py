"""One raw mail from standard input, as a mail server pipes it: `receive_email --mailbox support < raw.eml`."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from feedback.mail import services as services_mail
from feedback.mail.message.reading import Mail, read
from feedback.models import Mailbox

LARGEST = 100 * 2**20


class Command(BaseCommand):
    help = "Take a mail from standard input and print what became of it as one line of JSON."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--mailbox", metavar="CODE", help="the mailbox it came to; may be left out with --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="read it and print, store nothing")
        parser.add_argument("--batch", type=Path, metavar="DIR", help="every *.eml of a folder and below, a line each")

    def handle(self, *, mailbox, dry_run, batch, **options):
        box = None if dry_run else self._mailbox(mailbox)
        for name, raw in self._mails(batch):
            line = {"file": name} if batch else {}
            self.stdout.write(json.dumps(line | self._one(box, raw), ensure_ascii=False))

    def _mailbox(self, code):
        if not code:
            raise CommandError("Name the mailbox: --mailbox CODE.")
        try:
            return Mailbox.objects.get(code=code)
        except Mailbox.DoesNotExist:
            known = ", ".join(Mailbox.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no mailbox {code!r}; there are: {known}.") from None
        except Error as wrong:
            raise CommandError(
                f"The mail could not be stored: {wrong}", returncode=75
            ) from wrong  # Postfix tries again

    def _mails(self, batch):
        if batch is None:
            raw = sys.stdin.buffer.read(LARGEST + 1)
            if len(raw) > LARGEST:
                raise CommandError(f"The mail is larger than {LARGEST // 2**20} MB.", returncode=69)
            yield "", raw
            return
        if not batch.is_dir():
            raise CommandError(f"{batch} is not a folder.")
        for path in sorted(batch.rglob("*.eml")):
            yield path.relative_to(batch).as_posix(), path.read_bytes()

    def _one(self, box, raw):
        if box is None:
            mail = read(raw)
            return printed(mail, services_mail.foreseen(mail))
        now = timezone.now()
        try:
            row, _new = services_mail.store(box, raw, received_at=now)
        except Error as wrong:
            raise CommandError(f"The mail could not be stored: {wrong}", returncode=75) from wrong
        outcome = services_mail.process(row.pk, at=now)
        return printed(read(raw), outcome)


def printed(mail: Mail, outcome: services_mail.Outcome) -> dict[str, object]:
    return {
        "outcome": outcome.kind,
        "number": outcome.number or None,
        "thread_token_used": outcome.token_used,
        "from": {"name": mail.sender.name, "address": mail.sender.address},
        "to": [{"name": known.name, "address": known.address} for known in mail.to],
        "subject": mail.subject,
        "text": mail.text,
        "reply_text": mail.reply_text,
        "attachments": [
            {"name": file.name, "media_type": file.media_type, "size": len(file.data), "sha256": file.sha256}
            for file in mail.files
        ],
        "machine": bool(mail.machine),
        "charset_warning": mail.doubtful,
        "message_id": mail.message_id,
        "reason": outcome.reason,
    }
