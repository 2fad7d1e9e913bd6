"""The official administrative divisions, from the package that ships them, into our table."""

from accounts import region_codes
from accounts.models import Region


def load_regions() -> int:
    """Bring the table up to date with the codes; returns how many there are. One query, and three more where some differ.

    A division that is no longer listed stays: old tickets lie in it. An English name that somebody gave stays too.
    """
    rows, english = list(region_codes.rows()), region_codes.english_names()  # parents first
    known = {
        row[0]: row for row in Region.objects.values_list("code", "name", "level", "parent_id", "full_name", "name_en")
    }
    changed = []
    for row in rows:
        own = known.get(row.code, ("",) * 6)[-1] or english[row.code]
        told = (row.code, row.name, row.level, row.parent_code, row.full_name, own)
        if known.get(row.code) != told:
            changed.append(
                Region(
                    code=row.code, name=row.name, level=row.level, parent_id=row.parent_code, full_name=row.full_name, name_en=own
                )
            )  # fmt: skip
    Region.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "full_name", "name_en"],
    )
    return len(rows)
