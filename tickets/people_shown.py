"""What a reader may see of a customer: all of it, or enough to recognise (B7, PIPL)."""

from accounts.models import User
from accounts.roles import SEES_PERSONAL_DATA, Role, any_of
from common import masks
from tickets.models import Customer

MAY_REVEAL = {Role.AUDITOR, Role.LEADER}


def sees_personal_data(user: User) -> bool:
    return any_of(user.roles, SEES_PERSONAL_DATA)


def may_reveal(user: User) -> bool:
    """Whether the user may see masked data after giving a reason, which is logged."""
    return not sees_personal_data(user) and any_of(user.roles, MAY_REVEAL)


def shown(customer: Customer | None, *, full: bool) -> dict[str, object] | None:
    """Plain values of a customer, masked unless `full`."""
    if customer is None:
        return None
    name, phone, email = customer.name, customer.phone, customer.email
    if not full:
        name, phone, email = masks.name(name), masks.phone(phone), masks.email(email)
    return {
        "id": customer.pk,
        "name": name,
        "phone": phone,
        "email": email,
        "customer_class": customer.customer_class,
        "external_id": customer.external_id if full else "",
        "masked": not full,
    }
