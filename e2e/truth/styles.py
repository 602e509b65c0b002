"""Kinds of shops. Each kind has a lot of something, so that its combinations are drawn often enough to matter.

A number is a chance, a pair the least and the most of something.
"""
PLAIN = {
    "events": [1, 1, 2], "series": 0.35, "rules": 0.55, "odd rules": 0.22, "all products": 0.7, "match add-ons": 0.45, "pending": 0.4,
    "add-on": 0.2, "valid from": 0.2, "valid until": 0.2, "visits": 0.2, "stored": 0.3, "questions": [0, 0, 1, 2, 3, 4], "asked": 0.7,
    "media": (2, 6), "exchange": 0, "unsynced": 0.07, "test mode": 0, "canceled": 0, "statuses": "p", "approval": 0.3,
    "exits": 0.12, "few tickets": True, "other events": 0.3,
    # what is scanned, in parts of the whole
    "scans": {"ticket": 73, "medium": 3, "withaddons": 14, "revoked": 3, "unknown": 1, "malformed": 4, "card": 2},
}
STYLES = {
    # a little of everything
    "mixed": {"add-on": 0.65, "statuses": "p" * 14 + "n" * 4 + "ec", "exchange": 0.12, "test mode": 0.04, "canceled": 0.03, "few tickets": False,
              "scans": {"ticket": 60, "medium": 14, "withaddons": 10, "revoked": 4, "unknown": 2, "malformed": 8, "card": 2}},
    # orders that are not downloaded, so that the signature is all there is
    "signed": {"match add-ons": 0, "unsynced": 0.6, "visits": 0, "stored": 0, "events": [1, 2, 2],
               "scans": {"ticket": 66, "medium": 3, "revoked": 7, "unknown": 2, "malformed": 12, "forged": 10}},
    # questions at the door
    "asked": {"all products": 1, "rules": 0.15, "questions": [5], "asked": 0.9},
    # the same few tickets in and out
    "busy": {"all products": 1, "questions": [0], "exits": 0.35},
    # one code for a ticket and what was bought with it, at several dates and events
    "addons": {"events": [1, 2, 2, 3], "series": 0.6, "rules": 0.1, "all products": 0.35, "match add-ons": 0.6, "add-on": 0.75, "other events": 0.7,
               "questions": [0, 1], "scans": {"ticket": 20, "medium": 15, "withaddons": 61, "revoked": 2, "malformed": 2}},
    # cards with none, one or several tickets, of one or several events
    "media": {"events": [1, 2, 2, 3], "rules": 0.1, "all products": 0.5, "media": (8, 12), "exchange": 0.35, "add-on": 0.4, "other events": 0.6,
              "few tickets": False, "questions": [0, 1], "scans": {"ticket": 24, "medium": 60, "withaddons": 4, "revoked": 4, "card": 8}},
    # rules that the editor builds, over tickets that come and go
    "ruled": {"rules": 0.95, "odd rules": 0, "all products": 1, "visits": 0.7, "questions": [0], "exits": 0.3},
    # tickets that are valid for a time, alone, as add-ons and on cards
    "timed": {"rules": 0.1, "all products": 0.5, "match add-ons": 0.6, "valid from": 0.55, "valid until": 0.55, "media": (6, 10), "add-on": 0.5, "questions": [0, 1],
              "scans": {"ticket": 40, "medium": 25, "withaddons": 35}},
    # orders that wait for money or approval
    "unpaid": {"rules": 0.15, "statuses": "n" * 6 + "ppec", "approval": 0.35, "pending": 0.6, "exits": 0.25, "few tickets": False},
}
ORDER = ["mixed", "mixed", *(s for s in STYLES if s != "mixed")]


def style(rnd):
    """The name of a style, and all that it says."""
    name = rnd.choice(ORDER)
    return name, {**PLAIN, **STYLES[name]}
