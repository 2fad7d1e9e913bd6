"""Departments, people, tokens, and the log of who read what."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.models import AccessLog, ApiToken, Department, User
from accounts.roles import Role


class CannotMove(Exception):
    """A department cannot lie below itself; the message says so."""


class UnknownScope(Exception):
    """A scope that is not in `ApiToken.Scope`; the message names it."""


@transaction.atomic
def create_department(*, code: str, name: str, parent: Department | None = None, **fields: Any) -> Department:
    """A department with its place in the tree (B4)."""
    row = Department.objects.create(code=code, name=name, parent=parent, path="", **fields)
    row.path = _path(row)
    row.save(update_fields=["path"])
    return row


@transaction.atomic
def move_department(department: Department, *, parent: Department | None) -> Department:
    """Put a department, with everything below it, under another. One query for each of them. Raises CannotMove."""
    below = list(Department.objects.select_for_update().under(department).order_by("path"))
    if parent and parent.pk in {row.pk for row in below}:
        raise CannotMove(_("A department cannot lie below itself."))
    old = department.path
    department.parent = parent
    department.path = _path(department)
    for row in below:
        row.path = department.path + row.path.removeprefix(old)
        row.parent = parent if row.pk == department.pk else row.parent
    Department.objects.bulk_update(below, ["path", "parent"])
    return department


def _path(department: Department) -> str:
    return f"{department.parent.path if department.parent else '/'}{department.pk}/"


def create_person(
    *, username: str, name: str, roles: Iterable[str] = (), password: str | None = None, **fields: Any
) -> User:
    """A person who works here. Without a password nobody can sign in as them until one is set."""
    return User.objects.create(
        username=username,
        name=name,
        roles=[Role(role).value for role in roles],
        password=make_password(password),
        **fields,
    )


def change_password(person: User, *, password: str, at: datetime) -> None:
    """Every session ends (by the hash that Django keeps in them), and so does every token that acts as the person."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        revoke_tokens(person, at=at)


def revoke_tokens(person: User, *, at: datetime) -> None:
    person.api_tokens.filter(revoked_at=None).update(revoked_at=at)


@transaction.atomic
def create_token(
    *, name: str, scopes: Iterable[str], at: datetime, user: User | None = None, expires_at: datetime | None = None
) -> tuple[str, ApiToken]:
    """A bearer token and its row; the token itself is known only here. Without `user` it acts as the app's own account.

    Raises UnknownScope.
    """
    wanted = sorted(set(scopes))
    if unknown := set(wanted) - set(ApiToken.Scope.values):
        raise UnknownScope(_("There is no scope “%(scope)s”.") % {"scope": ", ".join(sorted(unknown))})
    token = tokens.new_token()
    row = ApiToken.objects.create(
        name=name,
        digest=tokens.digest(token),
        user=user or _account_of_app(name, wanted, at),
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    return token, row


def revoke_token(token: ApiToken, *, at: datetime) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)


def _account_of_app(name: str, scopes: list[str], at: datetime) -> User:
    """`app-<slug>`; its roles follow from what its tokens may do, this one included."""
    slug = slugify(name, allow_unicode=True)[:60] or hashlib.sha256(name.encode()).hexdigest()[:12]
    account, _created = User.objects.select_for_update().get_or_create(
        username=f"app-{slug}", defaults={"name": name, "is_app": True, "password": make_password(None)}
    )
    held = set(scopes)
    for other in ApiToken.objects.valid(at).filter(user=account):
        held.update(other.scopes)
    account.roles = roles_for(held)
    account.save(update_fields=["roles"])
    return account


def roles_for(scopes: set[str]) -> list[str]:
    """What an app's account may see and move: all, all read-only, or nothing but what it hands in."""
    if ApiToken.Scope.MANAGE in scopes:
        return [Role.OFFICE.value]
    if scopes & {ApiToken.Scope.READ.value, ApiToken.Scope.REPORTS.value}:
        return [Role.AUDITOR.value]
    return []


def log_access(
    *,
    user: User | None,
    action: str,
    subject: str,
    at: datetime,
    purpose: str = "",
    data: dict[str, Any] | None = None,
) -> AccessLog:
    """D6: who read what, when, what for. One query; the row can never be changed."""
    return AccessLog.objects.create(
        at=at, user=user, action=AccessLog.Action(action), subject=subject[:100], purpose=purpose[:500], data=data or {}
    )
