#!/usr/bin/env python3
"""Records what pretix' rule engine says to random rules, one JSON object a line. No database, so thousands a second.

  rules_only.py --rig rig.json --seed 1 --count 20000 --out rules.jsonl

A line: rule, at (all that a rule may look at), admits (true, false; null: the evaluation fails), explanation (null: none, or
pretix fails over it).
"""
import datetime as dt
import json
import random
import sys
import types

from draw import UTC, Draw
from inside import enter


class Visits:
    """What pretix counts with SQL, over a list of entries. The rest of its LazyRuleVars is used as it is."""

    def __new__(cls, facts):
        from pretix.base.services.checkin import LazyRuleVars

        class Vars(LazyRuleVars):
            entries = facts["entries"]
            zone = facts["zone"]

            def _days(self, entries):
                return len({e.astimezone(self.zone).date() for e in entries})

            def _since(self, t):
                return [e for e in self.entries if e >= self._aware(t)]

            def _before(self, t):
                return [e for e in self.entries if e < self._aware(t)]

            def _aware(self, t):
                if not isinstance(t, dt.datetime):
                    raise ValueError("not a time")
                return t if t.tzinfo else t.replace(tzinfo=UTC)

            def _minutes(self, e):
                return (self._dt - e).total_seconds() // 60

            entries_number = property(lambda self: len(self.entries))
            entries_days = property(lambda self: self._days(self.entries))
            entry_status = property(lambda self: "present" if facts["inside"] else "absent")
            minutes_since_last_entry = property(lambda self: self._minutes(self.entries[-1]) if self.entries else -1)
            minutes_since_first_entry = property(lambda self: self._minutes(self.entries[0]) if self.entries else -1)

            @property
            def entries_today(self):
                midnight = self._dt.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
                return len([e for e in self.entries if e >= midnight.astimezone(UTC)])

            def entries_since(self, t):
                return len(self._since(t))

            def entries_before(self, t):
                return len(self._before(t))

            def entries_days_since(self, t):
                return self._days(self._since(t))

            def entries_days_before(self, t):
                return self._days(self._before(t))

        named = types.SimpleNamespace
        event = named(timezone=facts["zone"])
        gate = named(pk=facts["gate"]) if facts["gate"] else None
        position = named(item_id=facts["product"], variation_id=facts["variation"])
        return Vars(position, named(event=event), facts["now"], gate)


class World(Draw):
    """As much of a shop as the rule maker asks for."""

    def __init__(self, rnd):
        super().__init__(rnd, before=30, after=20)
        numbered = [types.SimpleNamespace(pk=n, kinds=[types.SimpleNamespace(pk=n * 10 + i) for i in range(n % 3)]) for n in range(1, 6)]
        self.gates = [types.SimpleNamespace(pk=n) for n in (1, 2, 3)]
        self.event = types.SimpleNamespace(products=numbered, truth_zone=self.zone, timezone=self.zone)

    def facts(self):
        r = self.r
        now = self.start + dt.timedelta(minutes=r.randint(-600, 1500), seconds=r.choice([0, 0, r.randint(0, 59)]))
        if self.edges and self.chance(0.4):
            now = r.choice(sorted(self.edges)) + dt.timedelta(seconds=r.choice([-1, 0, 1]), minutes=r.choice([0, 0, 0, 10, 15, 30, 60, 120, -10, -15, -30, -60]))
        if self.change and self.chance(0.4):
            now = self.change + dt.timedelta(minutes=r.randint(-80, 80))
        if self.chance(0.2):
            now += self.fraction()
        item = r.choice(self.event.products)
        entries = sorted(now - dt.timedelta(minutes=r.choice([r.randint(0, 90), r.randint(0, 2000), r.randint(0, 9000), 60, 1440, 1]), seconds=r.choice([0, 0, r.randint(0, 59)])) + self.fraction()
                         for _ in range(r.choice([0, 0, 1, 1, 2, 3, 4])))
        date = lambda p: self.around(48) if self.chance(p) else None  # noqa: E731
        return {"now": now, "zone": self.zone, "date_from": self.around(36), "date_to": date(0.6), "date_admission": date(0.5), "product": item.pk,
                "variation": r.choice(item.kinds).pk if item.kinds else None, "gate": r.choice([None, 1, 2, 3]), "entries": entries,
                "inside": bool(entries) and self.chance(0.5)}


def line(clock, rnd):
    from pretix.base.services.checkin import _get_logic_environment, _logic_explain
    from rules import RuleMaker
    w = World(rnd)
    f = w.facts()
    maker = RuleMaker(w, w.event)
    rule = maker.clocks(f["now"]) if w.chance(0.25) else {}
    while not isinstance(rule, dict) or not rule:
        rule = maker.rules()
    clock.set(f["now"])
    ev = types.SimpleNamespace(timezone=w.zone, date_from=f["date_from"], date_to=f["date_to"], date_admission=f["date_admission"])
    data = Visits(f)
    try:
        admits = bool(_get_logic_environment(ev, data, f["now"]).apply(json.loads(json.dumps(rule)), data))
    except Exception:
        admits = None
    explanation = None
    if admits is False:
        try:
            explanation = str(_logic_explain(json.loads(json.dumps(rule)), ev, data))
        except Exception:
            pass
    plain = lambda t: t and t.strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: E731
    at = {**f, "zone": str(w.zone), "entries": [plain(e) for e in f["entries"]],
          **{k: plain(f[k]) for k in ("now", "date_from", "date_to", "date_admission")}}
    return {"rule": rule, "at": at, "admits": admits, "explanation": explanation}


def main():
    a, clock = enter(__file__, {"count": 20000})
    rnd = random.Random(a.seed)
    with open(a.out, "w") as out:
        for _ in range(a.count):
            out.write(json.dumps(line(clock, rnd), ensure_ascii=False) + "\n")
    print(f"seed {a.seed}: {a.count} rules in {a.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
