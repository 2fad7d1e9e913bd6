"""Fits the classifier to this company's own corrections, and prints how each new version compares with the one in use."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from feedback.learning import services_training


class Command(BaseCommand):
    help = "Fit the classifier to this company's corrections; a new version is used only when it is not worse."

    def add_arguments(self, parser):
        parser.add_argument("--only", action="append", choices=sorted(services_training.NAMES), help="may be repeated")

    def handle(self, *, only, **options):
        for name, one in services_training.retrain(at=timezone.now(), only=only or ()).items():
            if one is None:
                self.stdout.write(f"{name}: not enough new cases that people looked at")
                continue
            kept = "in use" if one.is_not_worse else "not used: the one in use is better"
            self.stdout.write(
                f"{name}: {kept}; macro-F1 {one.before:.4f} -> {one.after:.4f}, right {100 * one.agreed_before:.1f} % -> "
                f"{100 * one.agreed_after:.1f} % of {one.examples} cases that neither had seen"
            )
