"""Who may have webhooks, and of what they may hear."""

from accounts.models import ApiToken, User
from accounts.roles import Role


def may_have_webhooks(user: User) -> bool:
    """Administrators, and apps for the cases that they hand in."""
    return user.is_superuser or user.is_app or user.has_role(Role.ADMIN)


def may_hear_all(user: User, token: ApiToken | None) -> bool:
    """Of every ticket: administrators, and apps that may move tickets; by a token only when it holds that scope."""
    if token is not None and ApiToken.Scope.MANAGE not in token.scopes:
        return False
    return user.is_superuser or user.has_role(Role.ADMIN) or (user.is_app and user.has_role(Role.OFFICE))
