"""Makes the background knowledge anew by which texts of the same trouble are found."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Learn from example texts which pairs of characters are names and which belong to the same matter."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=Path(settings.BASE_DIR).parent / "shared" / "data")
        parser.add_argument("--output", type=Path, help="file of the weights; default: the one that is used")

    def handle(self, *, data, output, **options):
        try:
            from knowledge import likeness_training
        except ModuleNotFoundError as missing:
            raise CommandError(f"Training needs the development requirements: {missing}") from missing
        if not data.is_dir():
            raise CommandError(f"There is no folder {data}.")
        count, size = likeness_training.build(data, output or likeness_training.WEIGHTS)
        self.stdout.write(f"{count} pairs of characters, {size // 1024} kB")
