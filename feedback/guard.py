"""What stands between strangers and a case."""

from tickets.guard import TooManyTries, ticket_by_code

__all__ = ["TooManyTries", "ticket_by_code"]
