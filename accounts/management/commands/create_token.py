"""`create_token NAME --scopes submit,read,manage,reports [--user USERNAME] [--days N]`: the token is the last line, once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import services
from accounts.models import User

LONGEST_DAYS = 3660


class Command(BaseCommand):
    help = "Create a bearer token of an app. It is printed once, alone on the last line, and stored hashed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the app's name")
        parser.add_argument("--scopes", required=True, help="of submit,read,manage,reports, with commas")
        parser.add_argument("--user", help="act as this person; else as the app's own account")
        parser.add_argument("--days", type=int, help="how long it is valid; else until it is revoked")

    def handle(self, *, name: str, scopes: str, user: str | None, days: int | None = None, **options: Any) -> None:
        person = None
        if user:
            person = User.objects.filter(username=user, is_active=True).first()
            if person is None:
                raise CommandError(f"There is no active user “{user}”.")
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        if not wanted:
            raise CommandError("Name at least one scope.")
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days has to be from 1 to {LONGEST_DAYS}.")
        at = timezone.now()
        ends = at + timedelta(days=days) if days else None
        try:
            token, row = services.create_token(name=name, scopes=wanted, user=person, at=at, expires_at=ends)
        except services.UnknownScope as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{row.name}: {', '.join(row.scopes)}; acts as {row.user.username}")
        self.stdout.write(token)
