"""What the two servers have in common: directories, the account, start with retries, stop for certain."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from . import paths, processes
from .errors import Refused

PATIENCE = 60.0  # seconds for a server that is alive to become ready (crash recovery takes its time)
ATTEMPTS = 6  # starts, when it ends while starting: what a kill -9 left behind may take seconds to go
LOG_LIMIT = 10 * 1024 * 1024


class Server:
    """One server process of one data directory. Only its keeper uses this."""

    kind: str
    names: tuple[str, ...]
    polite: signal.Signals
    firm: signal.Signals

    def __init__(self, data: Path, *, durable: bool) -> None:
        self.data, self.durable = data, durable
        self.directory = data / self.kind
        self.log = data / "logs" / f"{self.kind}.log"
        self.account = paths.account_for(self.directory)
        self.sockets = paths.socket_dir(data, self.kind, self.account)
        self.process: subprocess.Popen[bytes] | None = None
        self._handles: dict[Path, int] = {}

    def command(self) -> list[str]:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def url(self) -> str:
        raise NotImplementedError

    def why_not(self) -> Refused:
        raise NotImplementedError

    def before_retry(self) -> None:
        """What to put right after an attempt that failed."""

    # --- directories that the server's account could not walk to -----------------------------------
    def handle(self, directory: Path) -> int:
        """An open descriptor of the directory, kept for the server's life."""
        if directory not in self._handles:
            self._handles[directory] = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        return self._handles[directory]

    def seen(self, directory: Path) -> str:
        """The directory's name for the server: by descriptor when it runs as another account, whatever lies above."""
        return f"/proc/self/fd/{self.handle(directory)}" if self.account else str(directory)

    def forget_directory(self) -> None:
        """Closes descriptors of directories that were moved."""
        for path in [path for path in self._handles if path != self.sockets]:
            os.close(self._handles.pop(path))

    def child(self) -> dict[str, Any]:
        """How a server program is started: account, surroundings, and death with its keeper."""
        surroundings = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/", "TZ": "UTC"}
        options: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "env": surroundings,
            "cwd": "/",
            "umask": 0o077,
            "preexec_fn": processes.end_with_parent(self.polite),
            "pass_fds": tuple(self._handles.values()) if self.account else (),
        }
        if self.account:
            options |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return options

    # --- life --------------------------------------------------------------------------------------
    def start(self) -> str:
        """Starts it and returns its URL. Raises `Refused` when it does not come up."""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(0.5 * attempt)
                self.before_retry()
            if self.directory.exists():
                processes.end_leftovers(self.directory, self.names, self.polite)
            else:
                paths.own_directory(self.directory, self.account)
            if self._come_up():
                return self.url()
        raise self.why_not()

    def _come_up(self) -> bool:
        command = self.command()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **self.child())
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            if self.ready():
                return True
            if time.monotonic() > until:
                self.stop()
                break
            time.sleep(0.05)
        return False

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        """Ends it: politely, then firmly, then for certain."""
        if self.process is None:
            return
        for number, patience in ((self.polite, 30), (self.firm, 5), (signal.SIGKILL, 10)):
            if self.process.poll() is not None:
                break
            self.process.send_signal(number)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        processes.end_leftovers(self.directory, self.names, self.polite, patience=2)


def log_tail(log: Path, size: int = 4000) -> str:
    """The end of a server's log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - size))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
