"""What supervision holds of a case whose period has ended: what reviewers wrote about it. Answers and dates stay."""

from supervision.models import Finding, FindingEntry, SampledCase
from tickets.models import Ticket


def erase(ticket: Ticket) -> dict[str, int]:
    FindingEntry.objects.filter(finding__ticket=ticket).update(text="")
    return {
        "sampled_cases": SampledCase.objects.filter(ticket=ticket).update(notes=[], verdict="", called=""),
        "findings": Finding.objects.filter(ticket=ticket).update(text=""),
    }
