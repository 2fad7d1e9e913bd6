"""Trains the shipped models and prints how good they are on texts they have not seen."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate


class Command(BaseCommand):
    help = "Train the classifier from example texts; a new model replaces the old one only when it is not worse."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=Path(settings.BASE_DIR).parent / "shared" / "data")
        parser.add_argument("--output", type=Path, help="folder of the weights; default: the one that is used")
        parser.add_argument("--only", action="append", help="train this model alone; may be repeated")
        parser.add_argument("--date", type=parse_date, help="date written beside the scores; default: today")
        parser.add_argument("--force", action="store_true", help="replace the old model even when it was better")

    def handle(self, *, data, output, only, date, force, **options):
        try:
            from feedback.text import model_catalog
        except ModuleNotFoundError as missing:
            raise CommandError(f"Training needs the development requirements: {missing}") from missing
        if not data.is_dir():
            raise CommandError(f"There is no folder {data}.")
        unknown = set(only or ()) - model_catalog.RECIPES.keys()
        if unknown:
            raise CommandError(f"No such model: {', '.join(sorted(unknown))}.")
        for name in only or model_catalog.RECIPES:
            result = model_catalog.build(name, data, output=output, date=date or localdate(), force=force)
            scores = result.scores
            kept = "in use" if result.replaced else "not used: the model in use is better"
            self.stdout.write(f"{name}: {kept}; {result.features} features, {result.size // 1024} kB")
            self.stdout.write(
                f"  macro-F1 {scores.macro_f1:.4f}  accuracy {scores.accuracy:.4f}  of {scores.examples} texts; "
                f"above {scores.threshold:.2f}: macro-F1 {scores.sure_macro_f1:.4f}, "
                f"{100 * scores.to_review:.1f} % to review"
            )
            self.stdout.write("  " + json.dumps(scores.f1))
            width = max(map(len, scores.labels)) + 1
            self.stdout.write("  " + " " * width + "".join(label.rjust(width) for label in scores.labels))
            for label, row in zip(scores.labels, scores.confusion, strict=True):
                self.stdout.write("  " + label.ljust(width) + "".join(str(cell).rjust(width) for cell in row))
