"""Processes that sweep, and their deaths. A process is only killed after a sign that it had worked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[2]
# A command, what it says once it works, and the seconds after which it has done something.
LOOP = ["manage.py", "sweep_deadlines", "--loop", "--verbosity", "2"], "swept", 0
WORKER = ["-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "INFO"], "succeeded", 0
BEAT = ["-m", "celery", "-A", "config", "beat", "--loglevel", "INFO"], "beat: Starting", 8
MOST_ENDS = 10
PATIENCE = 600  # seconds until a process must have shown that it works


def surroundings():
    """What a process needs to work on the tests' own database."""
    database = connection.settings_dict
    user, password, host = (quote(str(database[name] or ""), safe="") for name in ("USER", "PASSWORD", "HOST"))
    port = f":{database['PORT']}" if database["PORT"] else ""
    url = f"postgresql://{user}{f':{password}' if password else ''}@{host}{port}/{database['NAME']}"
    given = {"DATABASE_URL": url, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "INFO"}
    return os.environ | given | {"ALLOWED_HOSTS": "localhost", "PYTHONUNBUFFERED": "1"}


class Process:
    """One sweeping process, started again under the same name after each death."""

    def __init__(self, name, kind, folder, environment):
        (self.command, self.sign, self.grace), self.name, self.environment = kind, name, environment
        self.log, self.folder, self.ended, self.deaths = folder / f"{name}.log", folder, 0, 0
        if "beat" in self.command:
            self.command = [*self.command, "--schedule", str(folder / name), "--pidfile", ""]
        if "worker" in self.command:
            self.command = [*self.command, "--hostname", f"{name}@faults"]
        self.start()

    def start(self):
        self.began, self.seen = time.monotonic(), None
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def works(self):
        """Whether it has done something since it was started; fails when it says nothing for too long.

        One that finds the database away while it starts ends with a sentence; a supervisor starts it again, as here.
        """
        said = self.log.read_text(errors="replace")
        if self.process.poll() is not None:
            self.ended += 1
            assert self.ended < MOST_ENDS, f"{self.name} ends again and again:\n{said[-3000:]}"
            self.start()
            return False
        assert time.monotonic() - self.began < PATIENCE or self.sign in said, (
            f"{self.name} did nothing:\n{said[-3000:]}"
        )
        if self.sign in said and self.seen is None:
            self.seen = time.monotonic()
        return self.seen is not None and time.monotonic() >= self.seen + self.grace

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def forget_everything():
    """Empties the broker's database, as its loss would."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    client.close()


def crash_database(*, whole):
    """Kill -9 the server itself, which its keeper starts again, or one of its backends, after which it recovers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    parent = int(Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()[1])
    os.kill(parent if whole else backend, signal.SIGKILL)
    connection.close()
