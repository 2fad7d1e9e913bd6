"""A second, slow implementation of the limits that walks the wall clock minute by minute.

It shares nothing with `sla/`: it reads the JSON form of a calendar, asks the zone for the wall time of every single
minute and remembers whether someone is at work in it. When the clocks go back, the hands stand still until the
repeated hour is over. Slots must be in whole minutes; starts and amounts may have seconds.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONE_DAY = timedelta(days=1)


def _minutes(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


class Oracle:
    def __init__(self, definition, first, last):
        self.zone = ZoneInfo(definition["zone"])
        self.weekly = definition.get("weekly", {})
        self.overrides = definition.get("overrides", {})
        self.first = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) // 60
        self.tape = bytearray()
        self._ends = {}
        self._hours = {}
        highest = datetime.min
        for minute in range((last - first).days * 1440):
            wall = datetime.fromtimestamp((self.first + minute) * 60, self.zone).replace(tzinfo=None)
            highest = max(highest, wall)
            self.tape.append(self._at_work(highest))

    def hours(self, day):
        found = self._hours.get(day)
        if found is None:
            pairs = self.overrides.get(day.isoformat(), self.weekly.get(NAMES[day.weekday()], []))
            found = self._hours[day] = [(_minutes(a), _minutes(b)) for a, b in pairs]
        return found

    def _at_work(self, wall):
        day, now = wall.date(), wall.hour * 60 + wall.minute
        for begin, end in self.hours(day):
            if begin <= now < end or (end < begin <= now):
                return 1
        return int(any(end < begin and now < end for begin, end in self.hours(day - ONE_DAY)))

    # --- working time -----------------------------------------------------------------------------
    def add_working(self, start, seconds):
        at = int(start.timestamp())
        while True:
            minute, second = divmod(at, 60)
            if self.tape[minute - self.first]:
                if seconds <= 60 - second:
                    return datetime.fromtimestamp(at + seconds, self.zone)
                seconds -= 60 - second
            at = (minute + 1) * 60

    def next_open(self, start):
        at = int(start.timestamp())
        while not self.tape[at // 60 - self.first]:
            at = (at // 60 + 1) * 60
        return datetime.fromtimestamp(at, self.zone)

    def working_between(self, start, end):
        at, until, worked = int(start.timestamp()), int(end.timestamp()), 0
        while at < until:
            after = min((at // 60 + 1) * 60, until)
            if self.tape[at // 60 - self.first]:
                worked += after - at
            at = after
        return worked

    # --- days -------------------------------------------------------------------------------------
    def _when_wall_reads(self, day, minutes):
        """The first minute at which the wall clock has reached so many minutes after the day's midnight."""
        target = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
        found = self._ends.get(target)
        if found is None:
            at = int(target.replace(tzinfo=UTC).timestamp()) // 60 * 60 - 16 * 3600
            while datetime.fromtimestamp(at, self.zone).replace(tzinfo=None) < target:
                at += 60
            found = self._ends[target] = datetime.fromtimestamp(at, self.zone)
        return found

    def _close(self, day):
        begin, end = max(self.hours(day))
        return self._when_wall_reads(day, end if end > begin else end + 1440)

    def due(self, start, amount, unit, late=False):
        clock = {"s": 1, "m": 60, "h": 3600}
        if unit in clock:
            return datetime.fromtimestamp(start.timestamp() + amount * clock[unit], self.zone)
        if unit in ("wm", "wh"):
            return self.add_working(start, amount * clock[unit[1]]) if amount else self.next_open(start)
        day = start.astimezone(self.zone).date()
        if unit == "d":
            day += amount * ONE_DAY
            while not self.hours(day):
                day += ONE_DAY
            return self._when_wall_reads(day, 1440)
        if late and (not self.hours(day) or start >= self._close(day)):
            day += ONE_DAY
            while not self.hours(day):
                day += ONE_DAY
        while amount:
            day += ONE_DAY
            amount -= bool(self.hours(day))
        return self._close(day)

    # --- pauses -----------------------------------------------------------------------------------
    def due_with_pauses(self, start, amount, unit, pauses):
        """Whole minutes only. `pauses` are (from, to); a pause that begins after the due time is never reached."""
        at = int(start.timestamp()) // 60
        if unit in ("wd", "d"):
            day = start.astimezone(self.zone).date()
            at = int(self._when_wall_reads(day, 1440).timestamp()) // 60
            if unit == "wd" and self.hours(day):
                at = max(at, int(self._close(day).timestamp()) // 60)
        if unit == "h":
            left, working = amount * 60, False
        elif unit == "d":
            left = int(self._when_wall_reads(day + amount * ONE_DAY, 1440).timestamp()) // 60 - at
            working = False
        elif unit == "wh":
            left, working = amount * 60, True
        else:
            end = int(self.due(start, amount, unit).timestamp()) // 60
            left, working = sum(self.tape[at - self.first : end - self.first]), True
        stretches = [(int(a.timestamp()) // 60, int(b.timestamp()) // 60) for a, b in pauses]
        while left or any(a <= at < b for a, b in stretches if not working):
            paused = any(a <= at < b for a, b in stretches)
            if not paused and (not working or self.tape[at - self.first]):
                left -= 1
            at += 1
        if working:  # a pause that begins at the due time itself still counts
            at = max([at] + [n + 1 for a, b in stretches if a == at for n in range(a, b) if self.tape[n - self.first]])
        return datetime.fromtimestamp(at * 60, self.zone)
