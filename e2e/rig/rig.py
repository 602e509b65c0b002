#!/usr/bin/env python3
"""Live pretix for development: install from PyPI, migrate, seed, snapshot, serve.

Standard library only.  Everything is configured through PRETIX_RIG_* variables
or the matching command line option (README.md has the table).

  rig.py up      start (idempotent: prints the same JSON when already running)
  rig.py down    stop by recorded pid
  rig.py json    print the JSON of a running instance
  rig.py clean   remove snapshots (keeps the virtual environment)
"""
import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
PINNED = "2026.8.0"


def env(name, default=None):
    return os.environ.get("PRETIX_RIG_" + name, default)


def log(*a):
    print("[rig]", *a, file=sys.stderr, flush=True)


def cache_dir():
    d = env("CACHE")
    if not d:
        d = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.join(pathlib.Path.home(), ".cache"), "pretix-rig")
    p = pathlib.Path(d).resolve()
    p.mkdir(parents=True, exist_ok=True)
    return p


# ---------------------------------------------------------------- processes

def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a zombie is not alive
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return True


def is_ours(pid, needle):
    """Only ever signal a pid whose command line still is the one we started."""
    try:
        cmd = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return False
    return needle in cmd


def stop_pid(pid, needle, sig, timeout=20):
    if not pid or not alive(pid) or not is_ours(pid, needle):
        return
    os.kill(pid, sig)
    end = time.time() + timeout
    while alive(pid) and time.time() < end:
        time.sleep(0.05)
    if alive(pid):
        os.kill(pid, signal.SIGKILL)


def read_pid(path):
    try:
        return int(pathlib.Path(path).read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def run(cmd, **kw):
    r = subprocess.run([str(c) for c in cmd], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kw)
    if r.returncode != 0:
        sys.stderr.write(r.stdout[-6000:] + "\n")
        raise SystemExit(f"[rig] failed ({r.returncode}): {' '.join(map(str, cmd))}")
    return r.stdout


@contextlib.contextmanager
def lock(path):
    with open(path, "w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------- install

def find_python():
    for c in [env("PYTHON"), "python3.11", "python3.12", "python3.13", "python3", sys.executable]:
        if not c or not shutil.which(c):
            continue
        r = subprocess.run([c, "-c", "import sys;print(int(sys.version_info>=(3,11)))"], capture_output=True, text=True)
        if r.returncode == 0 and r.stdout.strip() == "1":
            return c
    raise SystemExit("[rig] need Python >= 3.11 (set PRETIX_RIG_PYTHON)")


def install(cache, version):
    venv = cache / f"venv-{version}"
    stamp = venv / ".complete"
    with lock(cache / "install.lock"):
        if not stamp.exists():
            t = time.time()
            py = find_python()
            log(f"installing pretix=={version} into {venv}")
            run([py, "-m", "venv", venv])
            run([venv / "bin/pip", "install", "-q", "--disable-pip-version-check", f"pretix=={version}", "gunicorn"])
            stamp.write_text(f"{time.time() - t:.1f}\n")
            log(f"installed in {time.time() - t:.1f} s")
    return venv


# ---------------------------------------------------------------- postgres

def pg_bindir():
    cands = [env("PGBIN")]
    if shutil.which("postgres") and shutil.which("initdb"):
        cands.append(str(pathlib.Path(shutil.which("postgres")).resolve().parent))
    if shutil.which("pg_config"):
        r = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        cands.append(r.stdout.strip())
    if shutil.which("dpkg-query"):
        r = subprocess.run("dpkg-query -L $(dpkg-query -W -f '${Package}\\n' 'postgresql-[0-9]*') | grep '/bin/initdb$'",
                           shell=True, capture_output=True, text=True)
        cands += [str(pathlib.Path(x).parent) for x in sorted(r.stdout.split(), reverse=True)]
    for c in cands:
        if c and os.access(os.path.join(c, "initdb"), os.X_OK):
            return pathlib.Path(c)
    return None


class Postgres:
    """A private cluster on a unix socket; run as a system user when we are root."""

    def __init__(self, bindir, home, fsync):
        self.bin, self.home, self.fsync = bindir, pathlib.Path(home), fsync
        self.data = self.home / "pgdata"
        self.user = None
        if os.geteuid() == 0:
            for u in [env("PGUSER"), "postgres", "nobody"]:
                with contextlib.suppress(KeyError, TypeError):
                    self.user = pwd.getpwnam(u)
                    break

    def kw(self):
        e = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        e["LC_ALL"] = "C.UTF-8"
        d = dict(env=e, cwd=str(self.home))
        if self.user:
            d.update(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        return d

    def own(self):
        self.home.mkdir(parents=True, exist_ok=True)
        if self.user:
            run(["chown", "-R", f"{self.user.pw_uid}:{self.user.pw_gid}", self.home])
        os.chmod(self.home, 0o711)

    def init(self):
        self.own()
        run([self.bin / "initdb", "-D", self.data, "-U", "pretix", "-A", "trust", "-E", "UTF8", "--no-sync"], **self.kw())

    def start(self):
        self.own()
        os.chmod(self.data, 0o700)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        opts = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.home}", "-c", "shared_buffers=128MB",
                "-c", "max_connections=60", "-c", "jit=off", "-c", "autovacuum_naptime=10s"]
        if not self.fsync:
            opts += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        logf = open(self.home / "postgres.log", "ab")
        p = subprocess.Popen([str(self.bin / "postgres"), "-D", str(self.data), *opts], stdout=logf, stderr=logf,
                             stdin=subprocess.DEVNULL, start_new_session=True, **self.kw())
        end = time.time() + 30
        while time.time() < end:
            r = subprocess.run([str(self.bin / "pg_isready"), "-q", "-h", str(self.home), "-U", "pretix"], **self.kw())
            if r.returncode == 0:
                return p.pid
            if p.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit("[rig] postgres did not start: " + (self.home / "postgres.log").read_text()[-2000:])

    def sql(self, sql, db="postgres"):
        return run([self.bin / "psql", "-X", "-q", "-t", "-A", "-h", self.home, "-U", "pretix", "-d", db, "-c", sql], **self.kw())

    def stop(self):
        pid = read_pid(self.data / "postmaster.pid")
        stop_pid(pid, str(self.data), signal.SIGINT)


# ---------------------------------------------------------------- instance

class Rig:
    def __init__(self, a):
        self.a = a
        self.cache = cache_dir()
        self.version = a.version
        self.port = a.port
        self.run = pathlib.Path(env("RUN") or self.cache / f"run-{a.port}")
        self.db = a.db
        self.pgbin = pg_bindir() if a.db in ("auto", "postgres") else None
        if self.db == "auto":
            self.db = "postgres" if self.pgbin else "sqlite"
        if self.db == "postgres" and not self.pgbin:
            raise SystemExit("[rig] no PostgreSQL server binaries found (set PRETIX_RIG_PGBIN, or --db sqlite)")
        # unix socket paths are short-lived and short: keep clusters below the temp dir
        self.pghome = pathlib.Path(env("PGHOME") or os.path.join(tempfile.gettempdir(), f"pretix-rig-{os.getuid()}-{a.port}"))
        seed = (HERE / "seed.py").read_bytes()
        key = hashlib.sha256(b"|".join([seed, self.version.encode(), self.db.encode(), str(a.orders).encode()])).hexdigest()[:12]
        self.base = self.cache / f"base-{self.version}-{self.db}"
        self.snap = self.cache / f"snap-{self.version}-{self.db}-{a.orders}-{key}"
        self.info = self.run / "rig.json"

    # -- configuration
    def config(self):
        data = self.run / "data"
        data.mkdir(parents=True, exist_ok=True)
        if self.db == "postgres":
            dbc = f"backend=postgresql\nname=pretix\nuser=pretix\nhost={self.pghome}\n"
        else:
            dbc = f"backend=sqlite3\nname={data / 'db.sqlite3'}\n"
        cfg = (
            f"[pretix]\ninstance_name=pretix rig\nurl={self.url()}\ncurrency=EUR\ndatadir={data}\n"
            "registration=off\nallow_http_to_private_networks=on\n"
            "[locale]\ndefault=de\ntimezone=Europe/Berlin\n"
            "[django]\nsecret=rig-only-not-a-secret-rig-only-not-a-secret-0123456789\n"
            "[mail]\nfrom=rig@example.invalid\nhost=127.0.0.1\nport=1\n"
            f"[database]\n{dbc}"
        )
        self.run.mkdir(parents=True, exist_ok=True)
        (self.run / "pretix.cfg").write_text(cfg)

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def pyenv(self, **extra):
        e = {k: v for k, v in os.environ.items() if not k.startswith(("PRETIX_", "DJANGO_", "PG"))}
        e.update(PRETIX_CONFIG_FILE=str(self.run / "pretix.cfg"), DJANGO_SETTINGS_MODULE="pretix.settings",
                 DATA_DIR=str(self.run / "data"), LC_ALL="C.UTF-8", **extra)
        return e

    def pg(self):
        return Postgres(self.pgbin, self.pghome, self.a.fsync)

    # -- database snapshots: plain copies of the (stopped) cluster or of the SQLite file
    def wipe(self):
        shutil.rmtree(self.run / "data", ignore_errors=True)
        shutil.rmtree(self.pghome, ignore_errors=True)

    def save(self, where):
        tmp = where.with_suffix(".tmp")
        shutil.rmtree(tmp, ignore_errors=True)
        tmp.mkdir(parents=True)
        if self.db == "postgres":
            run(["cp", "-a", "--reflink=auto", self.pghome / "pgdata", tmp / "pgdata"])
        run(["cp", "-a", "--reflink=auto", self.run / "data", tmp / "data"])
        shutil.rmtree(where, ignore_errors=True)
        tmp.rename(where)

    def restore(self, where):
        self.wipe()
        self.run.mkdir(parents=True, exist_ok=True)
        run(["cp", "-a", "--reflink=auto", where / "data", self.run / "data"])
        if self.db == "postgres":
            self.pghome.mkdir(parents=True, exist_ok=True)
            run(["cp", "-a", "--reflink=auto", where / "pgdata", self.pghome / "pgdata"])
        self.config()

    def start_db(self):
        if self.db == "postgres":
            return self.pg().start()

    def stop_db(self):
        if self.db == "postgres":
            self.pg().stop()

    def build(self, venv):
        py = venv / "bin/python"
        with lock(self.cache / "build.lock"):
            if not (self.base / "data").exists():
                t = time.time()
                log("creating database and running migrations")
                self.wipe()
                self.config()
                if self.db == "postgres":
                    self.pg().init()
                self.start_db()
                try:
                    if self.db == "postgres":
                        self.pg().sql("create database pretix")
                    run([py, "-m", "pretix", "migrate", "--noinput"], env=self.pyenv(), cwd=self.run)
                finally:
                    self.stop_db()
                self.save(self.base)
                log(f"migrated in {time.time() - t:.1f} s")
            if not (self.snap / "data").exists():
                t = time.time()
                log(f"seeding ({self.a.orders} orders in the plain event)")
                self.restore(self.base)
                self.start_db()
                try:
                    run([py, HERE / "seed.py", "--orders", self.a.orders, "--out", self.run / "data" / "seed.json"],
                              env=self.pyenv(), cwd=self.run)
                    if self.db == "postgres":
                        self.pg().sql("vacuum analyze", "pretix")
                finally:
                    self.stop_db()
                self.save(self.snap)
                for old in self.cache.glob(self.snap.name.rsplit("-", 1)[0] + "-*"):
                    if old != self.snap:  # an older seed.py made it
                        shutil.rmtree(old, ignore_errors=True)
                log(f"seeded in {time.time() - t:.1f} s")

    def running(self):
        try:
            info = json.loads(self.info.read_text())
        except (OSError, ValueError):
            return None
        pid = info.get("pids", {}).get("web")
        if pid and alive(pid) and is_ours(pid, f"127.0.0.1:{self.port}") and self.ready(1):
            return info
        return None

    def ready(self, timeout):
        end = time.time() + timeout
        while time.time() < end:
            try:
                with urllib.request.urlopen(self.url() + "/api/v1/idempotency_query", timeout=5) as r:
                    return True
            except urllib.error.HTTPError:
                return True  # 404 "No idempotency key given." proves database + app answer
            except OSError:
                time.sleep(0.1)
        return False

    def up(self):
        info = self.running()
        if info and not self.a.fresh:
            print(json.dumps(info, indent=1, ensure_ascii=False))
            return
        t0 = time.time()
        self.down(quiet=True)
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", self.port))
            except OSError:
                raise SystemExit(f"[rig] port {self.port} is taken")
        venv = install(self.cache, self.version)
        self.build(venv)
        if self.a.keep and (self.run / "data").exists() and (self.db == "sqlite" or (self.pghome / "pgdata").exists()):
            self.config()
        else:
            self.restore(self.snap)
        dbpid = self.start_db()
        py = venv / "bin/python"
        # the seed is relative to its own clock: move the dates to this start
        rt = subprocess.Popen([str(py), str(HERE / "seed.py"), "--retime", "--out", str(self.run / "data/seed.json")],
                              env=self.pyenv(), cwd=self.run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        logf = open(self.run / "web.log", "ab")
        cmd = [str(py), "-m", "gunicorn", "pretix.wsgi", "-b", f"127.0.0.1:{self.port}", "-w", str(self.a.workers),
               "--threads", str(self.a.threads), "--timeout", "120", "--preload", "--name", "pretix-rig",
               "--pid", str(self.run / "web.pid")]
        p = subprocess.Popen(cmd, env=self.pyenv(), cwd=self.run, stdout=logf, stderr=logf, stdin=subprocess.DEVNULL,
                             start_new_session=True)
        out, _ = rt.communicate()
        if rt.returncode != 0:
            os.kill(p.pid, signal.SIGTERM)
            self.stop_db()
            raise SystemExit("[rig] retime failed: " + out[-3000:])
        if not self.ready(60):
            raise SystemExit("[rig] not ready: " + (self.run / "web.log").read_text()[-3000:])
        seed = json.loads((self.run / "data/seed.json").read_text())
        self.warm(seed)
        info = {"base_url": self.url(), "api": self.url() + "/api/v1", "pretix": self.version, "database": self.db,
                "workers": self.a.workers, "threads": self.a.threads, "orders": self.a.orders,
                "pids": {"web": p.pid, "db": dbpid}, "run_dir": str(self.run),
                "log": str(self.run / "data/logs/pretix.log"), **seed}
        self.info.write_text(json.dumps(info, indent=1, ensure_ascii=False))
        log(f"ready after {time.time() - t0:.1f} s")
        print(json.dumps(info, indent=1, ensure_ascii=False))

    def warm(self, seed):
        """Every worker imports half of pretix on its first API call: get that over with (nothing is stored)."""
        import concurrent.futures
        head = {"Authorization": "Token " + seed["team_token"], "Content-Type": "application/json"}
        base = f"{self.url()}/api/v1/organizers/{seed['organizer']}"

        def hit(i):
            url, body = f"{base}/events/{seed['event']}/orders/?page_size=1", None
            if i % 2:
                url = base + "/checkinrpc/redeem/"
                body = json.dumps({"secret": seed["fresh_tickets"][0]["secret"], "lists": [seed["checkin_lists"]["series"]], "simulate": True}).encode()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(urllib.request.Request(url, body, head), timeout=60).read()
        n = self.a.workers * self.a.threads
        with concurrent.futures.ThreadPoolExecutor(2 * n) as ex:
            list(ex.map(hit, range(8 * n)))

    def down(self, quiet=False):
        stop_pid(read_pid(self.run / "web.pid"), f"127.0.0.1:{self.port}", signal.SIGTERM)
        with contextlib.suppress(OSError, ValueError):
            stop_pid(json.loads(self.info.read_text())["pids"]["web"], f"127.0.0.1:{self.port}", signal.SIGTERM)
        if (self.pghome / "pgdata").exists() and self.pgbin:
            self.pg().stop()
        self.info.unlink(missing_ok=True)
        if not quiet:
            if not self.a.keep:
                self.wipe()
            log("stopped")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("cmd", choices=["up", "down", "json", "clean"])
    ap.add_argument("--version", default=env("VERSION", PINNED))
    ap.add_argument("--port", type=int, default=int(env("PORT", "8351")))
    ap.add_argument("--db", choices=["auto", "postgres", "sqlite"], default=env("DB", "auto"))
    ap.add_argument("--orders", type=int, default=int(env("ORDERS", "1000")), help="bulk orders in event conf")
    ap.add_argument("--workers", type=int, default=int(env("WORKERS", "2")))
    ap.add_argument("--threads", type=int, default=int(env("THREADS", "1")))
    ap.add_argument("--fsync", action="store_true", default=env("FSYNC", "0") == "1", help="durable PostgreSQL, for timings")
    ap.add_argument("--fresh", action="store_true", help="restart from the snapshot even when running")
    ap.add_argument("--keep", action="store_true", default=env("KEEP", "0") == "1", help="keep the data between down and up")
    a = ap.parse_args()
    if not re.fullmatch(r"[0-9a-z.]+", a.version):
        raise SystemExit("bad version")
    r = Rig(a)
    if a.cmd == "up":
        r.up()
    elif a.cmd == "down":
        r.down()
    elif a.cmd == "json":
        i = r.running()
        if not i:
            raise SystemExit("[rig] not running")
        print(json.dumps(i, indent=1, ensure_ascii=False))
    else:
        for p in list(r.cache.glob("base-*")) + list(r.cache.glob("snap-*")):
            shutil.rmtree(p)


if __name__ == "__main__":
    main()
