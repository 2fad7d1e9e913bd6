"""Makes the search index anew: after a restore without it, or when its form has changed."""

from django.core.management.base import BaseCommand

from tickets.models import Ticket
from tickets.search import rebuild as search_rebuild


class Command(BaseCommand):
    help = "Make the search index anew while people go on working; tells how far it is on standard error."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=search_rebuild.BATCH, help="tickets in one transaction")
        parser.add_argument("--quiet", action="store_true", help="tell nothing on the way")

    def handle(self, *, batch, quiet, **options):
        total = Ticket.objects.count()
        done = 0
        for done, _last in search_rebuild.rebuild(batch=batch):
            if not quiet:
                self.stderr.write(f"{done} of {max(total, done)} tickets")
        self.stdout.write(f"{done} tickets indexed")
