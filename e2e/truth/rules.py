"""Random check-in rules: those that the editor builds, and those that only the API can store."""
import datetime as dt

from django.core.exceptions import ValidationError
from draw import UTC
from pretix.base.models import CheckinList

COUNTS = ["entries_number", "entries_today", "entries_days", "minutes_since_last_entry", "minutes_since_first_entry"]
VARIABLES = COUNTS + ["now", "now_isoweekday", "product", "variation", "gate", "entry_status"]
COMPARE = ["<", "<=", ">", ">=", "==", "!="]
CUTS = ["entries_since", "entries_before", "entries_days_since", "entries_days_before"]
ODD = [None, True, False, "", "1", "5.0", " 2 ", "1_0", "abc", "True", "None", "present", 0, 1, -1, 2.5, 5.0, [], [1], ["a", None], "inf", "nan", 1e3,
       [{"var": "product"}], [[1], 2.0], ["a", "it's", True], [5.0, -1], "[1]", "['a', None]", "[]", "False", "2.5", 1e16, 1e-5, 123456789.125,
       10 ** 20, -0.0, "-0", "0", "1e3", "0x1", "\u00a01", "ünï", {}, [None]]


class RuleMaker:
    def __init__(self, world, event, oddity=0.22):
        """oddity is how many parts are such as no editor builds."""
        self.w, self.e, self.r, self.oddity = world, event, world.r, oddity

    def rules(self):
        """A rule that pretix lets through its validation."""
        while True:
            try:
                rule = self.r.choice(["x", [0], True, 5, [], None]) if self.odd_now(0.01) else self.group(self.r.choice([0, 0, 1, 2, 3]))
                return CheckinList.validate_rules(rule) or {}
            except (ValidationError, TypeError, KeyError, IndexError):
                continue

    def odd_now(self, p):
        return self.oddity > 0 and self.w.chance(p)

    def group(self, depth):
        if depth == 0 or self.w.chance(0.25):
            return self.leaf()
        parts = [self.group(depth - 1) for _ in range(self.r.choice([1, 2, 2, 3, 4]) if not self.odd_now(0.01) else 0)]
        if self.odd_now(0.03):
            parts.append(self.r.choice(ODD))
        if self.odd_now(0.04):
            parts.append(self.operand(2))
        return {self.r.choice(["and", "or"]): parts}

    def leaf(self):
        if self.w.chance(self.oddity):
            return self.odd(3)
        return self.r.choice([self.count, self.count, self.count, self.cut, self.cut, self.time, self.time, self.time, self.weekday, self.ids, self.status])()

    def var(self, name):
        return {"var": [name] if self.w.chance(0.2) else name}

    def count(self):
        name = self.r.choice(COUNTS)
        limit = self.r.choice([-1, 0, 1, 5, 10, 60, 120, 1440, 2880]) if "minutes" in name else self.r.randint(0, 3)
        return {self.r.choice(COMPARE): [self.var(name), limit]}

    def cut(self):
        return {self.r.choice(COMPARE): [{self.r.choice(CUTS): [self.moment()]}, self.r.randint(0, 3)]}

    def time(self):
        args = [self.var("now"), self.moment()]
        if self.w.chance(0.75):
            args.append(self.r.choice([None, None, 0, 10, 15, 30, 60, 120]) if not self.odd_now(0.1) else self.operand(0))
        if self.odd_now(0.03):
            args = self.r.choice([args[::-1], [self.moment(), self.moment(), *args[2:]]])
        return {self.r.choice(["isBefore", "isAfter"]): args}

    def clocks(self, now):
        """One comparison of times that are close to now, in all the ways in which a time can be written."""
        def near():
            t = now + dt.timedelta(minutes=self.r.randint(-45, 45))
            local = t.astimezone(self.e.truth_zone)
            return self.r.choice([
                {"var": "now"}, {"var": "now"}, {"buildTime": ["customtime", local.strftime("%H:%M")]}, {"buildTime": ["customtime", local.strftime("%H:%M")]},
                {"buildTime": ["customtime", now.astimezone(self.e.truth_zone).strftime("%H:%M:%S")]},
                {"buildTime": ["custom", local.isoformat()]}, {"buildTime": ["custom", now.isoformat()]}, {"buildTime": ["date_from"]}])
        name = self.r.choice(["isBefore", "isAfter", "isBefore", "isAfter", "==", "!=", "<", "<=", ">=", "inList"])
        left, right = near(), near()
        if name == "inList":
            right = {"objectList": [right, near()]}
        if name in ("==", "!=", "<=") and self.w.chance(0.3):
            right = str(self.r.choice([now, now.astimezone(self.e.truth_zone)]))
        tolerance = [self.r.choice([0, 5, 15, 20, 30, 60, -15, -60, 1440])] if name.startswith("is") and self.w.chance(0.7) else []
        return {name: [left, right, *tolerance]}

    def weekday(self):
        return {self.r.choice(COMPARE): [self.var("now_isoweekday"), self.r.randint(1, 7)]}

    def status(self):
        return {"==" if self.w.chance(0.9) else "!=": [self.var("entry_status"), self.r.choice(["present", "absent"])]}

    def ids(self):
        kind = self.r.choice(["product", "product", "variation", "gate"])
        pool = {"product": self.e.products, "gate": self.w.gates, "variation": [v for p in self.e.products for v in p.kinds]}[kind]
        return {"inList": [self.var(kind), {"objectList": [
            {"lookup": [kind, str(x.pk), "x"]} for x in self.r.sample(pool, self.r.randint(0, len(pool)))]}]}

    def moment(self):
        kind = self.r.choice(["custom", "customtime", "date_from", "date_to", "date_admission"])
        if kind == "custom":
            return {"buildTime": [kind, self.custom()]}
        if kind == "customtime":
            return {"buildTime": [kind, self.clock()]}
        return {"buildTime": self.r.choice([[kind], [kind, None], kind])}

    def custom(self):
        t = self.w.around(60, seconds=False)
        local = t.astimezone(self.e.truth_zone)
        return self.r.choice([
            t.strftime("%Y-%m-%dT%H:%M:%S.000Z"), local.isoformat(), t.isoformat(), t.strftime("%Y-%m-%dT%H:%MZ"),
            local.astimezone(dt.timezone(dt.timedelta(hours=9))).isoformat(), local.astimezone(dt.timezone(dt.timedelta(hours=-5))).isoformat(),
        ]) if not self.odd_now(0.1) else self.r.choice([
            t.strftime("%Y-%m-%dT%H:%M:%S"), t.strftime("%Y-%m-%d %H:%M"), t.strftime("%Y-%m-%d"), t.strftime("%d.%m.%Y %H:%M"),
            t.strftime("%d %b %Y %H:%M UTC"), t.strftime("%Y%m%d"), t.strftime("%m/%d/%Y"), "", "x", None, 5, t.strftime("%Y-%m-%d %I:%M %p+00:00"),
            t.strftime("%Y-%m-%dT%H:%M:%S.123456Z"), t.strftime("%Y-%m-%dT%H:%M:%S,5Z"), t.strftime("%B %d, %Y %H:%M"), t.strftime("%H:%M"),
            t.strftime("%Y%m%dT%H%M%SZ"), t.strftime("%Y-%m-%dT%H:%M:%S+0900"), t.strftime("%a, %d %b %Y %H:%M:%S GMT"), t.strftime("%Y-%m"),
        ])

    def clock(self):
        t = self.w.around(24)
        if self.w.change and self.w.chance(0.5):
            t = self.w.change + dt.timedelta(minutes=self.r.randint(-80, 80))
        t = t.astimezone(self.e.truth_zone)
        if self.w.chance(0.3):
            t = t.replace(hour=self.r.choice([0, 1, 2, 3, 23]), minute=self.r.choice([0, 0, 15, 30, 45, 59]))
        forms = ["%H:%M", "%H:%M", "%H:%M:%S"]
        if self.odd_now(0.1):
            forms = ["%I:%M %p", "%I%p", "%H:%M:%S.5", "%Y-%m-%dT%H:%M:%SZ", "%H:%M+02:00", "24:00", "x", "%Hh"]
        return t.strftime(self.r.choice(forms))

    def odd(self, depth):
        """An operator over anything."""
        n = self.r.choice([2, 2, 2, 2, 2, 3, 3, 1, 4, 0])
        return {self.r.choice(COMPARE * 2 + ["inList", "inList", "isBefore", "isAfter"]): [self.operand(depth - 1) for _ in range(n)]}

    def operand(self, depth):
        r = self.r
        picks = [
            lambda: self.var(r.choice(VARIABLES)), lambda: self.var(r.choice(VARIABLES)), lambda: r.choice(ODD), lambda: r.randint(0, 4),
            self.moment, lambda: {"objectList": [self.operand(0) for _ in range(r.randint(0, 3))]},
            lambda: {r.choice(CUTS): [self.moment()]}, lambda: {"var": [r.choice(VARIABLES), r.choice(ODD)]},
            lambda: {"lookup": [r.choice(["product", "gate"]), r.choice(["1", 1, "x", None, 2.7, True, " 3 ", str(r.choice(self.e.products).pk)]), "y"][:r.choice([3, 3, 3, 2])]},
            lambda: {"var": [r.choice(VARIABLES), 1, 2]},
            lambda: {"buildTime": [r.choice(["custom", "customtime", "date_from", "x", 5, None, *ODD]), self.operand(0), *ODD[:r.choice([0, 0, 1])]][:r.choice([0, 1, 2, 2, 3])]},
            lambda: {"objectList": self.operand(0)}, lambda: {r.choice(CUTS): self.moment()},
            lambda: str(self.w.around(24, seconds=False).astimezone(r.choice([UTC, self.e.truth_zone]))),
            lambda: [self.r.choice(ODD) for _ in range(r.randint(0, 2))],
        ]
        if depth > 0:
            picks += [lambda: self.odd(depth - 1), self.count]
        return r.choice(picks)()
