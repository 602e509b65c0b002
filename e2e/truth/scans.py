"""Random scans of a world, and what pretix answers to each.

A scan is judged by pretix' own redeem view at a frozen clock; what it writes is noted as the effects of the step.
"""
import base64
import datetime as dt
import struct
import unicodedata

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from draw import DAY, MINUTE, UTC
from django.utils.crypto import get_random_string
from pretix.base.models import Checkin, QuestionAnswer, RevokedTicketSecret

PREFIXES = ["\\000001", "\\000003", "\\000026", "\\000027"]
ANSWERS = {
    "N": ["1", "5", "7.5", "9", "+6", "1e1", " 3 ", "abc", "", "0", "0.0", "-0", "1 000", "0x10", "NaN", "Infinity", "-99999", "2.", ".5", "1_0", "1e-7", "5E0", "1.", "--3"],
    "S": ["Anna", "blue 7", "0", " ", "", "a", "x" * 60, "äöü", "🎟🎟🎟", "None", "False"],
    "T": ["Text", "two\nlines", "", "file:///x", "ab", " x "],
    "B": ["true", "True", "false", "False", "", "1", "yes", "TRUE", " true", "0", "on"],
    "D": ["2030-02-28", "1990-01-01", "2030-02-30", "2030-2-8", "2030-02-28T10:00", "x", "", "28.02.2030", "02/28/2030", "2030/02/28", "20300228", "Feb 28, 2030", "28 February 2030", "2035-01-01", "2035-01-02", "2020-01-01", "2019-12-31", " 2030-02-28 ", "2030-02", "28.2.30", "12:00"],
    "H": ["12:20", "23:59", "00:00", "7:05", "12:20:00", "7pm", "12:60", "12h", "24:00", "", "x", "7 pm", "12:20:30.5", "12.20", "1220", "7:05 AM", "12am", "2030-02-28T12:20"],
    "W": ["2030-02-28T12:20", "2030-02-28T12:20:00+01:00", "2030-02-28T12:20:00Z", "2030-02-30T10:00", "1990-01-01T00:00", "2030-02-28", "2030-02-28 12:20", "2020-01-01T00:00:00Z", "2019-12-31T23:59:59Z", "2020-01-01T00:00", "", "28.02.2030 12:20", "x", "2030-02-28 12:20:00.000 +0100", "2030-02-28T25:00"],
    "CC": ["DE", "KR", "XX", "de", "", "D", "Germany", "EU", "GB", "UK", " DE"],
    "TEL": ["+49301234567", "abc", "", "0", "030 123"],
    "F": ["", "file:///photo.png"],
}
TYPES = {  # what an online device shows
    "already_redeemed": "USED", "unpaid": "UNPAID", "canceled": "CANCELED", "blocked": "BLOCKED", "invalid_time": "INVALID_TIME",
    "rules": "RULES", "ambiguous": "AMBIGUOUS", "revoked": "REVOKED", "unapproved": "UNAPPROVED", "product": "PRODUCT",
    "already_exchanged": "ALREADY_EXCHANGED", "invalid": "INVALID",
}


def cleaned(text, source):
    """The usual cleaning of a scanner app, before anything is sent."""
    text = "".join("�" if unicodedata.category(c)[0] == "C" else c for c in text)
    if source == "barcode":
        for p in PREFIXES:
            text = text.removeprefix(p)
    return text


class Scanner:
    def __init__(self, world, clock, client):
        self.w, self.r, self.clock, self.client = world, world.r, clock, client
        self.now = world.start
        self.done, self.answers_stored = [], self.stored()
        self.answers_at_start = self.answers_stored
        few = self.r.sample(world.positions, min(6, len(world.positions)))
        self.pool = few if world.knobs["few tickets"] else world.positions
        self.never_sold = set()
        self.hidden_ids = {p.pk for p in world.positions if self.hidden(p)}
        links = world.media[0].linked_orderpositions.through.objects
        self.linked = {m.pk: set(links.filter(reusablemedium=m).values_list("orderposition_id", flat=True)) for m in world.media}

    def hidden(self, p):
        """The device has not downloaded it."""
        return p.canceled or p.order.testmode or p.order.code in self.w.unsynced

    # ---------------------------------------------------------------- making a scan

    def tick(self):
        """The next time: a little later, or an instant at which something changes, or one second beside it."""
        r = self.r
        edges = sorted(e for e in self.w.edges if e > self.now + 2 * dt.timedelta(seconds=1))
        if edges and r.random() < 0.35:
            e = edges[min(int(r.expovariate(0.8)), len(edges) - 1)]
            t = e + dt.timedelta(seconds=r.choice([-1, 0, 0, 1]))
        elif r.random() < 0.12:
            zone = r.choice(self.w.events).truth_zone
            local = (self.now + DAY).astimezone(zone)
            t = dt.datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC) + dt.timedelta(seconds=r.choice([-1, 0, 1, 600]))
        else:
            t = self.now + r.choice([1, 1, 3, 5, 10, 20, 60, 61, 90, 300]) * MINUTE + dt.timedelta(seconds=r.choice([0, 0, 0, 1, 59, r.randint(0, 59)]))
        self.now = max(t, self.now + dt.timedelta(seconds=1))
        return self.now

    def scan(self, n):
        r, w = self.r, self.w
        now = self.tick()
        kind, secret, source, position = self.target()
        when = {"action": "scan", "now": iso(now), "lists": self.select(position), "secret": secret, "source_type": source,
                "type": "exit" if r.random() < w.knobs["exits"] else "entry", "answers": self.answers() if r.random() < 0.5 else {},
                "ignore_unpaid": r.random() < 0.2, "allow_questions": r.random() < 0.93,
                "nonce": get_random_string(26, "abcdefghjkmnpqrstuvwxyz23456789") if r.random() < 0.4 else None}
        if self.done and r.random() < 0.3:
            kind = self.repeat(when)
        if not when["allow_questions"]:
            when["answers"] = {}  # a device that asks no questions has no answers
        self.done.append(when)
        return self.judge(n, kind, when)

    def repeat(self, when):
        """Makes it one of the last scans again: the same ticket at the same place, or the same nonce, or each a bit different."""
        r = self.r
        last = r.choice(self.done[-3:])
        if r.random() < 0.15:  # the nonce of another scan: of another ticket, list or direction
            when["nonce"] = last["nonce"]
            if r.random() < 0.5:
                when["secret"], when["source_type"] = last["secret"], last["source_type"]
            return "nonce elsewhere"
        for key in ("lists", "secret", "source_type"):
            when[key] = last[key]
        if r.random() < 0.6:
            when["answers"] = self.answers()
        if r.random() < 0.3:
            when["nonce"], when["type"] = last["nonce"], last["type"] if r.random() < 0.8 else when["type"]
            return "nonce"
        return "again"

    def target(self):
        r, w = self.r, self.w
        p = r.choice(self.pool)
        kind = r.choices(*zip(*w.knobs["scans"].items()))[0]
        if kind == "medium" or kind == "card":
            m = r.choice(w.media)
            linked = [x for x in w.positions if x.pk in self.linked[m.pk]]
            if kind == "card":
                return kind, self.malformed(m.identifier), m.type, r.choice(linked or [p])
            return kind, m.identifier, m.type if r.random() < 0.95 else "nfc_uid", r.choice(linked or [p])
        if kind == "revoked":
            rows = list(RevokedTicketSecret.objects.filter(event__in=w.events))
            if rows:
                row = r.choice(rows)
                return kind, row.secret if r.random() < 0.8 else self.malformed(row.secret), "barcode", row.position
        if kind == "withaddons":
            base = r.choice([x.addon_to for x in w.positions if x.addon_to_id] or [p])
            return kind, base.secret, "barcode", base
        if kind == "unknown":
            return kind, self.unknown(p), "barcode", p
        if kind == "malformed":
            return kind, self.malformed(p.secret), "barcode", p
        if kind == "forged":
            return kind, self.forged(p), "barcode", p
        return "ticket", p.secret, "barcode" if r.random() < 0.98 else "nfc_uid", p

    def unknown(self, p):
        """A code that nobody has: plain, or signed with a key of ours for a ticket that does not exist."""
        e = p.order.event
        if self.r.random() < 0.5:
            return get_random_string(24, "abcdefgh23456789")
        return p.order.code

    def malformed(self, s):
        r = self.r
        i = r.randint(0, max(len(s) - 1, 0))
        return r.choice([
            s + " ", " " + s, "\u00a0" + s, s + "\t", s + "\n", "\u200b" + s, "\u3000" + s, r.choice(PREFIXES) + s, "\\000026\\000003" + s, "\\000001\\000027" + s,
            "\\000004" + s, s.upper(), s.lower(), s[:i] + "\x07" + s[i:], "https://tickets.example/" + s, s[:-1], s[1:], "=" + s, s + "=", s.replace("+", " "),
            s.replace("+", "-").replace("/", "_"), s[:i] + " " + s[i:], s[:i] + "A" + s[i + 1:], s * 2, "🎟" + s, s.strip("="), s[::-1], " ", s + "\u2028", "\ufeff" + s,
            "\u0000" + s, s + "\ue000", s + "\u0378", " " + r.choice(PREFIXES) + s, r.choice(PREFIXES) + " " + s, r.choice(PREFIXES)[:-1] + s, "\u180e" + s,
            unicodedata.normalize("NFD", s), unicodedata.normalize("NFKC", s), s.swapcase(), s + "\u0345", s + "\u1680\u2009",
        ])

    def forged(self, p):
        """A signed code that is not one of the event's: of another key, with something changed, or written in another way."""
        r, e = self.r, p.order.event
        own = base64.b64decode(self.w.signed(e, p.item, p.variation, p.subevent)[::-1])
        n = own[2]
        payload, signature = own[5:5 + n], own[5 + n:]
        i = r.randrange(len(payload))
        foreign = Ed25519PrivateKey.from_private_bytes(r.randbytes(32))

        def code(version, payload, signature, n=None, m=None, rest=b""):
            lengths = struct.pack(">HH", len(payload) if n is None else n, len(signature) if m is None else m)
            return base64.b64encode(bytes([version]) + lengths + payload + signature + rest).decode()[::-1]

        others = [self.w.signed(x, p.item) for x in self.w.events if x != e]
        self.never_sold.update(others)
        return r.choice([
            code(1, payload, foreign.sign(payload)), code(1, payload[:i] + bytes([payload[i] ^ 1]) + payload[i + 1:], signature), code(2, payload, signature), code(1, payload, signature[::-1]),
            code(1, payload, signature, n=n - 1), code(1, payload, signature, n=n + 1), code(1, payload, signature, m=63), code(1, payload, signature, m=0),
            code(1, payload, signature, n=65535), code(1, b"", signature), code(1, payload, b""), code(1, payload + b"\x28\x00", signature),
            code(1, payload, signature, rest=b"\x00"), code(1, payload, signature)[::-1], code(1, payload, signature)[:r.randrange(40)],
            *others,
        ])

    def select(self, position):
        r = self.r
        events = [e for e in self.w.events if e.pk == position.order.event_id]
        others = [e for e in self.w.events if e.pk != position.order.event_id]
        others = r.sample(others, r.randint(1, len(others))) if others else []
        if others and r.random() < self.w.knobs["other events"]:
            events = events + others
            r.shuffle(events)
        elif others and r.random() < 0.05:
            events = others
        return {e.slug: r.choice(self.for_date(e.clists, position.subevent_id)).pk for e in events}

    def for_date(self, clists, date):
        """Mostly those lists that the ticket's date is on."""
        fit = [c for c in clists if c.subevent_id in (None, date)]
        return fit if fit and self.r.random() < 0.85 else clists

    def answers(self):
        r, out = self.r, {}
        for e in self.w.events:
            for q in e.asked:
                if r.random() < 0.65:
                    out[str(q.pk)] = self.answer(q)
        return out

    def answer(self, q):
        r = self.r
        if q.type not in "CM" or not q.choices:
            return r.choice(ANSWERS[q.type])
        one, two = r.choice(q.choices), r.choice(q.choices)
        plain = [str(one.pk), str(one.pk), one.identifier]
        if q.type == "M":
            plain += [f"{one.pk},{two.pk}", f"{one.pk},{two.identifier}", ",".join(str(c.pk) for c in q.choices)]
        odd = ["", "0", "no-such", "1,2", f" {one.pk}", f"{one.pk}, {two.pk}", f"0{one.pk}", one.identifier.lower(), f"{one.pk},", "²", str(one.answer), "99999999999999999999", f"{one.pk}.0"]
        return r.choice(plain if r.random() < 0.75 else odd)

    # ---------------------------------------------------------------- asking pretix

    def judge(self, n, kind, when):
        self.clock.set(dt.datetime.fromisoformat(when["now"].replace("Z", "+00:00")))
        sent = cleaned(when["secret"], when["source_type"])
        before = Checkin.all.order_by("-pk").values_list("pk", flat=True).first() or 0
        visits_before = list(Checkin.objects.filter(list__in=when["lists"].values()).order_by("datetime", "pk"))
        body = {"lists": list(when["lists"].values()), "secret": sent, "source_type": when["source_type"], "type": when["type"],
                "answers": when["answers"], "ignore_unpaid": when["ignore_unpaid"], "questions_supported": when["allow_questions"], "nonce": when["nonce"]}
        resp = self.client.post(f"/api/v1/organizers/{self.w.organizer.slug}/checkinrpc/redeem/", body)
        got = resp.json() if resp.status_code < 500 else {}
        if not isinstance(got, dict):
            got = {"body": got}
        answer = {k: got.get(k) for k in ("status", "reason", "reason_explanation", "require_attention", "checkin_texts")}
        answer["http"] = resp.status_code
        answer["list"] = got.get("list") and {"id": got["list"]["id"], "event": got["list"]["event"]}
        answer["questions"] = [q["id"] for q in got["questions"]] if got.get("status") == "incomplete" else None
        answer["position"] = self.position(got, visits_before)
        if not got.get("status"):
            answer["body"] = got
        proxy = kind_of(got, resp.status_code)
        why = self.not_knowable(when, sent, got, proxy)
        return {
            "n": n, "kind": kind, "when": when, "sent_secret": sent if sent != when["secret"] else None, "server": answer,
            "expect_proxy_type": proxy, "expect_offline_type": "EXCHANGE_REQUIRED_OFFLINE" if proxy == "EXCHANGE_REQUIRED" else proxy,
            "offline_knowable": why is None, "not_knowable_because": why, "effects": self.effects(before),
        }

    def position(self, got, visits):
        p = got.get("position")
        if not p:
            return None
        mine = [c for c in visits if c.position_id == p["id"] and c.list_id == got["list"]["id"]]
        return {**{k: p[k] for k in ("id", "positionid", "order", "secret", "item", "variation", "subevent", "attendee_name", "addon_to")},
                "downloaded": p["id"] not in self.hidden_ids, "checkins_before": [[c.type, iso(c.datetime)] for c in mine]}

    def stored(self):
        """Every stored answer, by position: options by their ids, as a device compares them."""
        out = {}
        rows = QuestionAnswer.objects.filter(orderposition__order__event__in=self.w.events).prefetch_related("options")
        for a in rows:
            text = ",".join(str(o.pk) for o in a.options.all()) or a.answer
            out.setdefault(a.orderposition_id, {})[str(a.question_id)] = text
        return out

    def effects(self, before):
        new = Checkin.all.filter(pk__gt=before).order_by("pk")
        was, self.answers_stored = self.answers_stored, self.stored()
        changed = [pk for pk in was | self.answers_stored if self.answers_stored.get(pk) != was.get(pk)]
        return {
            "checkins": [{"position": c.position_id, "list": c.list_id, "type": c.type, "datetime": iso(c.datetime)} for c in new if c.successful],
            "failed": [{"position": c.position_id, "list": c.list_id, "reason": c.error_reason} for c in new if not c.successful],
            "answers": {"position": changed[0], "now": self.answers_stored.get(changed[0], {})} if changed else None,
        }

    def not_knowable(self, when, sent, got, proxy):
        """Why a device cannot know this answer, None if it can."""
        if proxy is None:
            return "the server failed or rejects the request"
        text = sent.strip()
        if text in self.never_sold:
            return "signed, but never sold"
        for m in self.w.media:
            if m.identifier != text or m.type != when["source_type"]:
                continue
            linked = self.linked[m.pk]
            if linked & self.hidden_ids:
                return "medium linked to a position that is not downloaded"
            if any(p.addon_to_id in linked and p.pk in self.hidden_ids for p in self.w.positions):
                return "medium linked to a ticket with an add-on that is not downloaded"
        for p in self.w.positions:
            if p.secret == text and p.pk in self.hidden_ids:
                return self.signature_suffices(p, proxy, when)
        p = got.get("position")
        if p and p["id"] in self.hidden_ids and proxy != "REVOKED":
            return "order is not downloaded"
        return None

    def signature_suffices(self, p, proxy, when):
        """A signed code of an order that is not downloaded: comparable where the order adds nothing."""
        plain = (
            not p.canceled and not p.order.testmode and p.order.status == "p" and len(p.secret) > 100 and p.pk not in self.answers_at_start
            and not p.addons.exists() and not p.item.media_policy and proxy not in ("UNPAID", "CANCELED"))
        seen = Checkin.objects.filter(position=p, list__in=when["lists"].values(), datetime__lte=self.w.start).exists()
        return None if plain and not seen else "order is not downloaded"


def kind_of(got, http):
    status = got.get("status")
    if status == "ok":
        return "VALID"
    if status == "incomplete":
        return "ANSWERS_REQUIRED"
    if status == "exchange":
        return "EXCHANGE_REQUIRED"
    if status == "error":
        return TYPES.get(got.get("reason"), "ERROR")
    return None


def iso(t):
    t = t.astimezone(UTC)
    return t.strftime("%Y-%m-%dT%H:%M:%S") + (f".{t.microsecond:06d}" if t.microsecond else "") + "Z"
