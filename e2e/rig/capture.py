#!/usr/bin/env python3
"""Record real exchanges with a running rig as fixtures (standard library only).

  ./up --fresh > rig.json ; python3 capture.py --rig rig.json --out ../../artifacts/exchanges [topic ...]

Each topic file: {"topic", "about", "pretix", "captured_at", "exchanges": [{"name", "note", "as", "request", "response"}]}.
Access tokens are replaced by {{role}}; everything else is verbatim.  Some topics change state: use a fresh rig.
"""
import argparse
import datetime as dt
import http.client
import http.server
import json
import pathlib
import threading
import time
import urllib.parse

TOPICS = {}
DROP = {"server", "date", "connection", "p3p", "x-frame-options", "content-length", "vary"}


def topic(f):
    TOPICS[f.__name__.replace("_", "-")] = f
    return f


class Session:
    def __init__(self, rig):
        self.rig = rig
        u = urllib.parse.urlparse(rig["base_url"])
        self.host, self.port = u.hostname, u.port
        self.log = []
        self.auth = {f"team:{k}": f"Token {v}" for k, v in rig["team_tokens"].items()}
        self.auth.update({f"device:{k}": f"Device {v['api_token']}" for k, v in rig["devices"].items() if v["api_token"]})
        self.role = "team:all"
        self.o = f"/api/v1/organizers/{rig['organizer']}"
        self.s = self.o + "/events/" + rig["event"]
        self.c = self.o + "/events/" + rig["conf_event"]
        self.fresh = iter(rig["fresh_tickets"])

    def call(self, name, method, path, body=None, as_=None, headers=None, note=None, raw=None, record=True, auth=None):
        role = as_ or self.role
        h = {"Accept": "application/json"}
        if auth is not None:
            if auth:
                h["Authorization"] = auth
        elif role != "anonymous":
            h["Authorization"] = self.auth[role]
        data = None
        if raw is not None:
            data = raw.encode()
            h["Content-Type"] = "application/json"
        elif body is not None:
            data = json.dumps(body).encode()
            h["Content-Type"] = "application/json"
        h.update(headers or {})
        c = http.client.HTTPConnection(self.host, self.port, timeout=120)
        t = time.perf_counter()
        c.request(method, path, data, h)
        r = c.getresponse()
        txt = r.read().decode("utf-8", "replace")
        ms = (time.perf_counter() - t) * 1000
        c.close()
        try:
            out = json.loads(txt)
        except ValueError:
            out = txt if len(txt) < 1500 else txt[:300] + f"... [{len(txt)} characters, not JSON]"
        if record:
            shown = {k: v for k, v in h.items() if k != "Accept"}
            for k, v in self.auth.items():
                if shown.get("Authorization") == v:
                    shown["Authorization"] = v.split()[0] + " {{" + k + "}}"
            ex = {"name": name, "as": role if auth is None else "(see header)", "request": {"method": method, "path": path, "headers": shown}}
            if note:
                ex["note"] = note
            if raw is not None:
                ex["request"]["raw"] = raw
            elif body is not None:
                ex["request"]["body"] = body
            ex["response"] = {"status": r.status, "headers": {k: v for k, v in r.getheaders() if k.lower() not in DROP}, "body": out}
            self.log.append(ex)
        b = out if isinstance(out, dict) else {}
        brief = {k: b[k] for k in ("status", "reason", "reason_explanation", "detail", "count", "error") if k in b}
        if r.status >= 400 and not brief:
            brief = json.dumps(out, ensure_ascii=False)[:220]
        print(f"  {name:58.58} {method:6} {r.status} {ms:7.1f} ms {brief}", flush=True)
        return r.status, out

    def redeem(self, name, secret, lists, note=None, as_=None, query="", **kw):
        body = {"secret": secret, "lists": lists if isinstance(lists, list) else [lists], **kw}
        return self.call(name, "POST", self.o + "/checkinrpc/redeem/" + query, body, note=note, as_=as_)

    def take(self):
        return next(self.fresh)


def sec(rig, order, n=1):
    o = rig["orders_series"].get(order) or rig["orders_conf"].get(order)
    return o["positions"][n - 1]["secret"]


# ------------------------------------------------------------------ topics

@topic
def auth_errors(s):
    """Who are you: missing, wrong and misplaced credentials; error bodies"""
    p = s.s + "/orders/TRF01/"
    s.call("no credentials", "GET", p, as_="anonymous")
    s.call("unknown team token", "GET", p, auth="Token xxxxxxxx")
    s.call("inactive team token", "GET", p, as_="team:inactive")
    s.call("team token sent with Device scheme", "GET", p, auth="Device " + s.rig["team_token"])
    s.call("device token sent with Token scheme", "GET", p, auth="Token " + s.rig["devices"]["ready_full"]["api_token"])
    s.call("bearer scheme (OAuth)", "GET", p, auth="Bearer nonsense")
    s.call("token with blank", "GET", p, auth="Token a b")
    s.call("revoked device", "GET", p, as_="device:ready_revoked")
    s.call("team without permissions", "GET", p, as_="team:noperm")
    s.call("team with check-in permission only", "GET", p, as_="team:checkinonly")
    s.call("team limited to another event", "GET", p, as_="team:otherevent")
    s.call("device limited to another event", "GET", p, as_="device:ready_gate")
    s.call("organizer does not exist", "GET", "/api/v1/organizers/nope/events/gutschein/orders/", note="403, not 404")
    s.call("event does not exist", "GET", s.o + "/events/nope/orders/", note="403, not 404")
    s.call("order does not exist", "GET", s.s + "/orders/NOPE1/")
    s.call("order code in lower case", "GET", s.s + "/orders/trf01/")
    s.call("unknown path", "GET", s.s + "/nope/", note="HTML, not JSON")
    s.call("missing trailing slash, GET", "GET", s.s + "/orders/TRF01")
    s.call("missing trailing slash, POST", "POST", s.o + "/checkinrpc/redeem", {"secret": "x", "lists": [1]})
    s.call("method not allowed", "DELETE", s.s + "/orders/")
    s.call("malformed JSON", "POST", s.o + "/checkinrpc/redeem/", raw="{\"secret\": ")
    s.call("JSON array instead of object", "POST", s.o + "/checkinrpc/redeem/", raw="[]")
    s.call("wrong content type", "POST", s.o + "/checkinrpc/redeem/", raw="secret=x", headers={"Content-Type": "text/plain"})
    s.call("form encoded is accepted", "POST", s.o + "/checkinrpc/redeem/", raw=f"secret=zzz&lists={s.rig['checkin_lists']['series']}",
           headers={"Content-Type": "application/x-www-form-urlencoded"})
    s.call("version", "GET", "/api/v1/version")
    s.call("version as device", "GET", "/api/v1/version", as_="device:ready_pretixscan")
    s.call("version anonymous", "GET", "/api/v1/version", as_="anonymous")
    s.call("api root", "GET", "/api/v1/")
    s.call("who am I with a team token", "GET", "/api/v1/me")
    s.call("organizers list", "GET", "/api/v1/organizers/")
    s.call("accept language", "GET", s.s + "/orders/NOPE1/", headers={"Accept-Language": "en"}, note="messages follow Accept-Language")


@topic
def device_lifecycle(s):
    """device/initialize, info, update, roll, revoke, eventselection"""
    hw = {"hardware_brand": "DARC", "hardware_model": "Proxy", "os_name": "Linux", "os_version": "6.1",
          "software_brand": "treff-proxy", "software_version": "0.1.0", "info": {"cpu": "x"}}
    d = s.rig["devices"]
    P = "/api/v1/device/"
    s.call("initialize: missing fields", "POST", P + "initialize", {"token": "x"}, as_="anonymous")
    s.call("initialize: unknown token", "POST", P + "initialize", {"token": "unknown", **hw}, as_="anonymous")
    s.call("initialize: revoked device", "POST", P + "initialize", {"token": d["revokedinit"]["initialization_token"], **hw}, as_="anonymous")
    s.call("initialize: used token", "POST", P + "initialize", {"token": d["ready_full"]["initialization_token"], **hw}, as_="anonymous")
    st, r = s.call("initialize", "POST", P + "initialize", {"token": d["spare1"]["initialization_token"], **hw}, as_="anonymous",
                   note="no Authorization header needed; HTTP 200; api_token is shown here and in update/roll/info")
    s.auth["device:spare1"] = "Device " + r["api_token"]
    s.call("initialize again", "POST", P + "initialize", {"token": d["spare1"]["initialization_token"], **hw}, as_="anonymous")
    s.call("info", "GET", P + "info", as_="device:spare1")
    s.call("info with a team token", "GET", P + "info")
    s.call("update", "POST", P + "update", {**hw, "software_version": "0.2.0"}, as_="device:spare1")
    s.call("update: missing fields", "POST", P + "update", {"software_version": "0.2.0"}, as_="device:spare1")
    old = s.auth["device:spare1"]
    st, r = s.call("roll", "POST", P + "roll", as_="device:spare1", note="the old token stops working at once")
    s.auth["device:spare1-old"] = old
    s.auth["device:spare1"] = "Device " + r["api_token"]
    s.call("old token after roll", "GET", P + "info", as_="device:spare1-old")
    s.call("new token after roll", "GET", P + "info", as_="device:spare1")
    s.call("eventselection", "GET", P + "eventselection", as_="device:spare1")
    st, r = s.call("eventselection of a device with a gate", "GET", P + "eventselection", as_="device:ready_gate")
    s.call("eventselection: keep the current one", "GET", P + "eventselection?current_event=conf&current_checkinlist=%s" %
           s.rig["conf_checkin_lists"]["einlass"], as_="device:ready_gate", note="304 with an empty body when nothing better exists")
    s.call("eventselection with current subevent", "GET", P + "eventselection?current_event=gutschein&current_subevent=%s&current_checkinlist=%s" % (
        s.rig["subevents"]["past"], s.rig["checkin_lists"]["series"]), as_="device:spare1")
    s.call("revoke", "POST", P + "revoke", as_="device:spare1", note="HTTP 200; afterwards 401")
    s.call("info after revoke", "GET", P + "info", as_="device:spare1")
    s.call("organizer devices list (team)", "GET", s.o + "/devices/?page_size=2")
    s.call("organizer device create (team)", "POST", s.o + "/devices/", {"name": "made by API", "all_events": True, "limit_events": [],
                                                                          "security_profile": "pretixscan"})
    s.call("organizer device create: unknown profile", "POST", s.o + "/devices/", {"name": "x", "all_events": True, "limit_events": [],
                                                                                    "security_profile": "nope"})
    s.call("gates are no endpoint", "GET", s.o + "/gates/")


@topic
def access_matrix(s):
    """The same requests as every role (status code per role in the note of each entry)"""
    L, CL = s.rig["checkin_lists"]["series"], s.rig["conf_checkin_lists"]["einlass"]
    pos = s.rig["orders_series"]["TRF01"]["positions"][0]
    reqs = [
        ("GET", "/api/v1/version", None), ("GET", "/api/v1/device/info", None), ("GET", "/api/v1/device/eventselection", None),
        ("GET", "/api/v1/organizers/", None), ("GET", s.o + "/", None),
        ("GET", s.o + "/events/", None), ("GET", s.s + "/", None), ("PATCH", s.s + "/", {}), ("GET", s.s + "/settings/", None), ("PATCH", s.s + "/settings/", {}),
        ("GET", s.s + "/subevents/", None), ("POST", s.s + "/subevents/", {}), ("GET", s.s + f"/subevents/{s.rig['subevents']['running']}/", None),
        ("GET", s.s + "/items/", None), ("GET", s.s + f"/items/{s.rig['items']['Teilnahme']}/", None), ("GET", s.s + "/categories/", None), ("GET", s.s + "/questions/", None),
        ("GET", s.s + "/quotas/", None), ("POST", s.s + "/quotas/", {}), ("GET", s.s + "/vouchers/", None), ("POST", s.s + "/vouchers/", {}),
        ("GET", s.s + "/orders/", None), ("GET", s.s + "/orders/TRF01/", None), ("PATCH", s.s + "/orders/TRF01/", {}), ("GET", s.o + "/orders/", None),
        ("GET", s.s + "/orderpositions/", None), ("GET", s.s + f"/orderpositions/{pos['id']}/", None), ("GET", s.o + "/orderpositions/", None),
        ("GET", s.s + "/checkinlists/", None), ("GET", s.s + f"/checkinlists/{L}/", None), ("POST", s.s + "/checkinlists/", {}),
        ("GET", s.s + f"/checkinlists/{L}/status/", None), ("GET", s.s + f"/checkinlists/{L}/positions/", None),
        ("GET", s.s + f"/checkinlists/{L}/positions/?search=must", None), ("GET", s.s + f"/checkinlists/{L}/positions/{pos['id']}/", None),
        ("POST", s.s + f"/checkinlists/{L}/positions/nosuchsecret/redeem/", {}), ("POST", s.s + f"/checkinlists/{L}/failed_checkins/", {}),
        ("GET", s.s + "/checkins/", None),
        ("POST", s.o + "/checkinrpc/redeem/", {}), ("POST", s.o + "/checkinrpc/annul/", {}), ("GET", s.o + f"/checkinrpc/search/?list={L}&search=must", None),
        ("GET", s.o + f"/checkinrpc/search/?list={L}&search=m", None),
        ("GET", s.s + "/revokedsecrets/", None), ("GET", s.s + "/blockedsecrets/", None), ("GET", s.c + "/badgelayouts/", None), ("GET", s.c + "/badgeitems/", None),
        ("GET", s.c + "/seats/", None), ("GET", s.o + "/reusablemedia/", None), ("POST", s.o + "/reusablemedia/lookup/", {}),
        ("GET", s.o + "/event_meta_properties/", None), ("GET", s.o + "/webhooks/", None), ("GET", s.o + "/devices/", None), ("GET", s.o + "/teams/", None),
        ("GET", s.o + "/saleschannels/", None), ("GET", s.s + "/digitalcontents/", None),
    ]
    roles = ["team:all", "team:bridge", "team:readonly", "team:checkinonly", "team:noperm", "device:ready_full", "device:ready_pretixscan",
             "device:ready_noorders", "device:ready_kiosk", "device:ready_gate"]
    table = []
    for m, p, b in reqs:
        row = {"method": m, "path": p, "body": b, "status": {}}
        for r in roles:
            st, out = s.call(f"{r}", m, p, b, as_=r, record=False)
            row["status"][r] = st
            if isinstance(out, dict) and "count" in out:
                row.setdefault("count", {})[r] = out["count"]
            if st == 403:
                row.setdefault("detail", {})[r] = out.get("detail") if isinstance(out, dict) else None
        table.append(row)
    s.log.append({"name": "matrix", "roles": roles, "note": "POST/PATCH with an empty body: 400/404/200 mean permitted, 403 means forbidden", "table": table})


@topic
def redeem_reasons(s):
    """checkinrpc/redeem: every status and reason that the seed can provoke"""
    R, L, C = s.rig, s.rig["checkin_lists"], s.rig["conf_checkin_lists"]
    s.redeem("ok", sec(R, "TRF01"), L["series"], note="HTTP 201")
    s.redeem("already_redeemed", sec(R, "TRF01"), L["series"], note="HTTP 400; no nonce")
    s.redeem("already_redeemed, forced", sec(R, "TRF01"), L["series"], force=True, note="second check-in is stored with forced=true")
    s.redeem("ok on another list of the same event", sec(R, "TRF01"), L["running_only"], note="lists are independent")
    s.redeem("invalid: unknown secret", "no-such-secret", L["series"], note="HTTP 404; a failed check-in is stored")
    s.redeem("unknown secret, forced", "no-such-secret", L["series"], force=True, note="force does not help")
    s.redeem("position id as secret is not accepted by the rpc", str(R["orders_series"]["TRF02"]["positions"][0]["id"]), L["series"])
    s.redeem("secret is case sensitive", sec(R, "TRF02").upper(), L["series"])
    s.redeem("unpaid: pending order", sec(R, "TRF04"), L["series"])
    s.redeem("unpaid: ignore_unpaid on a list without include_pending", sec(R, "TRF04"), L["series"], ignore_unpaid=True)
    s.redeem("unpaid: include_pending list, ignore_unpaid not set", sec(R, "TRF04"), L["pending"])
    s.redeem("ok: include_pending list with ignore_unpaid", sec(R, "TRF04"), L["pending"], ignore_unpaid=True)
    s.redeem("expired order", sec(R, "TRF05"), L["series"], note="reason is canceled")
    s.redeem("canceled order", sec(R, "TRF06"), L["series"])
    s.redeem("canceled order, forced", sec(R, "TRF06"), L["series"], force=True)
    s.redeem("canceled position", sec(R, "TRF07", 2), L["series"], note="canceled positions are not even found")
    s.redeem("blocked", sec(R, "TRF08"), L["series"])
    s.redeem("revoked secret", R["revoked_secret"], L["series"])
    s.redeem("revoked secret, forced", R["revoked_secret"], L["series"], force=True)
    s.redeem("new secret of the same position after the forced one", sec(R, "TRF09"), L["series"])
    s.redeem("valid_if_pending", sec(R, "TRF10"), L["series"])
    s.redeem("unapproved", sec(R, "TRF11"), L["series"])
    s.redeem("invalid_time: not yet", sec(R, "TRF12"), L["series"])
    s.redeem("invalid_time: no longer", sec(R, "TRF13"), L["series"])
    s.redeem("product: other date on a list for one date", sec(R, "TRF02", 2), L["running_only"],
             note="HTTP 404 invalid: a list for one date does not even find tickets of other dates; reason product is for products")
    s.redeem("date in the future on the series list is fine", sec(R, "TRF02", 2), L["series"],
             note="nothing checks that the subevent runs now unless rules say so")
    s.redeem("date in the past on the series list is fine", sec(R, "TRF03", 1), L["series"])
    s.redeem("test mode order", sec(R, "TRF20"), L["series"])
    s.redeem("product: not on list", sec(R, "CONF1", 3), C["tagungsraum"])
    s.redeem("rules: only VIP", sec(R, "CONF7"), C["nurvip"])
    s.redeem("rules: once a day, first", sec(R, "CONF7"), C["taeglich"])
    s.redeem("rules: once a day, second", sec(R, "CONF7"), C["taeglich"])
    s.redeem("rules: before the time window", sec(R, "CONF8", 1), C["zeit"], datetime="2020-01-01T00:00:00Z")
    s.redeem("require_attention and checkin_texts", sec(R, "CONF2"), C["einlass"])
    s.redeem("locale: default is the event's", sec(R, "CONF8", 2), C["nurvip"], use_order_locale=False)
    s.redeem("two lists of different events", sec(R, "TRF17"), [C["einlass"], L["series"]], note="the matching list is in the answer")
    s.redeem("two lists of the same event", sec(R, "TRF17", 2), [L["series"], L["running_only"]])
    s.redeem("no list", sec(R, "TRF17", 2), [])
    s.redeem("list does not exist", sec(R, "TRF17", 2), [999999])
    s.redeem("list of an event that the device must not see", sec(R, "TRF17", 2), L["series"], as_="device:ready_gate")
    s.call("missing secret", "POST", s.o + "/checkinrpc/redeem/", {"lists": [L["series"]]})
    s.redeem("empty secret", "", L["series"])
    s.redeem("bad source_type", sec(R, "TRF17", 2), L["series"], source_type="nope")
    s.redeem("bad type", sec(R, "TRF17", 2), L["series"], type="nope")
    s.redeem("bad datetime", sec(R, "TRF17", 2), L["series"], datetime="yesterday")
    s.redeem("nonce as number", sec(R, "TRF17", 2), L["series"], nonce=20261123, note="coerced to a string")
    s.redeem("unknown fields are ignored", s.take()["secret"], L["series"], canceled_supported=True, whatever=1)
    s.redeem("simulate", s.take()["secret"], L["series"], simulate=True, note="nothing is stored")
    t = s.take()
    s.redeem("datetime of the scan is stored", t["secret"], L["series"], datetime="2026-01-02T03:04:05+01:00")
    s.redeem("datetime in the future is accepted", s.take()["secret"], L["series"], datetime="2030-01-02T03:04:05Z")
    s.redeem("expand subevent, item, addons", s.take()["secret"], L["series"], query="?expand=subevent&expand=item&expand=variation&expand=addons")
    s.redeem("pdf_data", s.take()["secret"], L["series"], query="?pdf_data=true")
    s.redeem("as device", s.take()["secret"], L["series"], as_="device:ready_pretixscan")
    s.redeem("as device with gate", sec(R, "CONF8", 3), C["einlass"], as_="device:ready_gate")
    s.redeem("as team with check-in permission only", s.take()["secret"], L["series"], as_="team:checkinonly",
             note="the position is answered in full here too")
    s.redeem("as team without permission", s.take()["secret"], L["series"], as_="team:noperm", note="HTTP 400, list unknown")


@topic
def redeem_nonce(s):
    """The nonce, exactly: same, other, other list, other device, exit, force, after a failure, after annulment, multiple entries"""
    L, C = s.rig["checkin_lists"], s.rig["conf_checkin_lists"]
    D1, D2 = "2026-11-23", "2026-11-24"
    a = s.take()

    def checkins(name, t):
        st, o = s.call(name, "GET", s.s + f"/orderpositions/{t['id']}/")
        return o.get("checkins") if isinstance(o, dict) else None
    s.redeem("A nonce day1", a["secret"], L["series"], nonce=D1)
    s.redeem("A nonce day1 again: ok, nothing stored", a["secret"], L["series"], nonce=D1, note="HTTP 201 status ok, but no new check-in")
    s.redeem("A nonce day1 again with other datetime: ok", a["secret"], L["series"], nonce=D1, datetime="2026-12-24T12:00:00Z")
    s.redeem("A nonce day2: already_redeemed", a["secret"], L["series"], nonce=D2)
    s.redeem("A nonce day2 again: still already_redeemed", a["secret"], L["series"], nonce=D2,
             note="a failed attempt does not claim the nonce")
    s.redeem("A without nonce: already_redeemed", a["secret"], L["series"])
    s.redeem("A nonce day1 after the failures: ok", a["secret"], L["series"], nonce=D1)
    s.redeem("A empty nonce", a["secret"], L["series"], nonce="", note="empty string is refused")
    s.redeem("A null nonce", a["secret"], L["series"], nonce=None)
    checkins("A check-ins: exactly one", a)
    b = s.take()
    s.redeem("B same nonce day1 on another position: ok", b["secret"], L["series"], nonce=D1, note="nonce is per position")
    s.redeem("A nonce day1 on another list: ok, stored", a["secret"], L["running_only"], nonce=D1, note="nonce is per list")
    checkins("A check-ins: one per list", a)
    s.redeem("A day1 from a device instead of the team: ok", a["secret"], L["series"], nonce=D1, as_="device:ready_pretixscan",
             note="the last check-in's nonce matches, whoever made it")
    s.redeem("A day2 forced: ok, stored", a["secret"], L["series"], nonce=D2, force=True)
    s.redeem("A day2 unforced after the forced one: ok", a["secret"], L["series"], nonce=D2)
    s.redeem("A day1 by the team after day2: ok", a["secret"], L["series"], nonce=D1,
             note="the team's own older entry with that nonce still matches")
    s.redeem("A day1 by a device after day2: already_redeemed", a["secret"], L["series"], nonce=D1, as_="device:ready_pretixscan",
             note="older nonces only match the same device (or both: no device)")
    checkins("A check-ins in the end", a)
    c = s.take()
    s.redeem("C exit before any entry, nonce day1", c["secret"], L["series"], nonce=D1, type="exit")
    s.redeem("C entry with the exit's nonce: ok but NOT stored", c["secret"], L["series"], nonce=D1,
             note="the last check-in has this nonce, its type is not compared: an entry is swallowed")
    checkins("C check-ins: only the exit", c)
    d = s.take()
    s.redeem("D entry nonce day1", d["secret"], L["series"], nonce=D1)
    s.redeem("D exit with the same nonce: ok but NOT stored", d["secret"], L["series"], nonce=D1, type="exit")
    s.redeem("D exit with another nonce", d["secret"], L["series"], nonce=D1 + "-exit", type="exit")
    s.redeem("D entry nonce day1 after exit", d["secret"], L["series"], nonce=D1, note="matches the stored entry: ok, nothing stored")
    s.redeem("D entry nonce day2 after exit: ok, stored", d["secret"], L["series"], nonce=D2,
             note="allow_entry_after_exit is true by default")
    checkins("D check-ins", d)
    e = s.take()
    s.redeem("E multi list nonce day1", e["secret"], L["multi"], nonce=D1)
    s.redeem("E multi list nonce day1 again: ok, not stored", e["secret"], L["multi"], nonce=D1)
    s.redeem("E multi list nonce day2: ok, stored", e["secret"], L["multi"], nonce=D2)
    s.redeem("E multi list no nonce: ok, stored", e["secret"], L["multi"])
    checkins("E check-ins", e)
    f = s.take()
    s.redeem("F simulate with nonce", f["secret"], L["series"], nonce=D1, simulate=True)
    s.redeem("F simulate another day", f["secret"], L["series"], nonce=D2, simulate=True, note="nothing was stored")
    s.redeem("F real", f["secret"], L["series"], nonce=D1)
    s.redeem("F simulate other nonce", f["secret"], L["series"], nonce=D2, simulate=True)
    s.redeem("F simulate same nonce", f["secret"], L["series"], nonce=D1, simulate=True)
    t16 = s.rig["orders_series"]["TRF16"]["positions"][0]
    s.redeem("TRF16 (used yesterday) with today's nonce", t16["secret"], L["series"], nonce=dt.date.today().isoformat())
    s.redeem("TRF16 with yesterday's nonce: ok", t16["secret"], L["series"], nonce=(dt.date.today() - dt.timedelta(days=1)).isoformat())
    # a valid nonce does not skip the checks that come before it
    g = s.take()
    s.redeem("G entry nonce day1", g["secret"], L["series"], nonce=D1)
    s.call("G: block the ticket", "POST", s.s + f"/orderpositions/{g['id']}/add_block/", {"name": "api:test"})
    s.redeem("G same nonce, now blocked", g["secret"], L["series"], nonce=D1, note="blocked wins over the nonce")
    s.call("G: unblock", "POST", s.s + f"/orderpositions/{g['id']}/remove_block/", {"name": "api:test"})
    s.redeem("G same nonce, unblocked again", g["secret"], L["series"], nonce=D1)
    h = s.take()
    s.redeem("H rules list: first, nonce n1", sec(s.rig, "CONF7"), C["taeglich"], nonce="n1", datetime="2026-03-01T10:00:00+01:00")
    s.redeem("H rules list: same nonce again", sec(s.rig, "CONF7"), C["taeglich"], nonce="n1", datetime="2026-03-01T10:00:05+01:00",
             note="rules are evaluated before the nonce: the repeat of an accepted scan FAILS")
    i = s.take()
    long = "x" * 190
    s.redeem("I nonce of 190 characters", i["secret"], L["series"], nonce=long)
    j = s.take()
    s.redeem("J nonce of 191 characters", j["secret"], L["series"], nonce=long + "x")
    k = s.take()
    s.redeem("K by device 1 nonce n", k["secret"], L["series"], nonce="n", as_="device:ready_pretixscan")
    s.redeem("K by device 2 same nonce: ok", k["secret"], L["series"], nonce="n", as_="device:ready_noorders")
    s.call("K annul by device 2", "POST", s.o + "/checkinrpc/annul/", {"lists": [L["series"]], "nonce": "n"}, as_="device:ready_noorders")
    s.call("K annul by device 1", "POST", s.o + "/checkinrpc/annul/", {"lists": [L["series"]], "nonce": "n"}, as_="device:ready_pretixscan")
    s.redeem("K after annulment, same nonce: ok, stored again", k["secret"], L["series"], nonce="n", as_="device:ready_pretixscan")
    s.call("all check-ins with nonce visible?", "GET", s.s + f"/checkins/?list={L['series']}&ordering=-id&page_size=3")


@topic
def redeem_concurrent(s):
    """Two requests at the same time for one ticket"""
    L = s.rig["checkin_lists"]
    for label, nonces in (("different nonces", ("n1", "n2")), ("same nonce", ("n", "n"))):
        for i in range(5):
            t = s.take()
            res = []

            def go(n):
                res.append(s.redeem(f"{label} #{i} nonce {n}", t["secret"], L["series"], nonce=n)[0])
            th = [threading.Thread(target=go, args=(n,)) for n in nonces]
            [x.start() for x in th]
            [x.join() for x in th]
            s.call(f"{label} #{i} position", "GET", s.s + f"/orderpositions/{t['id']}/")


@topic
def redeem_legacy(s):
    """events/{e}/checkinlists/{l}/positions/{secret or id}/redeem/"""
    L = s.rig["checkin_lists"]
    P = lambda l, x: s.s + f"/checkinlists/{l}/positions/{urllib.parse.quote(str(x), safe='')}/redeem/"  # noqa: E731
    a, b = s.take(), s.take()
    s.call("by secret", "POST", P(L["series"], a["secret"]), {})
    s.call("by secret again", "POST", P(L["series"], a["secret"]), {"nonce": "x"})
    s.call("by position id", "POST", P(L["series"], b["id"]), {"nonce": "2026-11-23"})
    s.call("by position id, same nonce", "POST", P(L["series"], b["id"]), {"nonce": "2026-11-23"})
    s.call("by position id, next day", "POST", P(L["series"], b["id"]), {"nonce": "2026-11-24"})
    c = s.take()
    s.call("by position id with untrusted_input", "POST", P(L["series"], c["id"]) + "?untrusted_input=true", {})
    s.call("unknown", "POST", P(L["series"], "nope"), {})
    s.call("list unknown", "POST", P(99999, a["secret"]), {})
    s.call("canceled order without canceled_supported", "POST", P(L["series"], sec(s.rig, "TRF06")), {}, note="reason unpaid")
    s.call("canceled order with canceled_supported", "POST", P(L["series"], sec(s.rig, "TRF06")), {"canceled_supported": True})
    s.call("bad type", "POST", P(L["series"], c["secret"]), {"type": "nope"})
    s.call("bad datetime", "POST", P(L["series"], c["secret"]), {"datetime": "nope"})
    s.call("questions_supported false", "POST", s.c + f"/checkinlists/{s.rig['conf_checkin_lists']['einlass']}/positions/{sec(s.rig, 'CONF3')}/redeem/",
           {"questions_supported": False})


@topic
def redeem_questions(s):
    """Questions asked at check-in: incomplete, answers, bad answers"""
    Q, O, C = s.rig["conf_questions"], s.rig["conf_options"], s.rig["conf_checkin_lists"]
    v3, v4 = sec(s.rig, "CONF3"), sec(s.rig, "CONF4")
    s.redeem("incomplete: nothing answered", v3, C["mehrfach"], note="HTTP 400 status incomplete, no reason; all unanswered questions, optional ones too")
    s.redeem("incomplete: required boolean answered with no", v3, C["mehrfach"], answers={str(Q["HAUSORDNUNG"]): "false"},
             note="a required boolean accepts only yes; the wrong answer is dropped silently")
    s.redeem("incomplete: only some answered (these are saved!)", v3, C["mehrfach"], answers={str(Q["HAUSORDNUNG"]): "true"})
    s.redeem("incomplete: the saved answer is not asked again", v3, C["mehrfach"])
    s.redeem("answers by option id / identifier", v3, C["mehrfach"], answers={
        str(Q["ESSEN"]): str(O["VEG"]), str(Q["INTERESSEN"]): f"{O['HF']},{O['SAT']}", str(Q["BEGLEITUNG"]): ""},
        note="an empty string counts as answered for an optional question")
    s.redeem("changing answers on a later scan", v3, C["mehrfach"], answers={str(Q["ESSEN"]): "FLEISCH", str(Q["BEGLEITUNG"]): "3"})
    s.redeem("bad number is dropped", v4, C["mehrfach"], answers={str(Q["BEGLEITUNG"]): "viele"})
    s.redeem("answers keyed by identifier are ignored", v4, C["mehrfach"], answers={"INTERESSEN": "HF"})
    s.redeem("questions_supported false", v4, C["mehrfach"], questions_supported=False)
    s.redeem("exit asks no questions", v4, C["einaus"], type="exit")
    s.redeem("force skips questions", v4, C["einlass"], force=True)
    s.call("position afterwards", "GET", s.c + f"/orderpositions/{s.rig['orders_conf']['CONF3']['positions'][0]['id']}/")


@topic
def redeem_exit_addon_media(s):
    """Exits, add-on matching, ambiguous tickets, reusable media, signed secrets"""
    R, C = s.rig, s.rig["conf_checkin_lists"]
    g = sec(R, "CONF8", 4)
    s.redeem("in", g, C["einaus"])
    s.redeem("in again", g, C["einaus"])
    s.redeem("out", g, C["einaus"], type="exit")
    s.redeem("out again", g, C["einaus"], type="exit", note="exits are never refused")
    s.redeem("in after out", g, C["einaus"])
    g = sec(R, "CONF8", 5)
    s.redeem("strict list in", g, C["strikt"])
    s.redeem("strict list out", g, C["strikt"], type="exit")
    s.redeem("strict list in after out", g, C["strikt"])
    s.redeem("exit of a pending ticket", sec(R, "CONF5"), C["einaus"], type="exit")
    s.redeem("parent ticket on an add-on list", sec(R, "CONF1"), C["workshop"], note="position in the answer is the add-on")
    s.redeem("parent ticket again", sec(R, "CONF1"), C["workshop"])
    s.redeem("ambiguous: two add-ons on the list", sec(R, "CONF2"), C["allws"])
    s.redeem("add-on's own secret", sec(R, "CONF2", 3), C["allws"])
    s.redeem("parent without matching add-on", sec(R, "CONF8", 1), C["workshop"])
    m = R["reusable_media"]
    s.redeem("reusable medium", m["linked"], C["einlass"])
    s.redeem("reusable medium again", m["linked"], C["einlass"])
    s.redeem("ticket behind the medium", sec(R, "CONF7"), C["einlass"])
    s.redeem("medium without ticket", m["empty"], C["einlass"])
    s.redeem("medium with wrong source_type", m["linked"], C["mehrfach"], source_type="nfc_uid")
    s.redeem("medium, ticket of another event", m["linked"], R["checkin_lists"]["series"])
    sig = R["orders_sig"]
    s.redeem("signed secret", sig["SIG01"]["positions"][0]["secret"], R["sig_checkin_list"])
    s.redeem("signed secret, revoked", R["sig_revoked_secret"], R["sig_checkin_list"])
    s.call("signing keys in the event", "GET", s.o + "/events/sig/")


@topic
def annul(s):
    """checkinrpc/annul"""
    L = s.rig["checkin_lists"]["series"]
    A = s.o + "/checkinrpc/annul/"
    t = s.take()
    s.redeem("entry with nonce", t["secret"], L, nonce="annul-1")
    s.call("annul", "POST", A, {"lists": [L], "nonce": "annul-1", "error_explanation": "turnstile did not move"})
    s.call("annul twice", "POST", A, {"lists": [L], "nonce": "annul-1"})
    s.redeem("entry after annulment with new nonce", t["secret"], L, nonce="annul-2")
    s.call("unknown nonce", "POST", A, {"lists": [L], "nonce": "nope"})
    s.call("missing nonce", "POST", A, {"lists": [L]})
    s.call("too late by datetime", "POST", A, {"lists": [L], "nonce": "annul-2", "datetime": (dt.datetime.now(dt.timezone.utc) + dt.timedelta(minutes=16)).isoformat()})
    u, v = s.take(), s.take()
    s.redeem("two tickets, one nonce (1)", u["secret"], L, nonce="2026-11-23x")
    s.redeem("two tickets, one nonce (2)", v["secret"], L, nonce="2026-11-23x")
    s.call("annul is by list + nonce, not by ticket", "POST", A, {"lists": [L], "nonce": "2026-11-23x"},
           note="with nonce = date there is more than one match: annulment is impossible")
    w = s.take()
    s.redeem("entry by device", w["secret"], L, nonce="annul-3", as_="device:ready_pretixscan")
    s.call("annul by the team", "POST", A, {"lists": [L], "nonce": "annul-3"})
    s.call("annul by another device", "POST", A, {"lists": [L], "nonce": "annul-3"}, as_="device:ready_noorders")
    s.call("annul by the same device", "POST", A, {"lists": [L], "nonce": "annul-3"}, as_="device:ready_pretixscan")
    s.call("position", "GET", s.s + f"/orderpositions/{w['id']}/")
    s.call("annulled check-ins", "GET", s.s + f"/checkins/?list={L}&successful=false&error_reason=annulled")


@topic
def checkin_log(s):
    """failed_checkins (report offline refusals) and the checkins resource"""
    L, F = s.rig["checkin_lists"]["series"], s.s + f"/checkinlists/{s.rig['checkin_lists']['series']}/failed_checkins/"
    t = s.take()
    b = {"raw_barcode": t["secret"], "error_reason": "already_redeemed", "nonce": "f1", "datetime": "2026-11-23T10:00:00+01:00", "type": "entry",
         "position": t["id"], "raw_item": s.rig["items"]["Teilnahme"], "raw_variation": None, "raw_subevent": None}
    s.call("failed check-in", "POST", F, b, as_="device:ready_pretixscan")
    s.call("failed check-in repeated (same nonce)", "POST", F, b, as_="device:ready_pretixscan")
    s.call("minimal", "POST", F, {"raw_barcode": "garbage", "error_reason": "invalid", "nonce": "f2"})
    s.call("bad reason", "POST", F, {"raw_barcode": "garbage", "error_reason": "nope"})
    s.call("empty", "POST", F, {})
    s.call("position of another event", "POST", F, {"raw_barcode": "x", "error_reason": "product", "position": s.rig["orders_conf"]["CONF7"]["positions"][0]["id"]})
    s.call("checkins, newest", "GET", s.s + "/checkins/?ordering=-id&page_size=3")
    s.call("checkins, filters", "GET", s.s + f"/checkins/?list={L}&successful=true&type=entry&created_since=2026-01-01T00:00:00Z&page_size=2")
    s.call("checkins, one", "GET", s.s + "/checkins/1/")
    s.call("checkins cannot be created", "POST", s.s + "/checkins/", {})
    s.call("checkins as device (full)", "GET", s.s + "/checkins/?page_size=1", as_="device:ready_full")
    s.call("checkins as device (pretixscan)", "GET", s.s + "/checkins/?page_size=1", as_="device:ready_pretixscan")


@topic
def checkin_lists(s):
    """Check-in list resource, status, positions, search"""
    R, L, C = s.rig, s.rig["checkin_lists"], s.rig["conf_checkin_lists"]
    s.call("list", "GET", s.s + "/checkinlists/")
    s.call("list filtered by name is not possible", "GET", s.s + "/checkinlists/?name=Teilnahme", note="unknown filters are ignored")
    s.call("list filtered by subevent", "GET", s.s + f"/checkinlists/?subevent={R['subevents']['running']}")
    s.call("list filtered by subevent_match", "GET", s.s + f"/checkinlists/?subevent_match={R['subevents']['future']}")
    s.call("detail", "GET", s.s + f"/checkinlists/{L['series']}/")
    s.call("detail, expand subevent", "GET", s.s + f"/checkinlists/{L['running_only']}/?expand=subevent")
    s.call("not found", "GET", s.s + "/checkinlists/99999/")
    st, r = s.call("create for one date", "POST", s.s + "/checkinlists/", {"name": "API", "all_products": True, "limit_products": [], "subevent": R["subevents"]["future"]})
    s.call("create: minimal", "POST", s.s + "/checkinlists/", {"name": "API 2"})
    s.call("create: no name", "POST", s.s + "/checkinlists/", {})
    s.call("create: foreign subevent", "POST", s.c + "/checkinlists/", {"name": "x", "all_products": True, "subevent": R["subevents"]["future"]})
    s.call("create: bad rules", "POST", s.s + "/checkinlists/", {"name": "x", "all_products": True, "rules": {"nope": [1]}})
    s.call("patch", "PATCH", s.s + f"/checkinlists/{r['id']}/", {"allow_multiple_entries": True})
    s.call("delete", "DELETE", s.s + f"/checkinlists/{r['id']}/")
    s.call("status", "GET", s.s + f"/checkinlists/{L['series']}/status/")
    s.call("status with variations", "GET", s.c + f"/checkinlists/{C['einlass']}/status/")
    P = s.s + f"/checkinlists/{L['series']}/positions/"
    s.call("positions page", "GET", P + "?page_size=2")
    s.call("positions by order", "GET", P + "?order=TRF02")
    s.call("positions by secret", "GET", P + f"?secret={sec(R, 'TRF02')}")
    s.call("positions by subevent", "GET", P + f"?subevent={R['subevents']['future']}")
    s.call("positions search by name", "GET", P + "?search=Muster")
    s.call("positions search by order code", "GET", P + "?search=TRF02")
    s.call("positions has_checkin", "GET", P + "?has_checkin=true&page_size=1")
    s.call("positions not checked in", "GET", P + "?has_checkin=false&page_size=1")
    s.call("positions pending are hidden", "GET", P + "?order=TRF04")
    s.call("positions ignore_status", "GET", P + "?order=TRF04&ignore_status=true")
    s.call("positions canceled order, ignore_status", "GET", P + "?order=TRF06&ignore_status=true")
    s.call("positions canceled position never shown", "GET", P + "?order=TRF07&ignore_status=true")
    s.call("one position", "GET", P + f"{R['orders_series']['TRF02']['positions'][0]['id']}/?expand=subevent")
    s.call("positions of a list for one date", "GET", s.s + f"/checkinlists/{L['running_only']}/positions/?order=TRF02")
    s.call("check-in only team: no search", "GET", P + "?page_size=1", as_="team:checkinonly", note="empty without a search of 3+ characters")
    s.call("check-in only team: search", "GET", P + "?search=Muster&page_size=1", as_="team:checkinonly")
    s.call("check-in only team: order filter only", "GET", P + "?order=TRF02", as_="team:checkinonly")
    Q = s.o + "/checkinrpc/search/"
    s.call("rpc search", "GET", Q + f"?list={L['series']}&search=Muster&page_size=2")
    s.call("rpc search several lists", "GET", Q + f"?list={L['series']}&list={C['einlass']}&search=Muster&page_size=2&expand=subevent")
    s.call("rpc search without list", "GET", Q + "?search=Muster")
    s.call("rpc search unknown list", "GET", Q + "?list=99999&search=Muster")
    s.call("rpc search by secret", "GET", Q + f"?list={L['series']}&secret={sec(R, 'TRF02')}")


@topic
def orders(s):
    """Orders and order positions"""
    R = s.rig
    for c, d in (("TRF01", "paid"), ("TRF02", "two dates"), ("TRF03", "three dates"), ("TRF04", "pending"), ("TRF05", "expired"), ("TRF06", "canceled"),
                 ("TRF07", "one position canceled"), ("TRF08", "blocked"), ("TRF10", "valid_if_pending"), ("TRF11", "requires approval"),
                 ("TRF12", "valid_from"), ("TRF14", "no name, no answers"), ("TRF15", "awkward characters"), ("TRF20", "test mode")):
        s.call(f"order {c}: {d}", "GET", s.s + f"/orders/{c}/")
    s.call("order TRF07 include_canceled_positions", "GET", s.s + "/orders/TRF07/?include_canceled_positions=true")
    s.call("order, excluded fields", "GET", s.s + "/orders/TRF02/?exclude=positions.answers&exclude=invoice_address&exclude=payments")
    s.call("order, included fields only", "GET", s.s + "/orders/TRF02/?include=code&include=status&include=positions.id&include=positions.subevent")
    s.call("order, pdf_data", "GET", s.s + "/orders/TRF02/?pdf_data=true")
    s.call("conf order with add-on", "GET", s.c + "/orders/CONF1/")
    s.call("conf order with seat", "GET", s.c + "/orders/CONF3/")
    s.call("conf order answers with options", "GET", s.c + "/orders/CONF4/")
    s.call("organizer level by code", "GET", s.o + "/orders/?code=TRF02")
    s.call("organizer level detail", "GET", s.o + "/orders/TRF02/")
    s.call("by status", "GET", s.s + "/orders/?status=c")
    s.call("by subevent", "GET", s.s + f"/orders/?subevent={R['subevents']['future']}")
    s.call("by search", "GET", s.s + "/orders/?search=Mustermann")
    s.call("modified_since none", "GET", s.s + "/orders/?modified_since=2100-01-01T00:00:00Z")
    s.call("bad status", "GET", s.s + "/orders/?status=zzz")
    s.call("bad date", "GET", s.s + "/orders/?modified_since=gestern")
    s.call("ordering by last_modified", "GET", s.s + "/orders/?ordering=last_modified&page_size=1&include=code&include=last_modified")
    s.call("ordering by unknown field is ignored", "GET", s.s + "/orders/?ordering=nope&page_size=1&include=code")
    P = s.s + "/orderpositions/"
    s.call("positions by order", "GET", P + "?order=TRF02")
    s.call("positions by order and subevent", "GET", P + f"?order=TRF02&subevent={R['subevents']['running']}")
    s.call("positions by order__in", "GET", P + "?order__in=1,2&page_size=1")
    s.call("positions by secret", "GET", P + f"?secret={sec(R, 'TRF02')}")
    s.call("positions by pseudonymization_id", "GET", P + f"?pseudonymization_id={R['orders_series']['TRF02']['positions'][0]['pseudonymization_id']}")
    s.call("positions canceled hidden", "GET", P + "?order=TRF07")
    s.call("positions canceled shown", "GET", P + "?order=TRF07&include_canceled_positions=true")
    s.call("position by id", "GET", P + f"{R['orders_series']['TRF02']['positions'][1]['id']}/")
    s.call("position of another event", "GET", P + f"{R['orders_conf']['CONF1']['positions'][0]['id']}/")
    s.call("position unknown", "GET", P + "999999/")
    s.call("organizer level positions", "GET", s.o + "/orderpositions/?order=TRF02", note="event is named in each row")
    s.call("positions of a pending order are listed", "GET", P + "?order=TRF04")
    s.call("positions by order__status", "GET", P + "?order__status=c")
    s.call("unknown order code", "GET", P + "?order=NOPE1")
    s.call("update an answer", "PATCH", P + f"{R['orders_series']['TRF14']['positions'][0]['id']}/",
           {"attendee_name_parts": {"_scheme": "full", "full_name": "Neu Benannt"}, "answers": [{"question": R["questions"]["RUFZEICHEN"], "answer": "DL0RIG", "options": []}]})
    s.call("order after the position update", "GET", s.s + "/orders/TRF14/", note="last_modified moved")
    s.call("change the secret", "POST", s.s + "/orders/TRF14/regenerate_secrets/", {})


@topic
def order_changes(s):
    """What an order sync sees after changes: last_modified, cancellation, blocking, secrets"""
    S = s.s

    def mod(name, code):
        st, o = s.call(name, "GET", S + f"/orders/{code}/?include=code&include=status&include=last_modified&include=positions.id&include=positions.secret&include=positions.blocked&include=positions.checkins")
        return o.get("last_modified")
    t = s.take()
    mod("before", t["order"])
    s.redeem("check in", t["secret"], s.rig["checkin_lists"]["series"])
    mod("after a check-in", t["order"])
    s.call("block", "POST", S + f"/orderpositions/{t['id']}/add_block/", {"name": "api:darc"})
    mod("after blocking", t["order"])
    s.call("block name must start with api:", "POST", S + f"/orderpositions/{t['id']}/add_block/", {"name": "darc"})
    s.call("blocked secrets", "GET", S + "/blockedsecrets/")
    s.call("unblock", "POST", S + f"/orderpositions/{t['id']}/remove_block/", {"name": "api:darc"})
    s.call("blocked secrets after unblock", "GET", S + "/blockedsecrets/")
    s.call("regenerate secrets of the order", "POST", S + f"/orders/{t['order']}/regenerate_secrets/", {})
    mod("after new secrets", t["order"])
    s.redeem("old secret", t["secret"], s.rig["checkin_lists"]["series"])
    s.call("revoked secrets", "GET", S + "/revokedsecrets/")
    u = s.take()
    st, o = s.call("regenerate one position", "POST", S + f"/orderpositions/{u['id']}/regenerate_secrets/", {})
    v = s.take()
    s.call("cancel order", "POST", S + f"/orders/{v['order']}/mark_canceled/", {"send_email": False})
    mod("after cancel", v["order"])
    s.redeem("redeem canceled", v["secret"], s.rig["checkin_lists"]["series"])
    s.call("cancel again", "POST", S + f"/orders/{v['order']}/mark_canceled/", {"send_email": False})
    s.call("reactivate", "POST", S + f"/orders/{v['order']}/reactivate/", {})
    w = s.take()
    s.call("cancel one position (last one)", "DELETE", S + f"/orderpositions/{w['id']}/")
    s.call("mark paid", "POST", S + "/orders/TRF04/mark_paid/", {"send_email": False})
    s.call("approve", "POST", S + "/orders/TRF11/approve/", {"send_email": False})
    body = {"email": "neu@example.invalid", "locale": "de", "sales_channel": "web", "status": "p", "fees": [], "payment_provider": "free", "send_email": False,
            "positions": [{"positionid": 1, "item": s.rig["items"]["Teilnahme"], "variation": None, "subevent": s.rig["subevents"]["running"], "price": "0.00",
                           "attendee_name_parts": {"full_name": "Frisch Gebucht"}, "attendee_email": None, "addon_to": None, "voucher": "SERIE2026",
                           "answers": [{"question": s.rig["questions"]["VIDEOCONSENT"], "answer": "True", "options": []},
                                       {"question": s.rig["questions"]["RUFZEICHEN"], "answer": "DL9NEW", "options": []}]}]}
    s.call("create an order by API", "POST", S + "/orders/", body)
    bad = json.loads(json.dumps(body))
    bad["positions"][0]["answers"][0]["answer"] = "False"
    s.call("create: required boolean answered no", "POST", S + "/orders/", bad)
    bad["positions"][0]["answers"] = []
    s.call("create: required question not answered", "POST", S + "/orders/", bad, note="the API does not enforce required questions")
    bad["positions"][0]["voucher"] = "VERBRAUCHT"
    s.call("create: used voucher", "POST", S + "/orders/", bad)
    bad["positions"][0]["voucher"] = "NURLAUFEND"
    bad["positions"][0]["subevent"] = s.rig["subevents"]["future"]
    s.call("create: voucher of another date", "POST", S + "/orders/", bad)


@topic
def subevents(s):
    """Dates of a series, meta data, quotas"""
    R, S = s.rig, s.s
    s.call("list", "GET", S + "/subevents/?page_size=2")
    s.call("list filters", "GET", S + "/subevents/?active=true&ends_after=2026-01-01T00:00:00Z&ordering=date_from&page_size=1")
    s.call("list by meta data", "GET", S + "/subevents/?attr%5BTeilnehmerlink%5D=https://treff.example/r/running")
    s.call("list is_future", "GET", S + "/subevents/?is_future=true&page_size=1")
    s.call("organizer level subevents", "GET", s.o + "/subevents/?page_size=1")
    s.call("detail", "GET", S + f"/subevents/{R['subevents']['running']}/")
    s.call("detail inheriting meta data", "GET", S + f"/subevents/{R['subevents']['noend']}/")
    s.call("not found", "GET", S + "/subevents/99999/")
    s.call("event detail", "GET", S + "/")
    s.call("meta properties", "GET", s.o + "/event_meta_properties/")
    st, mp = s.call("meta property create", "POST", s.o + "/event_meta_properties/", {"name": "Raum", "default": "", "required": False, "protected": False},
                   note="choices is required (null will do)")
    s.call("create: empty", "POST", S + "/subevents/", {})
    minimal = {"name": {"de": "Minimal"}, "date_from": "2027-01-10T19:00:00+01:00", "item_price_overrides": [], "variation_price_overrides": [], "meta_data": {}}
    s.call("create: name and date only", "POST", S + "/subevents/", {"name": {"de": "Minimal"}, "date_from": "2027-01-10T19:00:00+01:00"})
    st, a = s.call("create: minimal", "POST", S + "/subevents/", minimal, note="active is false unless sent")
    full = {"active": True, "is_public": True, "name": {"de": "Antennen", "en": "Antennas"}, "date_from": "2027-01-12T19:00:00+01:00",
            "date_to": "2027-01-12T21:00:00+01:00", "date_admission": "2027-01-12T18:45:00+01:00", "presale_start": None, "presale_end": None,
            "location": {"de": "Online"}, "geo_lat": None, "geo_lon": None, "frontpage_text": {"de": "Text"}, "comment": "treff:room:42",
            "seating_plan": None, "seat_category_mapping": {}, "item_price_overrides": [], "variation_price_overrides": [],
            "meta_data": {"Teilnehmerlink": "https://treff.example/r/neu", "Teilnahmelink": "https://treff.example/r/neu/join"}}
    st, b = s.call("create: full", "POST", S + "/subevents/", full)
    s.call("create: unknown meta property", "POST", S + "/subevents/", {**full, "meta_data": {"Unbekannt": "x"}})
    s.call("create: end before start", "POST", S + "/subevents/", {**full, "date_to": "2027-01-11T21:00:00+01:00"})
    s.call("create: name as plain string", "POST", S + "/subevents/", {**full, "name": "Nur Text"})
    s.call("create: naive datetime", "POST", S + "/subevents/", {**full, "date_from": "2027-01-12T19:00:00", "date_to": None})
    s.call("create: UTC datetime", "POST", S + "/subevents/", {**full, "date_from": "2027-01-12T18:00:00Z", "date_to": None})
    s.call("create: bad date", "POST", S + "/subevents/", {**full, "date_from": "morgen"})
    s.call("create: clone_from is no field", "POST", S + "/subevents/", {**full, "clone_from": R["subevents"]["running"]})
    s.call("create: price override", "POST", S + "/subevents/", {**full, "item_price_overrides": [{"item": R["items"]["Teilnahme"], "price": "1.00"}]})
    s.call("create: on a plain event", "POST", s.c + "/subevents/", minimal, note="201, although the event is no series")
    s.call("create with X-Idempotency-Key", "POST", S + "/subevents/", full, headers={"X-Idempotency-Key": "sub-1"})
    s.call("create with X-Idempotency-Key, repeated", "POST", S + "/subevents/", full, headers={"X-Idempotency-Key": "sub-1"},
           note="same id: replayed")
    bid = b.get("id")
    st, q = s.call("quota create, unlimited", "POST", S + "/quotas/", {"name": "Teilnahme", "size": None, "items": [R["items"]["Teilnahme"]], "variations": [], "subevent": bid})
    s.call("quota create without subevent", "POST", S + "/quotas/", {"name": "x", "size": None, "items": [R["items"]["Teilnahme"]], "variations": [], "subevent": None})
    s.call("quota create: empty", "POST", S + "/quotas/", {})
    s.call("quota create: foreign item", "POST", S + "/quotas/", {"name": "x", "size": 5, "items": [R["conf_items"]["eintritt"]], "variations": [], "subevent": bid})
    s.call("quota create: item without variation (conf)", "POST", s.c + "/quotas/", {"name": "x", "size": 5, "items": [R["conf_items"]["eintritt"]], "variations": []})
    s.call("quotas by subevent", "GET", S + f"/quotas/?subevent={bid}&with_availability=true")
    s.call("quota availability", "GET", S + f"/quotas/{q['id']}/availability/")
    s.call("patch name and times", "PATCH", S + f"/subevents/{bid}/", {"name": {"de": "Antennen II"}, "date_to": "2027-01-12T21:30:00+01:00"})
    s.call("patch meta data: only one key", "PATCH", S + f"/subevents/{bid}/", {"meta_data": {"Teilnehmerlink": "https://treff.example/r/neu2"}},
           note="see topic details for what is stored: this answer shows the values from before")
    s.call("patch inactive", "PATCH", S + f"/subevents/{bid}/", {"active": False})
    s.call("patch as team bridge", "PATCH", S + f"/subevents/{bid}/", {"active": True}, as_="team:bridge")
    s.call("patch as device", "PATCH", S + f"/subevents/{bid}/", {"active": True}, as_="device:ready_full")
    s.call("put needs all fields", "PUT", S + f"/subevents/{bid}/", {"name": {"de": "x"}})
    s.call("delete a date with orders", "DELETE", S + f"/subevents/{R['subevents']['running']}/")
    s.call("delete", "DELETE", S + f"/subevents/{bid}/")
    s.call("get after delete", "GET", S + f"/subevents/{bid}/")
    s.call("quota after delete", "GET", S + f"/quotas/{q['id']}/")
    s.call("delete unknown", "DELETE", S + "/subevents/99999/")
    s.call("clone event endpoint", "POST", S + "/clone/", {"name": {"de": "Kopie"}, "slug": "kopie", "date_from": "2027-02-01T10:00:00+01:00"})


@topic
def vouchers(s):
    """Vouchers"""
    R, V = s.rig, s.s + "/vouchers/"
    s.call("list", "GET", V)
    s.call("by code", "GET", V + "?code=SERIE2026")
    s.call("by subevent", "GET", V + f"?subevent={R['subevents']['running']}")
    s.call("create series wide", "POST", V, {"code": "NEU2026A", "max_usages": 5, "item": R["items"]["Teilnahme"], "price_mode": "set", "value": "0.00"})
    s.call("create for one date", "POST", V, {"code": "NEU2026B", "max_usages": 1, "item": R["items"]["Teilnahme"], "subevent": R["subevents"]["future"], "price_mode": "none"})
    s.call("create: generated code", "POST", V, {"max_usages": 1, "item": R["items"]["Teilnahme"]})
    s.call("create: duplicate code", "POST", V, {"code": "NEU2026A", "item": R["items"]["Teilnahme"]})
    s.call("create: duplicate in other case", "POST", V, {"code": "neu2026a", "item": R["items"]["Teilnahme"]})
    s.call("create: foreign subevent", "POST", V, {"code": "NEU2026C", "item": R["items"]["Teilnahme"], "subevent": 99999})
    s.call("create: block_quota on series without date", "POST", V, {"code": "NEU2026D", "item": R["items"]["Teilnahme"], "block_quota": True})
    s.call("batch create", "POST", V + "batch_create/", [{"code": "BATCH-0001", "item": R["items"]["Teilnahme"]}, {"code": "BATCH-0002", "item": R["items"]["Teilnahme"]}])
    s.call("batch create with an error", "POST", V + "batch_create/", [{"code": "BATCH-0003", "item": R["items"]["Teilnahme"]}, {"code": "BATCH-0001", "item": R["items"]["Teilnahme"]}])
    s.call("patch", "PATCH", V + f"{R['vouchers']['SERIE2026']}/", {"max_usages": 2000})
    s.call("delete redeemed", "DELETE", V + f"{R['vouchers']['VERBRAUCHT']}/")


@topic
def catalog(s):
    """Event, settings, items, categories, questions, seats, badges, secrets, reusable media"""
    R = s.rig
    s.call("organizer", "GET", s.o + "/")
    s.call("events", "GET", s.o + "/events/")
    s.call("event conf", "GET", s.c + "/")
    s.call("settings (series)", "GET", s.s + "/settings/")
    s.call("settings as device", "GET", s.s + "/settings/", as_="device:ready_pretixscan", note="a device sees a reduced set")
    s.call("items (series)", "GET", s.s + "/items/")
    s.call("items (conf)", "GET", s.c + "/items/?page_size=2")
    s.call("categories", "GET", s.c + "/categories/")
    s.call("questions (series)", "GET", s.s + "/questions/")
    s.call("questions (conf)", "GET", s.c + "/questions/")
    s.call("questions by identifier", "GET", s.c + "/questions/?identifier=ESSEN")
    s.call("quotas (series)", "GET", s.s + "/quotas/?page_size=2")
    s.call("seats", "GET", s.c + "/seats/?page_size=2")
    s.call("seats, expand orderposition", "GET", s.c + "/seats/?seat_guid=A-1&expand=orderposition")
    s.call("badge layouts", "GET", s.c + "/badgelayouts/")
    s.call("badge items", "GET", s.c + "/badgeitems/")
    s.call("revoked secrets", "GET", s.s + "/revokedsecrets/")
    s.call("revoked secrets as device", "GET", s.s + "/revokedsecrets/?ordering=-created&page_size=1", as_="device:ready_pretixscan")
    s.call("blocked secrets", "GET", s.s + "/blockedsecrets/")
    s.call("blocked secrets updated_since", "GET", s.s + "/blockedsecrets/?updated_since=2100-01-01T00:00:00Z")
    s.call("reusable media", "GET", s.o + "/reusablemedia/")
    s.call("reusable media expand", "GET", s.o + "/reusablemedia/?identifier=RIG-MEDIUM-0001&expand=linked_orderposition&expand=linked_orderpositions")
    s.call("reusable media lookup", "POST", s.o + "/reusablemedia/lookup/", {"type": "barcode", "identifier": "RIG-MEDIUM-0001"})
    s.call("reusable media lookup unknown", "POST", s.o + "/reusablemedia/lookup/", {"type": "barcode", "identifier": "nope"})
    s.call("reusable media updated_since", "GET", s.o + "/reusablemedia/?updated_since=2100-01-01T00:00:00Z")
    s.call("sales channels", "GET", s.o + "/saleschannels/")
    s.call("seating plans", "GET", s.o + "/seatingplans/?page_size=1")


@topic
def digital_content(s):
    """digitalcontents is a closed source plugin: how its absence looks"""
    s.call("list", "GET", s.s + "/digitalcontents/")
    s.call("create", "POST", s.s + "/digitalcontents/", {"title": {"de": "Raum"}, "content_type": "link", "url": "https://treff.example/?t={token}"})
    s.call("detail", "GET", s.s + "/digitalcontents/1/")
    s.call("list without credentials", "GET", s.s + "/digitalcontents/", as_="anonymous", note="404 too: the path does not exist, so no 401")
    s.call("list, unknown event", "GET", s.o + "/events/nope/digitalcontents/", note="404, where a known path would answer 403")
    s.call("plugins of the event", "GET", s.s + "/?include=plugins")


@topic
def protocol(s):
    """Pagination, conditional requests, idempotency, compression"""
    s.call("first page", "GET", s.c + "/orders/?page_size=1&include=code")
    s.call("page_size above 50 is capped", "GET", s.c + "/orders/?page_size=500&include=code")
    s.call("default page size", "GET", s.c + "/orders/?include=code")
    s.call("page out of range", "GET", s.c + "/orders/?page=99999&include=code")
    s.call("page not a number", "GET", s.c + "/orders/?page=x")
    for p in ("/items/", "/questions/", "/categories/", "/quotas/", "/subevents/", "/checkinlists/", "/orders/", "/orderpositions/", "/vouchers/",
              "/revokedsecrets/", "/blockedsecrets/", "/badgelayouts/"):
        st, r = s.call(f"headers of {p}", "GET", s.s + p + "?page_size=1")
        lm = s.log[-1]["response"]["headers"].get("Last-Modified")
        if lm:
            s.call(f"If-Modified-Since {p}", "GET", s.s + p + "?page_size=1", headers={"If-Modified-Since": lm})
            s.call(f"If-Unmodified-Since {p}", "GET", s.s + p + "?page_size=1", headers={"If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"})
    s.call("events list has no Last-Modified", "GET", s.o + "/events/?page_size=1")
    st, r = s.call("order list for X-Page-Generated", "GET", s.s + "/orders/?page_size=1&ordering=last_modified&include=code")
    gen = s.log[-1]["response"]["headers"].get("X-Page-Generated")
    if gen:
        s.call("modified_since = X-Page-Generated", "GET", s.s + "/orders/?include=code&ordering=last_modified&modified_since=" + urllib.parse.quote(gen))
    s.call("modified_since with a raw + in the zone", "GET", s.s + "/orders/?include=code&modified_since=2026-01-01T00:00:00+01:00",
           note="an unescaped + is a blank")
    b = {"secret": "nope-1", "lists": [s.rig["checkin_lists"]["series"]]}
    s.call("idempotency: first", "POST", s.o + "/checkinrpc/redeem/", b, headers={"X-Idempotency-Key": "k1"})
    s.call("idempotency: repeated", "POST", s.o + "/checkinrpc/redeem/", b, headers={"X-Idempotency-Key": "k1"})
    s.call("idempotency: same key, other path and body", "POST", s.s + "/subevents/", {}, headers={"X-Idempotency-Key": "k1"},
           note="the key alone decides: the first answer is replayed")
    s.call("idempotency: same key, other token", "POST", s.o + "/checkinrpc/redeem/", b, headers={"X-Idempotency-Key": "k1"}, as_="team:bridge")
    s.call("idempotency query", "GET", "/api/v1/idempotency_query?key=k1")
    s.call("idempotency query unknown", "GET", "/api/v1/idempotency_query?key=k2")
    s.call("gzip asked", "GET", s.s + "/orders/TRF02/?include=code", headers={"Accept-Encoding": "gzip"})
    s.call("HEAD", "HEAD", s.s + "/orders/TRF02/")
    s.call("OPTIONS", "OPTIONS", s.s + "/orders/TRF02/")
    s.call("request id", "GET", "/api/v1/version", headers={"X-Request-ID": "abc"})


@topic
def treff_flow(s):
    """The concept's login flow, request by request, with a team token of least rights (bridge)"""
    R = s.rig
    s.role = "team:bridge"
    s.call("1 positions of the order on that date", "GET", s.s + f"/orderpositions/?order=TRF03&subevent={R['subevents']['running']}")
    s.call("1b or by order code and position number", "GET", s.s + "/orderpositions/?order=TRF03&positionid=2", note="positionid is no filter: all positions come back")
    s.call("1c or the whole order", "GET", s.s + "/orders/TRF03/?include=code&include=status&include=testmode&include=require_approval&include=valid_if_pending"
           "&include=positions.id&include=positions.positionid&include=positions.subevent&include=positions.secret&include=positions.attendee_name"
           "&include=positions.answers&include=positions.blocked&include=positions.valid_from&include=positions.valid_until&include=positions.checkins")
    s.call("2 the date", "GET", s.s + f"/subevents/{R['subevents']['running']}/")
    s.call("2b meta data of the event (defaults)", "GET", s.s + "/")
    s.call("3 the check-in lists", "GET", s.s + f"/checkinlists/?subevent_match={R['subevents']['running']}")
    sc, L = sec(R, "TRF03", 2), R["checkin_lists"]["series"]
    s.redeem("4 check in, nonce = date", sc, L, nonce="2026-11-23", questions_supported=False)
    s.redeem("4b reconnect on the same day", sc, L, nonce="2026-11-23", questions_supported=False)
    s.redeem("4c next day", sc, L, nonce="2026-11-24", questions_supported=False)
    s.call("push 1: create the date", "POST", s.s + "/subevents/", {"name": {"de": "Neu"}, "active": True, "date_from": "2027-01-12T19:00:00+01:00",
           "date_to": "2027-01-12T21:00:00+01:00", "meta_data": {"Teilnehmerlink": "https://treff.example/r/neu"}})
    sid = s.log[-1]["response"]["body"].get("id")
    s.call("push 2: unlimited quota", "POST", s.s + "/quotas/", {"name": "Teilnahme", "size": None, "items": [R["items"]["Teilnahme"]], "variations": [], "subevent": sid})
    s.call("push 3: find it again by meta data", "GET", s.s + "/subevents/?attr%5BTeilnehmerlink%5D=https%3A%2F%2Ftreff.example%2Fr%2Fneu")
    s.call("push 4: a check-in list needs more rights", "POST", s.s + "/checkinlists/", {"name": "Neu", "subevent": sid})
    s.call("push 5: hide the date", "PATCH", s.s + f"/subevents/{sid}/", {"active": False})
    s.call("an event that the team must not see", "GET", s.c + "/orders/")
    s.role = "team:all"


@topic
def details(s):
    """Small questions that decide code: stale answers, what moves last_modified, patch semantics, id fields"""
    R, S, L = s.rig, s.s, s.rig["checkin_lists"]["series"]
    sub = R["subevents"]["future"]
    s.call("date before", "GET", S + f"/subevents/{sub}/")
    s.call("patch one meta key", "PATCH", S + f"/subevents/{sub}/", {"meta_data": {"Teilnehmerlink": "https://treff.example/r/changed"}},
           note="the answer is stale: it shows the meta data from before the change")
    s.call("date after", "GET", S + f"/subevents/{sub}/", note="what is really stored")
    s.call("patch meta key to null", "PATCH", S + f"/subevents/{sub}/", {"meta_data": {"Teilnehmerlink": None}})
    s.call("date after null", "GET", S + f"/subevents/{sub}/")
    s.call("patch meta data to {}", "PATCH", S + f"/subevents/{sub}/", {"meta_data": {}})
    s.call("date after {}", "GET", S + f"/subevents/{sub}/")
    s.call("patch meta key to the default", "PATCH", S + f"/subevents/{sub}/", {"meta_data": {"Teilnehmerlink": "https://treff.example/r/default"}})
    s.call("date after default", "GET", S + f"/subevents/{sub}/")
    s.call("dates modified_since", "GET", S + "/subevents/?page_size=1&modified_since=2100-01-01T00:00:00Z")
    s.call("dates, meta filter by unknown property", "GET", S + "/subevents/?attr%5BNix%5D=1&page_size=1")
    p15 = R["orders_series"]["TRF15"]["positions"][0]["id"]
    s.call("patch one of two answers", "PATCH", S + f"/orderpositions/{p15}/", {"answers": [{"question": R["questions"]["RUFZEICHEN"], "answer": "DL0NEU", "options": []}]},
           note="answers are replaced as a whole")
    s.call("meta property create", "POST", s.o + "/event_meta_properties/", {"name": "Raum", "default": "", "required": False, "protected": False, "choices": None})
    s.call("meta property duplicate", "POST", s.o + "/event_meta_properties/", {"name": "Raum", "choices": None})
    s.call("meta property create as bridge", "POST", s.o + "/event_meta_properties/", {"name": "Raum2", "choices": None}, as_="team:bridge")

    def mod(name, code):
        s.call(name, "GET", S + f"/orders/{code}/?include=code&include=last_modified&include=positions.checkins")
    t = s.take()
    mod("last_modified: start", t["order"])
    s.redeem("simulate", t["secret"], L, simulate=True)
    mod("last_modified: after simulate", t["order"])
    s.redeem("refused (product)", t["secret"], R["conf_checkin_lists"]["einlass"])
    s.redeem("check in", t["secret"], L, nonce="d1", as_="device:ready_pretixscan")
    mod("last_modified: after check-in", t["order"])
    s.redeem("repeat with nonce", t["secret"], L, nonce="d1", as_="device:ready_pretixscan", note="checkins in the answer now shows the first one")
    mod("last_modified: after the repeat", t["order"])
    s.redeem("refused (already_redeemed)", t["secret"], L, nonce="d2", as_="device:ready_pretixscan")
    mod("last_modified: after the refusal", t["order"])
    s.call("annul", "POST", s.o + "/checkinrpc/annul/", {"lists": [L], "nonce": "d1"}, as_="device:ready_pretixscan")
    mod("last_modified: after annul", t["order"])
    st, d = s.call("device created now", "POST", s.o + "/devices/", {"name": "ids", "all_events": True, "limit_events": [], "security_profile": "full"})
    s.call("check-ins name the device twice", "GET", S + "/checkins/?ordering=-id&page_size=1")
    a = s.call("settings keys, team", "GET", S + "/settings/", record=False)[1]
    b = s.call("settings keys, device", "GET", S + "/settings/", as_="device:ready_pretixscan", record=False)[1]
    s.log.append({"name": "settings keys", "team": len(a), "device": len(b), "only_device": sorted(set(b) - set(a)), "note": "a device gets a smaller set"})
    s.call("voucher from an empty body", "POST", S + "/vouchers/", {}, note="201: a voucher for any product")
    s.call("order list: positions only", "GET", s.c + "/orders/?page_size=2&include=code&include=status&include=positions.id&include=positions.secret&include=last_modified")
    s.call("English messages", "GET", S + "/orders/?page=99", headers={"Accept-Language": "en"})
    s.redeem("English reason? no: event locale", sec(R, "CONF7"), R["conf_checkin_lists"]["nurvip"])
    s.call("English reason by Accept-Language? no", "POST", s.o + "/checkinrpc/redeem/", {"secret": sec(R, "CONF7"), "lists": [R["conf_checkin_lists"]["nurvip"]]},
           headers={"Accept-Language": "en"}, note="reason_explanation follows the event's (or the order's) locale, not the request")
    x = s.take()
    s.redeem("exit first (never inside)", x["secret"], L, type="exit", note="exits are accepted without a former entry")
    s.redeem("then entry", x["secret"], L, note="and do not use the ticket up")
    s.call("revert? no endpoint to delete a check-in", "DELETE", S + "/checkins/1/")
    sig = R["orders_sig"]["SIG02"]["positions"][0]
    s.call("signed: regenerate secrets", "POST", s.o + f"/events/sig/orderpositions/{sig['id']}/regenerate_secrets/", {})
    s.call("signed: revoked secrets now", "GET", s.o + "/events/sig/revokedsecrets/", note="signed secrets do go to the revocation list, random ones do not")


@topic
def webhooks(s):
    """Webhook resource and real deliveries to a local receiver"""
    got = []

    class H(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            code = 500 if self.path.startswith("/fail") else 410 if self.path.startswith("/gone") else 200
            got.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body), "answered": code})
            self.send_response(code)
            self.end_headers()

        def log_message(self, *a):
            pass
    srv = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
    threading.Thread(target=srv.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{srv.server_address[1]}"
    W = s.o + "/webhooks/"
    types = ["pretix.event.checkin", "pretix.event.checkin.reverted", "pretix.event.order.placed", "pretix.event.order.paid", "pretix.event.order.canceled", "pretix.event.order.modified",
             "pretix.event.order.changed.*", "pretix.subevent.added", "pretix.subevent.changed", "pretix.subevent.deleted", "pretix.event.item.*"]
    st, w = s.call("create", "POST", W, {"enabled": True, "target_url": base + "/ok", "all_events": True, "limit_events": [], "action_types": types})
    s.call("create: unknown action", "POST", W, {"enabled": True, "target_url": base + "/ok", "all_events": True, "limit_events": [], "action_types": ["nope"]})
    s.call("create: empty", "POST", W, {})
    s.call("list", "GET", W)
    t = s.take()
    s.redeem("check-in", t["secret"], s.rig["checkin_lists"]["series"], nonce="wh1")
    s.redeem("repeat with same nonce: no event", t["secret"], s.rig["checkin_lists"]["series"], nonce="wh1")
    s.redeem("refused: no event", t["secret"], s.rig["checkin_lists"]["series"])
    s.call("annul: no event", "POST", s.o + "/checkinrpc/annul/", {"lists": [s.rig["checkin_lists"]["series"]], "nonce": "wh1"})
    s.call("cancel order", "POST", s.s + f"/orders/{t['order']}/mark_canceled/", {"send_email": False})
    st, b = s.call("subevent create", "POST", s.s + "/subevents/", {"name": {"de": "Hook"}, "date_from": "2027-01-10T19:00:00+01:00", "item_price_overrides": [], "variation_price_overrides": [], "meta_data": {}})
    s.call("subevent change", "PATCH", s.s + f"/subevents/{b['id']}/", {"name": {"de": "Hook 2"}})
    s.call("subevent delete", "DELETE", s.s + f"/subevents/{b['id']}/")
    u = s.take()
    s.call("name change", "PATCH", s.s + f"/orderpositions/{u['id']}/", {"attendee_name_parts": {"_scheme": "full", "full_name": "Umbenannt"}})
    time.sleep(1)
    s.call("patch: 410 disables", "PATCH", W + f"{w['id']}/", {"target_url": base + "/gone"})
    s.call("subevent change that triggers it", "PATCH", s.s + f"/subevents/{s.rig['subevents']['noend']}/", {"comment": "x"})
    time.sleep(1)
    s.call("webhook afterwards", "GET", W + f"{w['id']}/", note="disabled after a 410")
    s.call("delete", "DELETE", W + f"{w['id']}/")
    srv.shutdown()
    s.log.append({"name": "deliveries received", "note": "no signature header, no secret: fetch the object over the API before believing it", "deliveries": got})
    for g in got:
        print("   delivered", json.dumps(g["body"]))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--rig", help="the JSON that `up` printed")
    ap.add_argument("--out")
    ap.add_argument("--list", action="store_true", help="print the topics")
    ap.add_argument("topics", nargs="*")
    a = ap.parse_args()
    if a.list:
        print(" ".join(TOPICS))
        return
    if not a.rig or not a.out:
        ap.error("--rig and --out are needed")
    rig = json.load(open(a.rig))
    out = pathlib.Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    ses = Session(rig)
    for name, f in TOPICS.items():
        if a.topics and name not in a.topics:
            continue
        print(name)
        ses.log = []
        try:
            f(ses)
        finally:
            doc = {"topic": name, "about": f.__doc__, "pretix": rig["pretix"], "database": rig["database"],
                   "captured_at": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"), "exchanges": ses.log}
            (out / f"{name}.json").write_text(json.dumps(doc, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
