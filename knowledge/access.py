"""Who writes answers, and who decides who reads them."""

from accounts.models import User
from accounts.roles import Role
from knowledge.models import Article

WRITES = {Role.AGENT, Role.HEAD, Role.OFFICE, Role.ADMIN}
PUBLISHES = {Role.OFFICE, Role.ADMIN}


def may_publish(user: User) -> bool:
    return user.has_role(*PUBLISHES)


def may_change(user: User, article: Article) -> bool:
    """What customers read is changed by those who publish; the rest by whoever writes."""
    return may_publish(user) or (user.has_role(*WRITES) and not article.is_public)
