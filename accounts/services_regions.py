"""The official administrative divisions, from the package that ships them, into our table."""

from accounts import region_codes
from accounts.models import Region


def load_regions() -> int:
    """Bring the table up to date with the codes; returns how many there are. One query, and three more where some differ.

    A division that is no longer listed stays: old tickets lie in it.
    """
    rows = list(region_codes.rows())  # parents first
    known = set(Region.objects.values_list("code", "name", "level", "parent_id", "full_name"))
    changed = [
        Region(code=row.code, name=row.name, level=row.level, parent_id=row.parent_code, full_name=row.full_name)
        for row in rows
        if (row.code, row.name, row.level, row.parent_code, row.full_name) not in known
    ]
    Region.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "full_name"],
    )
    return len(rows)
