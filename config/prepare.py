"""What has to be true before the first page: settings right, tables there, static files collected, demo's people there.

Run by `make run`; does only what is not done yet. In production the same steps are `manage.py` commands.
"""

import hashlib
import importlib.metadata
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from config.embedded import errors


def static_state() -> str:
    """Changes whenever collected files may: what is installed, and our own files' names, sizes and dates."""
    digest = hashlib.sha256(repr(settings.STORAGES).encode())
    for line in sorted(f"{found.name} {found.version}" for found in importlib.metadata.distributions()):
        digest.update(line.encode())
    roots = [Path(path) for path in settings.STATICFILES_DIRS]
    roots += [Path(settings.BASE_DIR) / app / "static" for app in settings.INSTALLED_APPS if "." not in app]
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                found = path.stat()
                digest.update(f"{path} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()


def collect_static() -> None:
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state)


def migrate() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def is_set_up() -> bool:
    """Whether there is a feedback office, as in every installation after `manage.py setup`; without it no case has a limit."""
    from accounts.models import Department

    return Department.objects.filter(is_office=True).exists()


def fill_demo() -> None:
    """The demo's tickets, at leave of everything else that runs."""
    os.nice(10)
    from django.utils import timezone

    from config.demo import month, rooms, today
    from feedback.problems import services as services_problems

    made = month.create(timezone.now())
    if made:
        today.create(timezone.now())
    rooms.create(timezone.now())
    if made:
        services_problems.find(timezone.now(), most=month.COUNT)  # at one go, so that colleagues are told once
        sys.stdout.write("  演示工单已就绪 / The demo's tickets are there\n")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with errors.said_plainly():
        django.setup()
        if sys.argv[1:] == ["demo"]:
            fill_demo()
            return
        from config.startup import what_is_wrong

        if wrong := what_is_wrong():
            sys.exit("\n".join(wrong))
        migrate()
        collect_static()
        if settings.DEMO:
            call_command("setup_demo", without_tickets=True, verbosity=0)
        elif not is_set_up():
            call_command("setup", verbosity=0)


if __name__ == "__main__":
    main()
