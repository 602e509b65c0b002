"""Random worlds: an organizer with events, lists with rules, orders and media, as a shop might have stored them.

Everything is made inside pretix' own models; what the API would refuse (rules) is asked of pretix first.
"""
import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from draw import DAY, UTC, ZONES, Draw
from django.utils.crypto import get_random_string
from i18nfield.strings import LazyI18nString as I18n
from pretix.base.models import (
    Checkin, CheckinList, Device, Event, Gate, Item, ItemVariation, Order, OrderPosition, Organizer, Question,
    QuestionAnswer, QuestionOption, ReusableMedium, RevokedTicketSecret, SubEvent,
)
from pretix.base.models.orders import BlockedTicketSecret
from pretix.base.secrets import Sig1TicketSecretGenerator, assign_ticket_secret
from rules import RuleMaker

NAMES = ["Ana Ruiz", "Omar Ito", "Mia Kim", "Jo Öz", None]
TEXTS = [None, None, None, "", " ", "Wristband", " check the age ", "two\nlines"]
STORED = {  # answers as a shop stores them
    "N": ["3", "0", "7.5"], "S": ["Anna", ""], "T": ["Text"], "B": ["True", "False"], "D": ["2030-02-28"], "H": ["12:20:00"],
    "W": ["2030-02-28T12:20:00+00:00"], "CC": ["DE"], "TEL": ["+49301234567"],
}
LIMITS = {
    "N": {"valid_number_min": Decimal(2), "valid_number_max": Decimal(9)},
    "S": {"valid_string_length_min": 3, "valid_string_length_max": 20},
    "T": {"valid_string_length_min": 3, "valid_string_length_max": 20},
    "D": {"valid_date_min": dt.date(2020, 1, 1), "valid_date_max": dt.date(2035, 1, 1)},
    "W": {"valid_datetime_min": dt.datetime(2020, 1, 1, tzinfo=UTC)},
}


class World(Draw):
    def __init__(self, rnd):
        super().__init__(rnd, before=40, after=0)
        # mixed: a little of everything; signed: orders that are not downloaded; asked: questions; busy: the same few tickets
        self.style = rnd.choice(["mixed", "mixed", "signed", "asked", "busy"])
        self.positions, self.media, self.lists = [], [], []
        self.unsynced = []

    def mixed(self, p):
        """A complication that only the mixed style has."""
        return self.style == "mixed" and self.chance(p)

    def text(self):
        return self.r.choice(TEXTS)

    def build(self):
        o = self.organizer = Organizer.objects.create(name="Truth", slug="truth")
        o.settings.locale, o.settings.locales, o.settings.timezone = "en", ["en", "de"], "UTC"
        o.settings.reusable_media_active = True
        for kind in ("barcode", "nfc_uid", "nfc_mf0aes"):
            o.settings.set(f"reusable_media_type_{kind}", True)
        o.settings.reusable_media_usage_enforced = self.chance(0.5)
        self.web = o.sales_channels.get(identifier="web")
        self.gates = [Gate.objects.create(organizer=o, name=n) for n in ("North", "South", "West")]
        self.device = Device.objects.create(
            organizer=o, name="Proxy", all_events=True, security_profile="full", initialized=self.start - 30 * DAY,
            api_token=get_random_string(40), gate=self.r.choice([None, *self.gates]))
        self.other_device = Device.objects.create(
            organizer=o, name="Other", all_events=True, security_profile="full", initialized=self.start - 30 * DAY,
            api_token=get_random_string(40))
        self.events = [self.event(slug) for slug in ["alpha", "beta"][:1 + self.chance(0.5)]]
        self.make_media()
        self.annul()
        return self

    # ---------------------------------------------------------------- configuration

    def event(self, slug):
        r = self.r
        e = Event.objects.create(
            organizer=self.organizer, name=I18n({"en": f"Event {slug}"}), slug=slug, currency="EUR", live=True,
            date_from=self.around(36), date_to=self.around(72) if self.chance(0.6) else None,
            date_admission=self.around(36) if self.chance(0.5) else None, has_subevents=self.chance(0.35))
        zone = self.zone if self.chance(0.8) else ZoneInfo(r.choice(ZONES))
        e.settings.timezone, e.settings.locale, e.settings.locales = str(zone), "en", ["en", "de"]
        e.settings.ticket_secret_generator = "pretix_sig1" if self.style == "signed" or self.chance(0.5) else "random"
        e.truth_zone = zone
        e.subs = [SubEvent.objects.create(
            event=e, name=I18n({"en": f"Date {i}"}), active=True, date_from=self.around(48),
            date_to=self.around(72) if self.chance(0.6) else None,
            date_admission=self.around(48) if self.chance(0.5) else None) for i in range(3 if e.has_subevents else 0)]
        self.make_items(e)
        self.make_questions(e)
        e.clists = [self.clist(e, i) for i in range(r.randint(3, 6))]
        for n in range(r.randint(6, 11)):
            self.order(e, n)
        for _ in range(r.randint(0, 3)):
            self.revoked(e)
        return e

    def make_items(self, e):
        r = self.r
        e.products = []
        for i, name in enumerate(["Day ticket", "Full ticket", "Lunch", "Workshop", "Season card"][:r.randint(2, 5)]):
            item = Item.objects.create(
                event=e, name=I18n({"en": name}), default_price=Decimal("10.00"), admission=i < 2,
                checkin_attention=self.chance(0.2), checkin_text=self.text())
            if self.mixed(0.12):
                item.media_policy, item.media_type = r.choice(["reuse", "new", "reuse_or_new"]), r.choice(["barcode", "nfc_uid"])
                item.save()
            item.kinds = [ItemVariation.objects.create(
                item=item, value=I18n({"en": v}), position=j, checkin_attention=self.chance(0.2), checkin_text=self.text())
                for j, v in enumerate(["Adult", "Child", "Senior"][:r.choice([0, 0, 2, 3])])]
            e.products.append(item)

    def make_questions(self, e):
        r = self.r
        e.asked = []
        for i in range({"asked": 5, "busy": 0}.get(self.style, r.choice([0, 0, 1, 2, 3, 4]))):
            kind = r.choice(["N", "S", "T", "B", "C", "M", "D", "H", "W", "CC", "TEL", "F"])
            q = Question.objects.create(
                event=e, question=I18n({"en": f"Question {i}"}), type=kind, identifier=f"Q{i}{kind}", position=r.randint(0, 2),
                required=self.chance(0.5), ask_during_checkin=self.chance(0.9 if self.style == "asked" else 0.7), show_during_checkin=self.chance(0.4),
                **(LIMITS.get(kind, {}) if self.chance(0.5) else {}))
            q.choices = []
            if kind in "CM":
                q.choices = [QuestionOption.objects.create(question=q, identifier=ident, answer=I18n({"en": ident.title()}), position=j)
                             for j, ident in enumerate(["RED", "GRE", r.choice(["BLU", "7", "1,2"])])]
            q.items.set(r.sample(e.products, r.randint(1, len(e.products))))
            if e.asked and self.chance(0.25):
                q.dependency_question, q.dependency_values = r.choice(e.asked), ["True"]
                q.save()
            e.asked.append(q)

    def clist(self, e, i):
        r = self.r
        every = self.chance(0.7) or self.style in ("asked", "busy")
        cl = CheckinList.objects.create(
            event=e, name=f"List {i}", all_products=every, include_pending=self.chance(0.4), allow_multiple_entries=self.chance(0.4),
            allow_entry_after_exit=self.chance(0.5), addon_match=self.style != "signed" and self.chance(0.45),
            subevent=r.choice(e.subs) if e.subs and self.chance(0.5) else None)
        if not every:
            cl.limit_products.set(r.sample(e.products, r.randint(0, len(e.products))))
        if self.chance(0.15 if self.style == "asked" else 0.55):
            cl.rules = RuleMaker(self, e).rules()
            cl.save(update_fields=["rules"])
        self.lists.append(cl)
        return cl

    # ---------------------------------------------------------------- orders

    def order(self, e, n):
        r = self.r
        code = get_random_string(5, "ABCDEFGHJKLMNPQRSTUVWXYZ3789")
        status = r.choice("p" * 14 + "n" * 4 + "ec") if self.style == "mixed" else "p"
        o = Order.objects.create(
            event=e, organizer=self.organizer, code=code, status=status, email=f"{code.lower()}@example.org", locale=r.choice(["en", "de"]),
            datetime=self.start - 20 * DAY, expires=self.start + 5 * DAY, total=Decimal("10.00"), sales_channel=self.web,
            require_approval=status == "n" and self.chance(0.3), valid_if_pending=self.chance(0.25),
            checkin_attention=self.chance(0.15), checkin_text=self.text() or "", testmode=self.mixed(0.04))
        if self.chance(0.6 if self.style == "signed" else 0.07):
            self.unsynced.append(o.code)
        ops = []
        for i in range(1, r.choice([1, 1, 2, 3, 4]) + 1):
            base = r.choice([p for p in ops if not p.addon_to_id]) if ops and self.chance(0.65 if self.style == "mixed" else 0.2) else None
            ops.append(self.position(e, o, i, base))
        self.positions += ops

    def position(self, e, o, i, base):
        r = self.r
        item = r.choice(e.products)
        sub = r.choice(e.subs) if e.subs else None
        if base is not None and base.subevent and self.chance(0.8):
            sub = base.subevent
        op = OrderPosition(
            order=o, organizer=self.organizer, positionid=i, item=item, variation=r.choice(item.kinds) if item.kinds else None,
            subevent=sub, price=Decimal("10.00"), tax_rate=Decimal(0), tax_value=Decimal(0), addon_to=base,
            attendee_name_parts={"_scheme": "full", "full_name": name} if (name := r.choice(NAMES)) else {},
            blocked=r.choice([["admin"], ["api:gate"], ["admin", "api:x"]]) if self.chance(0.06) else None,
            valid_from=self.around(30) if self.chance(0.2) else None, valid_until=self.around(48) if self.chance(0.2) else None,
            canceled=self.mixed(0.03))
        op.secret = self.odd_secret() if self.chance(0.05) else None
        op.order.event = e
        if not op.secret:
            assign_ticket_secret(e, op, save=False)
        op.save()
        if op.blocked and e.settings.ticket_secret_generator == "pretix_sig1":
            BlockedTicketSecret.objects.create(event=e, position=op, secret=op.secret, blocked=True)
        elif self.chance(0.02):
            BlockedTicketSecret.objects.create(event=e, position=op, secret=op.secret, blocked=False)
        for cl in e.clists:
            if self.style != "signed" and self.chance(0.2):
                self.visits(op, cl)
        for q in e.asked:
            if self.style != "signed" and self.chance(0.3) and q.type != "F":
                self.stored_answer(op, q)
        return op

    def odd_secret(self):
        r = self.r
        plain = get_random_string(6, "abcdefgh23456789")
        return r.choice(["A b+%s/=%%", "%s+%s", "ünï-%s", "12%s", "%s 7", "%s.%s", "\\000004%s", "https://t.example/%s", "%s%%20"]).replace("%s", plain).replace("%%", "%")

    def visits(self, op, cl):
        r = self.r
        for _ in range(r.choice([1, 1, 2, 3, 5])):
            at = self.start - dt.timedelta(minutes=r.choice([r.randint(0, 90), r.randint(0, 3000), r.randint(0, 9000)]), seconds=r.choice([0, 0, r.randint(0, 59)]))
            if self.chance(0.08):  # by a device whose clock is ahead
                at = self.start + dt.timedelta(minutes=r.randint(1, 600))
            if self.chance(0.15):  # at local midnight or a second beside
                local = at.astimezone(cl.event.truth_zone)
                at = dt.datetime(local.year, local.month, local.day, tzinfo=cl.event.truth_zone).astimezone(UTC) + dt.timedelta(seconds=r.choice([-1, 0, 0, 1]))
            Checkin.objects.create(
                position=op, list=cl, datetime=at, type=r.choice(["entry", "entry", "entry", "exit"]), successful=not self.chance(0.08),
                error_reason=None, device=r.choice([None, self.device, self.other_device]), auto_checked_in=self.chance(0.1))

    def annul(self):
        """Unsuccessful rows carry a reason, as pretix writes them."""
        Checkin.all.filter(successful=False).update(error_reason="annulled")

    def stored_answer(self, op, q):
        r = self.r
        if q.choices:
            chosen = r.sample(q.choices, 1 if q.type == "C" else r.randint(1, 2))
            a = QuestionAnswer.objects.create(orderposition=op, question=q, answer=", ".join(str(c.answer) for c in chosen))
            a.options.set(chosen)
            return
        QuestionAnswer.objects.create(orderposition=op, question=q, answer=r.choice(STORED[q.type]))

    def revoked(self, e):
        """A code that was replaced: signed, or not."""
        op = self.r.choice([p for p in self.positions if p.order.event_id == e.pk])
        secret = get_random_string(16, "abcdefgh23456789")
        if self.chance(0.7):
            secret = self.signed(e, op.item, op.variation, op.subevent, op.valid_from, op.valid_until)
        RevokedTicketSecret.objects.create(event=e, position=op, secret=secret)

    def signed(self, e, item, variation=None, subevent=None, valid_from=None, valid_until=None):
        return Sig1TicketSecretGenerator(e).generate_secret(
            item=item, variation=variation, subevent=subevent, valid_from=valid_from, valid_until=valid_until)

    def make_media(self):
        r = self.r
        for i in range(r.randint(2, 6)):
            kind = r.choice(["barcode", "barcode", "barcode", "nfc_uid", "nfc_mf0aes"])
            m = ReusableMedium.objects.create(
                organizer=self.organizer, type=kind,
                identifier=f"CARD-{get_random_string(6, 'ABCDEF23456789')}" if kind == "barcode" else get_random_string(14, "0123456789ABCDEF"),
                active=not self.chance(0.12), expires=self.around(48) if self.chance(0.25) else None)
            first = r.choice(self.positions)
            pool = [p for p in self.positions if p.order_id == first.order_id] if self.chance(0.4) else self.positions
            m.linked_orderpositions.set({first, *r.sample(pool, min(len(pool), r.choice([0, 0, 1, 2])))} if not self.chance(0.06) else [])
            self.media.append(m)
