"""One process's claim on one server: a shared file lock, which the kernel takes back however the process ends."""

import contextlib
import fcntl
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from .errors import Refused, from_os_error
from .paths import BASE_DIR

PATIENCE = 120.0  # seconds for a server to be had
TICK = 0.05


class Lease:
    """`begin`, `wait` for the URL, `let_go`. The files lie in `HUISHENG_DATA/run`:

    `KIND.mutex` held while a lease begins · `KIND.users` shared by all who use the server, taken whole by its
    keeper when it stops · `KIND.keeper` held by the keeper · `KIND.json` the URL while the server is ready.
    """

    def __init__(self, kind: str, data: Path, *, durable: bool = True, throw_away: bool = False) -> None:
        self.kind, self.data, self.durable, self.throw_away = kind, data, durable, throw_away
        self.run = data / "run"
        self._mutex: IO[str] | None = None
        self._users: IO[str] | None = None
        self._keeper: subprocess.Popen[str] | None = None
        self.address = ""

    def begin(self) -> None:
        """Claims the server and, when nobody keeps it, starts its keeper. `wait` has to follow."""
        self._mutex = self._locked("mutex", fcntl.LOCK_EX)
        if self._users is None:
            self._users = self._locked("users", fcntl.LOCK_SH)
        if self._kept():
            return
        (self.run / f"{self.kind}.json").unlink(missing_ok=True)
        command = [sys.executable, "-m", "config.embedded.keeper", self.kind, str(self.data)]
        command += ([] if self.durable else ["--fast"]) + (["--throw-away"] if self.throw_away else [])
        places = [str(BASE_DIR), *filter(None, [os.environ.get("PYTHONPATH")])]
        surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONSAFEPATH": "1"}
        with (self.data / "logs" / f"{self.kind}-keeper.log").open("ab") as log:
            self._keeper = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=BASE_DIR,
                env=surroundings,
                start_new_session=True,
            )

    def wait(self) -> str:
        """The server's URL, once it is ready. Raises `Refused`."""
        try:
            self.address = self._told_by_keeper() if self._keeper else self._noted()
        finally:
            if self._mutex:
                self._mutex.close()
                self._mutex = None
        return self.address

    def renew(self) -> None:
        """For a long-lived holder: starts a new keeper when the old one was killed. Cheap when it was not."""
        if not self._kept():
            if self._keeper:
                self._keeper.wait()
                self._keeper = None
            self.begin()
            self.wait()

    def let_go(self) -> None:
        """Gives up the claim without waiting for what the keeper does then."""
        if self._users:
            self._users.close()
            self._users = None

    def release(self) -> None:
        """Gives up the claim and, when it was the last, waits until the server has ended."""
        self.let_go()
        if self._mutex:
            self._mutex.close()
            self._mutex = None
        until = time.monotonic() + PATIENCE
        while self.run.exists() and self._keeper_lives() and time.monotonic() < until and not self._others():
            time.sleep(TICK)
        if self._keeper and not self._keeper_lives():
            self._keeper.wait(timeout=10)

    # --- what the files say ------------------------------------------------------------------------
    def _locked(self, name: str, how: int) -> IO[str]:
        path = self.run / f"{self.kind}.{name}"
        try:
            file = path.open("a+")
        except OSError as error:
            raise from_os_error(error, path) from error
        until = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(file, how | fcntl.LOCK_NB)
                return file
            except BlockingIOError:
                if time.monotonic() > until:
                    file.close()
                    raise Refused(
                        f"{self.data} 正被另一个进程占用,等待超时。",
                        f"Another process keeps {self.data} locked; gave up waiting.",
                    ) from None
                time.sleep(TICK)

    def _free(self, name: str, how: int) -> bool:
        try:
            with (self.run / f"{self.kind}.{name}").open("a+") as file:
                fcntl.flock(file, how | fcntl.LOCK_NB)
                return True
        except (BlockingIOError, FileNotFoundError):
            return False

    def _keeper_lives(self) -> bool:
        return (self.run / f"{self.kind}.keeper").exists() and not self._free("keeper", fcntl.LOCK_SH)

    def _kept(self) -> bool:
        return self._keeper_lives() and (self.run / f"{self.kind}.json").exists()

    def _others(self) -> bool:
        """Whether somebody else holds a claim (and not the keeper, ending, the whole)."""
        return not self._free("users", fcntl.LOCK_EX) and self._free("users", fcntl.LOCK_SH)

    def _noted(self) -> str:
        return str(json.loads((self.run / f"{self.kind}.json").read_text())["url"])

    def _told_by_keeper(self) -> str:
        keeper = self._keeper
        assert keeper and keeper.stdout
        line = ""
        if select.select([keeper.stdout], [], [], PATIENCE)[0]:
            line = keeper.stdout.readline()
        keeper.stdout.close()
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            if "url" in told:
                return str(told["url"])
            keeper.wait(timeout=10)
            raise Refused(told["zh"], told["en"])
        log = self.data / "logs" / f"{self.kind}-keeper.log"
        raise Refused(f"{self.kind} 无法启动,详见 {log}。", f"{self.kind} does not start; see {log}.")
