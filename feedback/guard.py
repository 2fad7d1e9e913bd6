"""What stands between strangers and a case, and what they are told of a file that is too large."""

from django.utils.translation import gettext as _

from tickets.files import LARGEST
from tickets.guard import TooManyTries, ticket_by_code

__all__ = ["TooManyTries", "ticket_by_code", "too_large"]


def too_large(name: str) -> str:
    return _("“%(name)s” is larger than %(mb)s MB.") % {"name": name, "mb": LARGEST // 2**20}
