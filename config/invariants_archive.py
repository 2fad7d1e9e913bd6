"""Archive numbers without gaps: as many of a year and class as its counter gave (D6)."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

# The number itself is free text, so it is counted by the year in which a record was first filed: a case that is closed
# again keeps its number, and its later closing says nothing of it. Hence by class only, over all years.
BY_CLASS = """
SELECT k.code, coalesce(c.given, 0), coalesce(r.filed, 0) FROM tickets_archiveclass k
LEFT JOIN (SELECT archive_class_id, sum(last) AS given FROM tickets_archivecounter GROUP BY 1) c
    ON c.archive_class_id = k.id
LEFT JOIN (SELECT archive_class_id, count(*) AS filed FROM tickets_archiverecord GROUP BY 1) r
    ON r.archive_class_id = k.id
WHERE coalesce(c.given, 0) <> coalesce(r.filed, 0)"""


def find(at: datetime) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(BY_CLASS)
        for code, given, filed in cursor.fetchall():
            yield f"{code}: {given} archive numbers were given, {filed} cases are filed"
