#!/usr/bin/env python3
"""Records what a real pretix says to random scans, in the format of scanproxy/testdata/truth.

  truth.py --rig rig.json --seed 1 --scenarios 20 --steps 30 --out truth.jsonl

Runs inside pretix: its own models, its own redeem view, its own REST API for the download; the clock is frozen at the
time of each scan. Each scenario is rolled back, so the database stays as it was. Needs the rig to be up. --first is the
number of the first scenario.
"""
import datetime
import json
import random
import sys

from inside import enter, seed_secrets


class Device:
    """The REST API as a device sees it."""

    def __init__(self, token):
        from django.test import Client
        self.client = Client(raise_request_exception=False, HTTP_AUTHORIZATION=f"Device {token}", HTTP_HOST="127.0.0.1")

    def get(self, path):
        resp = self.client.get("/api/v1" + path)
        if resp.status_code != 200:
            raise RuntimeError(f"{path}: {resp.status_code} {resp.content[:300]}")
        return resp.json()

    def all(self, path):
        out, page = [], 1
        while True:
            got = self.get(f"{path}{'&' if '?' in path else '?'}page={page}")
            out += got["results"]
            if not got["next"]:
                return out
            page += 1

    def post(self, path, body):
        return self.client.post(path, json.dumps(body), content_type="application/json")


def download(world, device, start):
    o = f"/organizers/{world.organizer.slug}"
    base = {"organizer": world.organizer.slug, "default_now": start, "device_info": device.get("/device/info"),
            "events": [device.get(f"{o}/events/{e.slug}/") for e in world.events], "reusablemedia": device.all(f"{o}/reusablemedia/"),
            "default_lists": {e.slug: e.clists[0].pk for e in world.events}}
    for kind in ("settings", "items", "questions", "checkinlists", "subevents", "orders", "revokedsecrets", "blockedsecrets"):
        base[kind] = {}
    for e in world.events:
        at = f"{o}/events/{e.slug}"
        settings = device.get(f"{at}/settings/")
        base["settings"][e.slug] = {k: v for k, v in settings.items() if k.startswith("reusable_media") or k in ("locale", "locales", "name_scheme")}
        for kind in ("items", "questions", "checkinlists", "subevents", "revokedsecrets", "blockedsecrets"):
            base[kind][e.slug] = device.all(f"{at}/{kind}/")
        base["orders"][e.slug] = [x for x in device.all(f"{at}/orders/?testmode=false&exclude=downloads&exclude=payments&exclude=refunds")
                                  if x["code"] not in world.unsynced]
    return base


def record(seed, number, steps, clock):
    from django.db import transaction
    from scans import Scanner, iso
    from world import World
    rnd = random.Random(f"{seed}:{number}")
    with transaction.atomic():
        w = World(rnd)
        clock.set(w.start - datetime.timedelta(days=1))
        w.build()
        clock.set(w.start)
        device = Device(w.device.api_token)
        base = download(w, device, iso(w.start))
        scanner = Scanner(w, clock, device)
        out = {"format": 1, "id": f"einlass-{seed}:{number}", "pretix": "2026.8.0", "base": base, "unsynced_orders": w.unsynced,
               "steps": [scanner.scan(n) for n in range(1, steps + 1)]}
        transaction.set_rollback(True)
    return out


def main():
    a, clock = enter(__file__, {"first": 0, "scenarios": 20, "steps": 30})
    from django_scopes import scopes_disabled
    seed_secrets(a.seed)
    print(f"seed {a.seed}, scenarios {a.first} to {a.first + a.scenarios - 1}", file=sys.stderr)
    n = 0
    with scopes_disabled(), open(a.out, "w") as f:
        for i in range(a.first, a.first + a.scenarios):
            s = record(a.seed, i, a.steps, clock)
            n += len(s["steps"])
            f.write(json.dumps(s, ensure_ascii=False) + "\n")
            f.flush()
    print(f"{a.scenarios} scenarios, {n} steps in {a.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
