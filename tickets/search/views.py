"""What the search box offers while one types: conditions, numbers, common problems. Read as options of a list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.access import staff_required
from knowledge.models import Problem
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.search import operators as search_operators
from tickets.search import terms as search_terms

MOST = 8
READS_PROBLEMS = ("office", "analyst", "auditor", "leader")


@require_safe
@staff_required
def suggest(request: HttpRequest) -> HttpResponse:
    """At most `MOST` whole texts for the box; two queries at most. Numbers only of tickets that the reader sees."""
    typed = request.GET.get("q", "")[:200].replace("\x00", "")
    before, _blank, last = typed.rpartition(" ")
    head = f"{before} " if before else ""
    offered = [head + word for word in conditions(last)] if last else []
    if start := search_terms.start_of_number(typed):
        seen = Ticket.objects.visible_to(request.user).filter(number__startswith=start).order_by("-number")
        offered += [number for number in seen.values_list("number", flat=True)[:MOST] if number]
    elif len(last) >= 2 and request.user.has_role(*READS_PROBLEMS):
        known = Problem.objects.filter(state__in=[Problem.State.OPEN, Problem.State.SOLVED]).about([last])
        offered += list(known.order_by("-pk").values_list("title", flat=True)[:MOST])
    return render(request, "tickets/_suggestions.html", {"offered": offered[:MOST]})


def conditions(word: str) -> list[str]:
    """Conditions that the word begins, in the reader's language: `性` gives 性质:, `性质:投` gives 性质:投诉."""
    name, colon, value = word.replace("：", ":").partition(":")
    minus, name = ("-", name[1:]) if name.startswith("-") else ("", name)
    chinese = (get_language() or "").startswith("zh")
    found = []
    for code, aliases in search_operators.OPERATORS.items():
        shown = aliases[0] if chinese else code
        names = (code, *aliases)
        if not colon and any(one.startswith(name.lower()) for one in names if name):
            found.append(f"{minus}{shown}:")
        if colon and name.lower() in names:
            choices = TicketFilter.base_filters[code].extra.get("choices", ())
            found += [
                f"{minus}{shown}:{label}" for key, label in choices
                if str(label).lower().startswith(value.lower()) or str(key).startswith(value.lower())
            ]  # fmt: skip
    return found
