"""Random worlds: an organizer with events, lists with rules, orders and media, as a shop might have stored them.

Everything is made inside pretix' own models; what the API would refuse (rules) is asked of pretix first.
"""
import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.crypto import get_random_string
from draw import DAY, UTC, ZONES
from i18nfield.strings import LazyI18nString as I18n
from orders import Orders
from pretix.base.models import (
    CheckinList, Device, Event, Gate, Item, ItemVariation, Organizer, Question, QuestionOption, ReusableMedium,
    RevokedTicketSecret, SubEvent,
)
from rules import RuleMaker
from styles import style

TEXTS = [None, None, None, "", " ", "Wristband", " check the age ", "two\nlines"]
LIMITS = {
    "N": {"valid_number_min": Decimal("1.5"), "valid_number_max": Decimal(9)},
    "S": {"valid_string_length_min": 3, "valid_string_length_max": 20},
    "T": {"valid_string_length_min": 3, "valid_string_length_max": 20},
    "D": {"valid_date_min": dt.date(2020, 1, 1), "valid_date_max": dt.date(2035, 1, 1)},
    "W": {"valid_datetime_min": dt.datetime(2020, 1, 1, tzinfo=UTC), "valid_datetime_max": dt.datetime(2030, 2, 28, 12, tzinfo=UTC)},
}


class World(Orders):
    def __init__(self, rnd):
        super().__init__(rnd, before=40, after=0)
        self.style, self.knobs = style(rnd)
        self.positions, self.media, self.lists, self.unsynced = [], [], [], []

    def knob(self, name):
        """Whether this time there is that, as often as the style says."""
        return self.chance(self.knobs[name])

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
        self.events = [self.event(slug) for slug in ["alpha", "beta", "gamma"][:self.r.choice(self.knobs["events"])]]
        self.make_media()
        self.annul()
        return self

    # ---------------------------------------------------------------- configuration

    def event(self, slug):
        r = self.r
        e = Event.objects.create(
            organizer=self.organizer, name=I18n({"en": f"Event {slug}"}), slug=slug, currency="EUR", live=True,
            date_from=self.around(36), date_to=self.around(72) if self.chance(0.6) else None,
            date_admission=self.around(36) if self.chance(0.5) else None, has_subevents=self.knob("series"))
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
        for _ in range(r.randint(6, 11)):
            self.order(e)
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
            if self.knob("exchange"):
                item.media_policy, item.media_type = r.choice(["reuse", "new", "reuse_or_new"]), r.choice(["barcode", "nfc_uid"])
                item.save()
            item.kinds = [ItemVariation.objects.create(
                item=item, value=I18n({"en": v}), position=j, checkin_attention=self.chance(0.2), checkin_text=self.text())
                for j, v in enumerate(["Adult", "Child", "Senior"][:r.choice([0, 0, 2, 3])])]
            e.products.append(item)

    def make_questions(self, e):
        r = self.r
        e.asked = []
        for i in range(r.choice(self.knobs["questions"])):
            kind = r.choice(["N", "S", "T", "B", "C", "M", "D", "H", "W", "CC", "TEL", "F"])
            q = Question.objects.create(
                event=e, question=I18n({"en": f"Question {i}"}), type=kind, identifier=f"Q{i}{kind}", position=r.randint(0, 2),
                required=self.chance(0.5), ask_during_checkin=self.knob("asked"), show_during_checkin=self.chance(0.4),
                **{limit: value for limit, value in LIMITS.get(kind, {}).items() if self.chance(0.5)})
            q.choices = []
            if kind in "CM":
                q.choices = [QuestionOption.objects.create(question=q, identifier=ident, answer=I18n({"en": ident.title()}), position=j)
                             for j, ident in enumerate(["RED", "GRE", r.choice(["BLU", "7", "1,2", "007"])])]
                if self.chance(0.2):  # a name that is the number of another one
                    q.choices[2].identifier = str(r.choice(q.choices[:2]).pk)
                    q.choices[2].save()
            q.items.set(r.sample(e.products, r.randint(1, len(e.products))))
            if e.asked and self.chance(0.25):
                q.dependency_question, q.dependency_values = r.choice(e.asked), ["True"]
                q.save()
            e.asked.append(q)

    def clist(self, e, i):
        r = self.r
        every = self.knob("all products")
        cl = CheckinList.objects.create(
            event=e, name=f"List {i}", all_products=every, include_pending=self.knob("pending"), allow_multiple_entries=self.chance(0.4),
            allow_entry_after_exit=self.chance(0.5), addon_match=self.knob("match add-ons"),
            exit_all_at=self.around(24) if self.chance(0.2) else None, consider_tickets_used=self.chance(0.5),
            subevent=r.choice(e.subs) if e.subs and self.chance(0.5) else None)
        if not every or self.chance(0.1):
            cl.limit_products.set(r.sample(e.products, r.randint(0, len(e.products))))
        if self.knob("rules"):
            cl.rules = RuleMaker(self, e, self.knobs["odd rules"]).rules()
            cl.save(update_fields=["rules"])
        self.lists.append(cl)
        return cl

    # ---------------------------------------------------------------- media

    def make_media(self):
        r = self.r
        for _ in range(r.randint(*self.knobs["media"])):
            kind = r.choice(["barcode", "barcode", "barcode", "nfc_uid", "nfc_mf0aes"])
            identifier = self.identifier(kind)
            if any(m.type == kind and m.identifier == identifier for m in self.media):
                continue
            m = ReusableMedium.objects.create(
                organizer=self.organizer, type=kind, identifier=identifier,
                active=not self.chance(0.12), expires=self.around(48) + self.fraction() if self.chance(0.25) else None)
            first = r.choice(self.positions)
            pool = [p for p in self.positions if p.order_id == first.order_id] if self.chance(0.4) else self.positions
            m.linked_orderpositions.set({first, *r.sample(pool, min(len(pool), r.choice([0, 0, 1, 2, 3])))} if not self.chance(0.06) else [])
            self.media.append(m)

    def identifier(self, kind):
        """What is written on a medium: mostly a number of its own, rarely one that means something else too."""
        r = self.r
        own = f"CARD-{get_random_string(6, 'ABCDEF23456789')}" if kind == "barcode" else get_random_string(14, "0123456789ABCDEF")
        if self.chance(0.85):
            return own
        return r.choice([
            own.lower(), own[:4] + " " + own[4:], own + "\u00e9", r.choice(self.positions).secret,
            *RevokedTicketSecret.objects.filter(event__in=self.events).values_list("secret", flat=True)[:2], *(m.identifier for m in self.media[-2:])])[:200]
