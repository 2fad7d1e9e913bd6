"""`manage.py setup_demo`: the demo company, its people and two months of tickets. Safe to run again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import company, mailboxes, month, paper, rooms, today


class Command(BaseCommand):
    help = "Set up the demo company 澄川电器. Only with HUISHENG_DEMO=1, because its passwords are known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-tickets", action="store_true", help="company and people only, in two seconds")

    def handle(self, *args: Any, without_tickets: bool, verbosity: int = 1, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("HUISHENG_DEMO is off; the demo's passwords are known to everybody.")
        company.create()
        mailboxes.create()
        call_command("setup", verbosity=verbosity)
        paper.create(timezone.now())
        if without_tickets:
            return
        made = month.create(timezone.now())
        if made:
            today.create(timezone.now())
        rooms.create(timezone.now())
        if verbosity:
            self.stdout.write(f"Demo company: {made} tickets made." if made else "Demo company: it is there already.")
