"""Print `docs/workflow.md`: every state and every move, drawn from `tickets/workflow.py`.

python manage.py draw_workflow > docs/workflow.md
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from tickets.workflow import MOVES, PUBLIC, Status

HEAD = """# States and moves of a ticket

Drawn by `python manage.py draw_workflow` from `tickets/workflow.py`; a test fails when the two differ.
"""


def drawing() -> str:
    """The page, in English whatever the reader's language."""
    with translation.override("en"):
        return "\n".join([HEAD, "## States", *states(), "", "## Moves", *moves()]) + "\n"


def states() -> list[str]:
    rows = ["| state | name | the customer sees | moves |", "|---|---|---|---|"]
    for status in Status:
        verbs = " ".join(f"`{verb}`" for verb, move in MOVES.items() if status in move.sources)
        rows.append(f"| `{status}` | {status.label} | {PUBLIC[status].label} | {verbs} |")
    return rows


def moves() -> list[str]:
    rows = [
        "Each writes one event of its own name; `data` is what the event holds for whoever listens.",
        "",
        "| move | name | from | to | data |",
        "|---|---|---|---|---|",
    ]
    for verb, move in MOVES.items():
        sources = " ".join(f"`{status}`" for status in Status if status in move.sources) or "(nothing yet)"
        leads = f"`{move.target}`" if move.target else "stays"
        leads += "".join(f" or `{status}`" for status in move.sometimes)
        holds = " ".join(f"`{name}`" for name in move.data.split())
        rows.append(f"| `{verb}` | {move.label} | {sources} | {leads} | {holds} |")
    return rows


class Command(BaseCommand):
    help = "Print docs/workflow.md, drawn from the table of states and moves."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(drawing(), ending="")
