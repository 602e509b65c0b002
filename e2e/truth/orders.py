"""Random orders: positions with their codes, add-ons, visits, stored answers, and the codes that were replaced."""
import datetime as dt
from decimal import Decimal

from django.utils.crypto import get_random_string
from draw import DAY, UTC, Draw
from pretix.base.models import Checkin, Order, OrderPosition, QuestionAnswer, RevokedTicketSecret
from pretix.base.models.orders import BlockedTicketSecret
from pretix.base.secrets import Sig1TicketSecretGenerator, assign_ticket_secret

NAMES = ["Ana Ruiz", "Omar Ito", "Mia Kim", "Jo Öz", None]
STORED = {  # answers as a shop stores them
    "N": ["3", "0", "7.5"], "S": ["Anna", ""], "T": ["Text"], "B": ["True", "False"], "D": ["2030-02-28"], "H": ["12:20:00"],
    "W": ["2030-02-28T12:20:00+00:00"], "CC": ["DE"], "TEL": ["+49301234567"],
}


class Orders(Draw):
    """A Draw with an organizer, a style (knobs), events and lists, that fills itself with orders."""

    def order(self, e):
        code = get_random_string(5, "ABCDEFGHJKLMNPQRSTUVWXYZ3789")
        status = self.r.choice(self.knobs["statuses"])
        o = Order.objects.create(
            event=e, organizer=self.organizer, code=code, status=status, email=f"{code.lower()}@example.org", locale=self.r.choice(["en", "de"]),
            datetime=self.start - 20 * DAY, expires=self.start + self.r.choice([5, -5]) * DAY, total=Decimal("10.00"), sales_channel=self.web,
            require_approval=status != "p" and self.chance(self.knobs["approval"]), valid_if_pending=self.chance(0.25),
            checkin_attention=self.chance(0.15), checkin_text=self.text() or "", testmode=self.knob("test mode"))
        if self.knob("unsynced"):
            self.unsynced.append(o.code)
        ops = []
        for i in range(1, self.r.choice([1, 1, 2, 3, 4]) + 1):
            base = self.r.choice([p for p in ops if not p.addon_to_id]) if ops and self.knob("add-on") else None
            ops.append(self.position(e, o, i, base))
        self.positions += ops

    def position(self, e, o, i, base):
        r = self.r
        item = r.choice(e.products)
        sub = r.choice(e.subs) if e.subs else None
        if base is not None and base.subevent and self.chance(0.8):
            sub = base.subevent
        # a signed code knows whole seconds only
        part = (lambda: dt.timedelta(0)) if o.code in self.unsynced else self.fraction
        op = OrderPosition(
            order=o, organizer=self.organizer, positionid=i, item=item, variation=r.choice(item.kinds) if item.kinds else None,
            subevent=sub, price=Decimal("10.00"), tax_rate=Decimal(0), tax_value=Decimal(0), addon_to=base, is_bundled=base is not None and self.chance(0.3),
            attendee_name_parts={"_scheme": "full", "full_name": name} if (name := r.choice(NAMES)) else {},
            blocked=r.choice([["admin"], ["api:gate"], ["admin", "api:x"], []]) if self.chance(0.06) else None,
            valid_from=self.around(30) + part() if self.knob("valid from") else None,
            valid_until=self.around(48) + part() if self.knob("valid until") else None, canceled=self.knob("canceled"))
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
            if self.knob("visits"):
                self.visits(op, cl)
        for q in e.asked:
            if self.knob("stored"):
                self.stored_answer(op, q)
        return op

    def odd_secret(self):
        plain = get_random_string(6, "abcdefgh23456789")
        return self.r.choice([
            "A b+%s/=%%", "%s+%s", "ünï-%s", "12%s", "%s 7", "%s.%s", "\\000004%s", "https://t.example/%s", "%s%%20", "%s  %s", "İ%s", "ſ%sß", "e\u0301%s",
            "\\000026%s",
        ]).replace("%s", plain).replace("%%", "%")

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
                position=op, list=cl, datetime=at + self.fraction(), type=r.choice(["entry", "entry", "entry", "exit"]), successful=not self.chance(0.08),
                error_reason=None, device=r.choice([None, self.device, self.other_device]), auto_checked_in=self.chance(0.1),
                forced=self.chance(0.1), nonce=get_random_string(8) if self.chance(0.3) else None)

    def annul(self):
        """Unsuccessful rows carry a reason, as pretix writes them."""
        Checkin.all.filter(successful=False).update(error_reason="annulled")

    def stored_answer(self, op, q):
        r = self.r
        if q.type == "F":
            QuestionAnswer.objects.create(orderposition=op, question=q, answer="file://cachedfiles/x.png", file="cachedfiles/x.png")
            return
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
