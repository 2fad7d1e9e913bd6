"""Build (or find) a periodic report and print it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from reports import pdf, periods, services, word, xlsx
from reports.models import Report


class Command(BaseCommand):
    help = "Freeze the report of a period and write it as PDF, XLSX or DOCX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", required=True, choices=Report.Kind.values)
        parser.add_argument("--start", required=True, help="2018-03, 2018-W10, 2018-Q1, 2018 or a day within")
        parser.add_argument("--pdf", type=Path)
        parser.add_argument("--xlsx", type=Path)
        parser.add_argument("--docx", type=Path)
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            start = periods.parse_start(options["start"])
            report = services.build_report(kind=options["kind"], start=start, at=timezone.now(), by=None)
        except ValueError as error:
            raise CommandError(f"--start: {error}") from error
        except services.ReportNotAllowed as error:
            raise CommandError(str(error)) from error
        with override(options["language"]):
            for form, render in (("pdf", pdf.render), ("xlsx", xlsx.render), ("docx", word.render)):
                if options[form]:
                    options[form].write_bytes(render(report))
        self.stdout.write(
            f"{report.pk} {report.kind} {periods.key_of(report.start, report.kind)} v{report.version} {report.sha256}"
        )
