"""The definitions of `kpis.md` once more, row by row in Python, slowly: what the SQL is held against."""

import statistics
from collections import Counter
from datetime import timedelta

from reports.periods import Period
from sla import defaults, worktime
from sla.models import Clock
from surveys.models import FollowUp
from tickets.models import Ticket, TicketEvent

OFFICE = defaults.calendar("office")
OPEN = {"new", "assigned", "in_progress", "waiting", "in_review"}


def share(part, whole, names):
    return {names[0]: part, names[1]: whole, "rate": round(part / whole, 6) if whole else None}


def percentile(values, q):
    values = sorted(values)
    place = q * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def spread(values):
    if not values:
        return dict.fromkeys(("mean_s", "median_s", "p90_s", "max_s")) | {"n": 0}
    told = {
        "mean_s": statistics.fmean(values),
        "median_s": percentile(values, 0.5),
        "p90_s": percentile(values, 0.9),
        "max_s": max(values),
    }
    return {name: round(value, 3) for name, value in told.items()} | {"n": len(values)}


class Oracle:
    """Figures of the tickets that `keep` keeps."""

    def __init__(self, period: Period, keep=lambda ticket: True) -> None:
        self.period = period
        every = Ticket.objects.select_related("customer", "category", "department")
        self.all = [ticket for ticket in every if keep(ticket)]
        self.live = [ticket for ticket in self.all if ticket.status != "void" or ticket.merged_into_id]
        self.cases = [ticket for ticket in self.live if ticket.merged_into_id is None]
        self.by_id = {ticket.pk: ticket for ticket in self.cases}
        self.live_ids = {ticket.pk for ticket in self.live}

    def within(self, at):
        return at is not None and self.period.start <= at < self.period.end

    def figures(self):
        got = self
        received = [ticket for ticket in got.cases if got.within(ticket.received_at)]
        resolved = [ticket for ticket in got.cases if got.within(ticket.first_resolved_at)]
        now_resolved = [ticket for ticket in received if ticket.status in ("resolved", "closed")]
        return {
            "volume": sum(got.within(ticket.received_at) for ticket in got.live),
            "void": sum(got.within(t.received_at) for t in got.all if t.status == "void" and not t.merged_into_id),
            "collection_timeliness": got.timeliness("register"),
            "first_response_rate": got.timeliness("first_response"),
            "handling_timeliness": got.timeliness("resolution"),
            "rectification_timeliness": got.timeliness(
                "resolution", lambda ticket: ticket.nature == "complaint" or ticket.is_bad_review
            ),
            "first_response_time": got.lengths("first_response_at"),
            "resolution_time": got.lengths("first_resolved_at"),
            "resolution_rate": share(len(now_resolved), len(received), ("resolved", "received")),
            "satisfaction": got.satisfaction(),
            "response_rate": got.response_rate(),
            "repeat_rate": got.repeat_rate(),
            "return_rate": got.return_rate(),
            "second_round_rate": share(
                len({e.ticket_id for e in got.events("reopen", 2)}), len(resolved), ("reached", "resolved")
            ),
            "first_contact_rate": share(sum(map(got.intact, resolved)), len(resolved), ("intact", "resolved")),
            "backlog": got.backlog(),
            "breaches": got.breaches(),
        }

    def clocks(self, **fields):
        return [c for c in Clock.objects.filter(**fields).select_related("answerable") if c.ticket_id in self.by_id]

    def timeliness(self, metric, keep=lambda ticket: True):
        clocks = [c for c in self.clocks(metric=metric, round=1).copy() if keep(self.by_id[c.ticket_id])]
        decided = [c for c in clocks if c.state in ("met", "missed") and self.within(c.decided_at)]
        met = [c for c in decided if c.state == "met"]
        running = [
            c
            for c in clocks
            if c.started_at < self.period.end
            and c.state != "void"
            and (c.decided_at is None or c.decided_at >= self.period.end)
        ]
        return share(len(met), len(decided), ("met", "decided")) | {"running": len(running)}

    def lengths(self, name):
        ends = [(t.received_at, getattr(t, name)) for t in self.cases if self.within(getattr(t, name))]
        clock = [(end - start).total_seconds() for start, end in ends]
        working = [worktime.working_between(start, end, OFFICE).total_seconds() for start, end in ends]
        unfinished = [
            t
            for t in self.cases
            if t.received_at < self.period.end and (getattr(t, name) is None or getattr(t, name) >= self.period.end)
        ]
        return {"clock": spread(clock), "working": spread(working), "unfinished": len(unfinished)}

    def satisfaction(self):
        given = [f for f in FollowUp.objects.filter(round=1).exclude(rating="") if f.ticket_id in self.live_ids]
        counts = Counter(f.rating for f in given if self.within(f.answered_at))
        told = {name: counts[name] for name in ("satisfied", "neutral", "dissatisfied")}
        return told | share(counts["satisfied"], counts.total(), ("satisfied", "answers"))

    def response_rate(self):
        sent = [f for f in FollowUp.objects.filter(round=1) if f.ticket_id in self.live_ids and self.within(f.sent_at)]
        return share(sum(bool(f.answered_at and f.rating) for f in sent), len(sent), ("answered", "sent"))

    def repeat_rate(self):
        earlier = Ticket.objects.filter(nature="complaint", merged_into=None, first_resolved_at__isnull=False)
        earlier = list(earlier.exclude(status="void"))
        complaints = [t for t in self.cases if t.nature == "complaint" and self.within(t.received_at)]

        def repeated(ticket):
            for other in earlier:
                near = ticket.received_at - timedelta(days=90) <= other.first_resolved_at < ticket.received_at
                if ticket.problem_id:
                    same = other.problem_id == ticket.problem_id
                else:
                    same = ticket.customer_id and ticket.category_id
                    same = same and (other.customer_id, other.category_id) == (ticket.customer_id, ticket.category_id)
                if other.pk != ticket.pk and near and same:
                    return True
            return False

        return share(sum(map(repeated, complaints)), len(complaints), ("repeated", "complaints"))

    def events(self, kind, round_):
        rows = TicketEvent.objects.filter(kind=kind, round=round_)
        return [event for event in rows if event.ticket_id in self.by_id and self.within(event.at)]

    def return_rate(self):
        returned, assigned = self.events("return_to_dispatch", 1), self.events("assign", 1)
        return share(len(returned), len(assigned), ("returned", "assigned")) | {
            "returned_tickets": len({event.ticket_id for event in returned}),
            "assigned_tickets": len({event.ticket_id for event in assigned}),
        }

    def intact(self, ticket):
        missed = [c for c in ticket.clocks.all() if c.round == 1 and c.state == "missed"]
        return ticket.first_contact_id is not None and all(
            clock.answerable_id != ticket.first_contact_id for clock in missed
        )

    def backlog(self):
        ages = Counter()
        for ticket in self.cases:
            past = [event for event in ticket.events.order_by("at", "pk") if event.at < self.period.end]
            if past and past[-1].status in OPEN:
                age = self.period.end - ticket.received_at
                young, middle = age <= timedelta(days=7), age <= timedelta(days=30)
                ages["to_7_days" if young else "to_30_days" if middle else "over_30_days"] += 1
        names = ("to_7_days", "to_30_days", "over_30_days")
        return {"open": ages.total(), "ages": {name: ages[name] for name in names}}

    def breaches(self):
        missed = [c for c in self.clocks(state="missed") if self.within(c.decided_at) and c.metric != "return_decision"]
        people = Counter(c.answerable.username if c.answerable else "" for c in missed)
        return {
            "missed": len(missed),
            "tickets": len({c.ticket_id for c in missed}),
            "by_metric": dict(Counter(c.metric for c in missed)),
            "by_person": dict(people),
        }
