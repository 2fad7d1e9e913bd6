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
LOOP = ["manage.py", "sweep_deadlines", "--loop", "--verbosity", "2"], "swept"
WORKER = ["-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "INFO"], "succeeded"
BEAT = ["-m", "celery", "-A", "config", "beat", "--loglevel", "INFO"], "Sending due task"
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
        (self.command, self.sign), self.name, self.environment = kind, name, environment
        self.log, self.folder = folder / f"{name}.log", folder
        if "beat" in self.command:
            self.command = [*self.command, "--schedule", str(folder / name), "--pidfile", ""]
        if "worker" in self.command:
            self.command = [*self.command, "--hostname", f"{name}@faults"]
        self.start()

    def start(self):
        self.began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    def works(self):
        """Whether it has done something since it was started; fails when it ended or says nothing for too long."""
        said = self.log.read_text(errors="replace")
        assert self.process.poll() is None, f"{self.name} ended by itself:\n{said[-3000:]}"
        assert time.monotonic() - self.began < PATIENCE or self.sign in said, (
            f"{self.name} did nothing:\n{said[-3000:]}"
        )
        return self.sign in said

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
