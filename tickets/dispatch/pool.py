"""Out of whom a case is dealt: the people of a department with what decides, read in one statement (B3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from accounts.models import Department, User
from accounts.roles import Role
from common import prepared
from common.copying import Keys, Wanted, columns_of_keys
from tickets.workflow import UNANSWERED

DEALS = (Role.HANDLER, Role.AGENT, Role.OFFICE)
"""Who works on cases and may be dealt one."""

COUNTED_TO = 200
"""So many open cases of a person are told apart, or as many as their limit: who has them has more than enough. Counting on
would make each case that comes in cost more than the one before it.
"""

# Spelled out: wording three querysets takes Django longer than PostgreSQL the looking. Cases are counted inside the
# index `ticket_open_owner`, whose condition is named as it stands there.
_POOL = f"""
SELECT u.*,
    EXISTS (SELECT FROM accounts_shift s WHERE s.person_id = u.id AND s.starts_at <= %(at)s AND s.ends_at > %(at)s)
        AS on_shift,
    (SELECT count(*) FROM (SELECT FROM tickets_ticket t
        WHERE t.owner_id = u.id AND t.status IN ({", ".join(f"'{status}'" for status in sorted(UNANSWERED))})
        LIMIT greatest(%(most)s::int, u.capacity)) AS counted) AS open_cases
FROM accounts_user u
WHERE u.department_id = %(department)s AND u.is_active AND NOT u.is_app AND u.roles && %(roles)s::varchar[]
ORDER BY u.id
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    user: User
    on_shift: bool
    open_cases: int  # or `COUNTED_TO`, when they are more

    @property
    def is_free(self) -> bool:
        return self.user.capacity is None or self.open_cases < self.user.capacity

    @property
    def told(self) -> list[Any]:
        """As the event keeps it."""
        return [self.user.username, self.open_cases, self.user.capacity]


def candidates(department: Department, at: datetime, *, dealing: bool) -> list[Candidate]:
    """Everybody there who works on cases, by key. One statement; three when `dealing` and somebody has a limit.

    Who has a limit is locked then until the transaction ends, and all is read again: cases that come at one moment never
    fill one place twice. Without a limit there is no place to fill, and nobody waits for another case to be stored.
    """
    found = looked_up(department, at)
    limited = [one.user.pk for one in found if one.user.capacity is not None]
    if not (dealing and limited):
        return found
    list(User.objects.select_for_update(no_key=True).filter(pk__in=limited).order_by("pk").values_list("pk"))
    return looked_up(department, at)


def looked_up(department: Department, at: datetime) -> list[Candidate]:
    given = {"at": at, "department": department.pk, "roles": [str(role) for role in DEALS], "most": COUNTED_TO}
    rows = prepared.run(statement(), given)
    return [Candidate(User.from_db(connection.alias, columns(), row[:-2]), *row[-2:]) for row in rows]


@cache
def statement() -> str:
    named = ", ".join(f"u.{connection.ops.quote_name(column)}" for column in columns())
    return _POOL.replace("u.*", named, 1)


@cache
def columns() -> list[str]:
    return [column.attname for column in User._meta.concrete_fields]


DEALT_TO = 20_067
"""Beside a person's key: the mark that a case is being given to them."""

# the rows of a function are tried in their order, and no further than LIMIT asks
_MARK = "(SELECT person FROM unnest(%s::int[]) AS person WHERE pg_try_advisory_xact_lock(%s, person) LIMIT 1)"


def unless_dealt_to(ranked: Sequence[User], at: datetime, *, with_keys: Sequence[Wanted] = ()) -> tuple[User, Keys]:
    """The first of `ranked` to whom no other case is being given at this moment; marked until the transaction ends.

    Nobody waits: who is marked already is passed over, for the case that marked them is not counted yet. Where all are,
    the moment decides, so that what is left spreads too. One statement, which takes the keys of rows to come as well; none,
    and no keys, where there is no choice.
    """
    if len(ranked) == 1:
        return ranked[0], []
    by_key = {user.pk % 2**31: user for user in ranked}
    keys = f", {columns_of_keys(*with_keys)}" if with_keys else ""
    ((marked, *taken),) = prepared.run(f"SELECT {_MARK}{keys}", [list(by_key), DEALT_TO])
    return ranked[at.microsecond % len(ranked)] if marked is None else by_key[marked], taken
