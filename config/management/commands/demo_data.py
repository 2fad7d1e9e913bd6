"""`manage.py demo_data --tickets N`: many more tickets for the demo company, brought in as history is."""

import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Region, User
from config import prepare
from config.demo import stories
from config.demo.month import CHANNELS, REGIONS, SEED, at_work
from tickets.models import Category

SOURCE = "demo-data"
DAYS = 365


class Command(BaseCommand):
    help = (
        "Bring in N invented tickets of the last year by the import path. Running it again adds only what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tickets", type=int, default=1000)

    def handle(self, *args: Any, tickets: int, verbosity: int = 1, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("HUISHENG_DEMO is off.")
        prepare.migrate()
        call_command("setup_demo", without_tickets=True, verbosity=0)
        with written(tickets, timezone.now()) as path:
            call_command("import_tickets", path, source=SOURCE, verbosity=verbosity)


@contextmanager
def written(count: int, now: datetime) -> Iterator[str]:
    """The path of a file of so many lines, for the time of the block."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in rows(count, now):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        yield file.name


def rows(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Lines as `import_tickets` takes them; the same for the same count, but for the present."""
    dice = Random(SEED)
    places = [row.full_name for row in Region.objects.filter(code__in=REGIONS.split())]
    departments = {row.code: row.department for row in Category.objects.select_related("department")}
    handlers: dict[int, list[str]] = {}
    for person in User.objects.active().with_role("handler").order_by("pk"):
        handlers.setdefault(person.department_id or 0, []).append(person.username)
    for n in range(count):
        story = dice.choice(stories.STORIES)
        words = {kind: dice.choice(models) for kind, models in stories.MODELS.items()}
        words["when"] = dice.choice(stories.WHEN)
        department = departments[story.category]
        received = now - timedelta(days=dice.uniform(0.1, DAYS))
        row: dict[str, Any] = {
            "external_id": f"data-{n}",
            "channel": dice.choices(list(CHANNELS), list(CHANNELS.values()))[0],
            "nature": story.nature,
            "category": story.category,
            "region": dice.choice(places) if places else "",
            "tier": story.tier or None,
            "department": department.code if department else None,
            "owner": dice.choice(handlers[department.pk]) if department and department.pk in handlers else None,
            "subject": story.subject.format(**words),
            "content": story.content.format(**words),
            "received_at": received.isoformat(),
        }
        if dice.random() < 0.85:
            phone = f"1380000{dice.randint(0, 9999):04d}"
            row["customer"] = {
                "name": dice.choice("王李张刘陈杨黄赵") + dice.choice(("敏", "伟", "静")),
                "phone": phone,
            }
        row |= outcome(dice, received, now)
        yield {name: value for name, value in row.items() if value is not None}


def outcome(dice: Random, received: datetime, now: datetime) -> dict[str, Any]:
    """When it was answered, resolved, judged and archived, as far as that lies in the past."""
    told: dict[str, Any] = {}
    response = at_work(received + timedelta(hours=dice.expovariate(1 / 2)))
    resolved = at_work(response + timedelta(hours=dice.expovariate(1 / 40)))
    closed = resolved + timedelta(days=7)
    for name, moment in (("first_response_at", response), ("resolved_at", resolved), ("closed_at", closed)):
        if moment < now:
            told[name] = moment.isoformat()
    if "resolved_at" in told and dice.random() < 0.6:
        told["satisfaction"] = dice.choices(("satisfied", "neutral", "dissatisfied"), (85, 10, 5))[0]
    return told
