"""The names in lines of history (departments, owners, categories, regions) as rows; unknown ones are made inactive."""

import hashlib
from collections.abc import Iterable
from typing import Any

from accounts.models import Department, Region, User
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

    def department(self, name: str) -> Department | None:
        if name and name not in self.departments:
            row = Department.objects.create(code=coded(name, Department), name=name, path="-", is_active=False)
            row.path = f"/{row.pk}/"
            row.save(update_fields=["path"])
            self.departments[name] = row
        return self.departments.get(name)

    def category(self, name: str) -> Category | None:
        if name and name not in self.categories:
            self.categories[name] = Category.objects.create(code=coded(name, Category), name=name, is_active=False)
        return self.categories.get(name)

    def user(self, name: str, department: Department | None) -> User | None:
        if name and name not in self.users:
            taken = User.objects.filter(username=name[:140]).exists()
            username = f"{name[:100]}.{short(name)}" if taken else name[:140]
            row = User(username=username, name=name, department=department, is_active=False)
            row.set_unusable_password()
            row.save(force_insert=True)
            self.users[name] = row
        return self.users.get(name)

    def region(self, name: str) -> Region | None:
        return self.regions.get("".join(name.split()))


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
