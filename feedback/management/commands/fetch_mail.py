"""Reads the mailboxes once; with `--follow` stays and takes each mail as it comes (IDLE)."""

import threading
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from feedback.mail import services as services_mail
from feedback.mail import services_fetch
from feedback.models import Mailbox

LONGEST_IDLE = 240  # seconds; servers and routers end connections that are silent longer
WITHOUT_IDLE = 30
LONGEST_REST = 300


class Command(BaseCommand):
    help = "Fetch new mail by IMAP and make cases of it."

    def add_arguments(self, parser):
        parser.add_argument("--mailbox", metavar="CODE", help="only this one")
        parser.add_argument("--follow", action="store_true", help="stay and take each mail as it comes")
        parser.add_argument("--store-only", action="store_true", help="leave the reading to the workers")

    def handle(self, *, mailbox, follow, store_only, **options):
        boxes = Mailbox.objects.filter(is_active=True).exclude(host="")
        if mailbox:
            boxes = boxes.filter(code=mailbox)
        if not boxes:
            raise CommandError("There is no such mailbox with an IMAP server.")
        if not follow:
            for box in boxes:
                self._take(box, services_fetch.fetch(box, at=timezone.now()), store_only)
            return
        threads = [threading.Thread(target=self._follow, args=(box, store_only), daemon=True) for box in boxes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _take(self, box, rows, store_only):
        for pk in rows:
            outcome = None if store_only else services_mail.process(pk, at=timezone.now())
            self.stdout.write(
                f"{box.code} {pk} {outcome.kind if outcome else 'stored'} {outcome.number if outcome else ''}".strip()
            )
        self.stdout.flush()

    def _follow(self, box, store_only):
        rest = 1
        while True:
            try:
                with services_fetch.alone(box) as ours:
                    if ours:
                        self._stay(box, store_only)
            except services_fetch.CannotFetch as error:
                services_fetch.note_failure(box, str(error), at=timezone.now())
            finally:
                connection.close()
            time.sleep(rest)
            rest = min(rest * 2, LONGEST_REST)

    def _stay(self, box, store_only):
        with services_fetch.session(box) as client:
            while True:
                # what comes while others are worked on is not told by IDLE: once more, until nothing is there
                while rows := services_fetch.take_new(box, client, at=timezone.now()):
                    self._take(box, rows, store_only)
                if not services_fetch.follow(box, client, seconds=LONGEST_IDLE):
                    time.sleep(WITHOUT_IDLE)
