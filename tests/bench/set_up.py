"""What stands before the imports of a measurement that is a program of its own: they read the settings, which name servers."""

import atexit
import os

import django

from config import embedded


def set_up(name: str) -> None:
    """`name` is the caller's `__name__`: as a program it gets servers for its lifetime, unless their addresses are given."""
    if name == "__main__" and not os.environ.get("DATABASE_URL"):
        servers = embedded.servers()
        servers.__enter__()
        atexit.register(servers.__exit__, None, None, None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
