"""What worlds of every kind draw from: a zone, a start, and instants around it."""
import datetime as dt
from zoneinfo import ZoneInfo

UTC = dt.timezone.utc
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# Zones whose clocks change by an hour, by half an hour, by two, at midnight, in winter instead of summer, or never.
ZONES = ["Asia/Seoul", "Europe/Berlin", "Australia/Sydney", "UTC", "Asia/Kathmandu", "America/St_Johns", "America/New_York",
         "America/Havana", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Chatham",
         "Europe/Dublin", "Africa/Casablanca", "Antarctica/Troll", "America/Nuuk", "America/Asuncion", "Pacific/Norfolk",
         "Asia/Gaza", "Asia/Tehran", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Atlantic/Azores", "Pacific/Easter"]


def clock_changes(zone, year):
    """The instants of that year at which the zone's clocks change."""
    at, out = dt.datetime(year, 1, 1, tzinfo=UTC), []
    while at.year == year:
        later = at + HOUR
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            out.append(later)
        at = later
    return out


class Draw:
    """A zone and a start; half of the starts are near a change of the zone's clocks, from `before` to `after` hours off."""

    def __init__(self, rnd, before, after):
        self.r = rnd
        self.zone = ZoneInfo(rnd.choice(ZONES))
        year = rnd.randint(2027, 2040)
        self.start = dt.datetime(year, rnd.randint(1, 12), rnd.randint(1, 28), rnd.randint(0, 23), rnd.randint(0, 59), tzinfo=UTC)
        changes = clock_changes(self.zone, year) if self.chance(0.5) else []
        self.change = rnd.choice(changes) if changes else None
        if changes:
            self.start = self.change + rnd.randint(-before, after) * HOUR - rnd.randint(0, 59) * MINUTE
        self.edges = set()

    def chance(self, p):
        return self.r.random() < p

    def around(self, hours=72, seconds=True):
        """Some instant around the start."""
        t = self.start + dt.timedelta(minutes=self.r.randint(-hours * 60, hours * 60))
        if seconds and self.chance(0.3):
            t += dt.timedelta(seconds=self.r.randint(0, 59))
        self.edges.add(t)
        return t

    def fraction(self):
        """A part of a second, as pretix keeps them; mostly none."""
        return dt.timedelta(microseconds=self.r.choice([1, 250_000, 500_000, 999_999, self.r.randint(0, 999_999)])) if self.chance(0.25) else dt.timedelta(0)
