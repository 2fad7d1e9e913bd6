"""The process that owns one embedded server: `python -m config.embedded.keeper KIND DATA`.

Starts it, says so on standard output, restarts it when it dies, and stops it when nobody holds a claim.
"""

import argparse
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from .errors import Refused, from_os_error
from .paths import drop_socket_dir
from .postgres import Postgres
from .server import Server
from .valkey import Valkey

SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "valkey": Valkey}
TICK = 0.15
LONGEST_PAUSE = 10.0  # seconds between restarts of a server that keeps dying


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=SERVERS)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fast", action="store_true", help="no safety against power failure")
    parser.add_argument("--throw-away", action="store_true", help="remove the data at the end")
    given = parser.parse_args()
    asked_to_stop: list[int] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        asked_to_stop.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, on_signal)
    run = given.data / "run"
    # Without a file object around it, only the end of this process lets go of it: who waits for that finds no process.
    fcntl.flock(os.open(run / f"{given.kind}.keeper", os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    note = run / f"{given.kind}.json"
    server = None
    try:
        server = SERVERS[given.kind](given.data, durable=not given.fast)
        url = server.start()
        _write(note, {"url": url, "keeper": os.getpid()})
    except (Refused, OSError) as error:
        if server:
            server.stop()
        refused = error if isinstance(error, Refused) else from_os_error(error, error.filename or given.data)
        chinese, _, english = str(refused).partition(" / ")
        print(json.dumps({"zh": chinese, "en": english}), flush=True)
        return 1
    print(json.dumps({"url": url}), flush=True)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with (run / f"{given.kind}.users").open("a+") as users:
        _keep(server, users.fileno(), asked_to_stop)
        note.unlink(missing_ok=True)
        server.stop()
        drop_socket_dir(given.data, given.kind, server.sockets)
        if given.throw_away:
            shutil.rmtree(given.data / given.kind, ignore_errors=True)
            if not any((given.data / kind).exists() for kind in SERVERS):
                shutil.rmtree(given.data, ignore_errors=True)
    return 0


def _keep(server: Server, users: int, asked_to_stop: list[int]) -> None:
    """Returns when asked to stop or when the last claim is gone; then the claims' lock is wholly ours."""
    pause, started = 0.0, time.monotonic()
    while not asked_to_stop:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(TICK)
        if server.ended():
            pause = 0.0 if time.monotonic() - started > 60 else min(max(0.2, pause * 2), LONGEST_PAUSE)
            print(f"{server.kind} ended; starting it again in {pause} s", file=sys.stderr, flush=True)
            time.sleep(pause)
            started = time.monotonic()
            try:
                server.start()
            except (Refused, OSError) as error:
                print(error, file=sys.stderr, flush=True)


def _write(note: Path, content: dict[str, object]) -> None:
    draft = note.with_suffix(".draft")
    draft.write_text(json.dumps(content))
    draft.replace(note)


if __name__ == "__main__":
    sys.exit(main())
