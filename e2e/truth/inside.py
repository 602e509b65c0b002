"""Running inside pretix: its environment, with a clock that stands still."""
import argparse
import datetime
import json
import os
import pathlib
import random
import sys
import types


def enter(script, options):
    """Starts again inside the rig's environment, sets pretix up there, freezes its clock and reads the command line."""
    ap = argparse.ArgumentParser()
    ap.add_argument("--rig", required=True, help="JSON that rig.py printed")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--out", required=True)
    for name, default in options.items():
        ap.add_argument(f"--{name}", type=int, default=default)
    a = ap.parse_args()
    if "EINLASS_TRUTH_INSIDE" not in os.environ:
        reexec(json.loads(pathlib.Path(a.rig).read_text()), script)
    import django
    django.setup()
    import logging
    logging.disable(logging.CRITICAL)
    clock = Clock()
    clock.install()
    return a, clock


def reexec(rig, script):
    """Starts again inside the rig's environment, with a server that lives in UTC and speaks English."""
    run = pathlib.Path(rig["run_dir"])
    config = (run / "pretix.cfg").read_text().replace("default=de", "default=en").replace("timezone=Europe/Berlin", "timezone=UTC")
    own = run / "truth.cfg"
    own.write_text(config)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PRETIX_", "DJANGO_", "PG"))}
    env.update(PRETIX_CONFIG_FILE=str(own), DJANGO_SETTINGS_MODULE="pretix.settings", DATA_DIR=str(run / "data"), LC_ALL="C.UTF-8",
               EINLASS_TRUTH_INSIDE="1", PYTHONHASHSEED="0")
    python = run.parent / f"venv-{rig['pretix']}" / "bin" / "python"
    os.execve(python, [str(python), str(pathlib.Path(script).resolve()), *sys.argv[1:]], env)


class Clock:
    """Stands in for the datetime class where pretix asks what time it is."""

    def __init__(self):
        self.at = datetime.datetime.now(datetime.timezone.utc)
        clock = self

        class Frozen(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                return clock.at.astimezone(tz) if tz else clock.at.replace(tzinfo=None)

        self.frozen = Frozen

    def set(self, t):
        self.at = t

    def install(self):
        import dateutil.parser._parser as parser
        import django.utils.timezone as zone
        zone.datetime = self.frozen
        names = {k: v for k, v in vars(datetime).items() if not k.startswith("__")}
        parser.datetime = types.SimpleNamespace(**{**names, "datetime": self.frozen})


def seed_secrets(seed):
    """Lets secrets come from the seed, so that a seed gives the same scenarios again."""
    import django.utils.crypto as crypto
    seeds = random.Random(seed)
    crypto.secrets = types.SimpleNamespace(choice=seeds.choice, compare_digest=crypto.secrets.compare_digest)
