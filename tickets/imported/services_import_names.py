"""The names in lines of history (departments, owners, categories, regions) as rows; unknown ones are made inactive."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.models import Department, Region, User
from tickets.imported.lines import Line
from tickets.models import Category


class Names:
    """Departments, owners, categories and regions by code or name, loaded once; unknown ones are made inactive."""

    def __init__(self) -> None:
        self.departments = by_code_and_name(Department.objects.all())
        self.categories = by_code_and_name(Category.objects.all())
        self.users: dict[str, User] = {}
        for user in User.objects.order_by("-is_active", "pk"):
            self.users.setdefault(user.username, user)
            self.users.setdefault(user.name, user)
        self.regions: dict[str, Region | None] = {}
        for region in Region.objects.all():
            for name in {region.code, region.full_name}:
                self.regions[name] = region
            self.regions[region.name] = None if region.name in self.regions else region  # one name, several places

    def learn(self, line: Line) -> None:
        """Make sure of a line's department, category and owner. The caller lets one import at a time do so."""
        if line.department and line.department not in self.departments:
            self.departments[line.department] = department(line.department)
        if line.category and line.category not in self.categories:
            self.categories[line.category] = category(line.category)
        if line.owner and line.owner not in self.users:
            self.users[line.owner] = user(line.owner, self.departments.get(line.department))

    def region(self, name: str) -> Region | None:
        return self.regions.get("".join(name.split()))


def department(name: str) -> Department:
    """The one that another import has made meanwhile, else a new inactive one."""
    row = Department.objects.filter(Q(code=name) | Q(name=name)).order_by("pk").first()
    if row is None:
        row = Department.objects.create(code=coded(name, Department), name=name, path="-", is_active=False)
        row.path = f"/{row.pk}/"
        row.save(update_fields=["path"])
    return row


def category(name: str) -> Category:
    row = Category.objects.filter(Q(code=name) | Q(name=name)).order_by("pk").first()
    return row or Category.objects.create(code=coded(name, Category), name=name, is_active=False)


def user(name: str, home: Department | None) -> User:
    row = User.objects.filter(Q(username=name) | Q(name=name)).order_by("-is_active", "pk").first()
    if row is None:
        taken = User.objects.filter(username=name[:140]).exists()
        username = f"{name[:100]}.{short(name)}" if taken else name[:140]
        row = User(username=username, name=name, department=home, is_active=False)
        row.set_unusable_password()
        row.save(force_insert=True)
    return row


def by_code_and_name(rows: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.code, row)
        found.setdefault(row.name, row)
    return found


def coded(name: str, model: type[Department] | type[Category]) -> str:
    """A code for a name that has none."""
    plain = name.lower().replace(" ", "-")
    is_code = plain.isascii() and plain.replace("-", "").replace("_", "").isalnum() and len(plain) <= 40
    if is_code and not model.objects.filter(code=plain).exists():
        return plain
    return f"imported-{short(name)}"


def short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]
