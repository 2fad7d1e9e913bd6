"""Child processes that belong together: started, started again when they die, ended for certain."""

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.processes import end_with_parent

LOOKED = "HUISHENG_LOOKED"  # in the surroundings of processes whose settings were looked at once for all of them
LONGEST_PAUSE = 30.0  # seconds between starts of a process that keeps dying
LONG_ENOUGH = 60.0  # seconds alive after which a death counts as the first


@dataclass
class Child:
    """One program, in a process group of its own so that a key press reaches only its supervisor."""

    name: str
    command: list[str]
    notes: Path
    pass_fds: tuple[int, ...] = ()
    once: bool = False  # has done its work when it ends with status 0
    done: bool = field(default=False, init=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    pause: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.pass_fds,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )
        self.started = time.monotonic()
        note = {"pid": self.process.pid, "born": born(self.process.pid)}
        draft = self.notes / f"{self.name}.draft"
        draft.write_text(json.dumps(note))
        draft.replace(self.notes / f"{self.name}.process")  # who reads it never finds half of it

    def look_after(self) -> str | None:
        """Starts it again when it has died and its pause is over; returns what to tell about it."""
        now = time.monotonic()
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return None
            end_group(self.process.pid)
            self.process = None
            if self.once and status == 0:
                self.done = True
                self.finish()
                return None
            lasted = now - self.started
            self.pause = 0.5 if lasted > LONG_ENOUGH or not self.pause else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            return f"{self.name} 已退出(状态 {status}),{self.pause:g} 秒后重启 / ended ({status}); restarts soon"
        if now >= self.due and not self.done:
            self.start()
        return None

    def ask_to_end(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def finish(self) -> None:
        """After it ended, or to end it: nothing of its group remains."""
        if self.process is not None:
            end_group(self.process.pid)
            self.process.wait()
            self.process = None
        (self.notes / f"{self.name}.process").unlink(missing_ok=True)


def born(pid: int) -> str:
    """Marks a process for good: its start in ticks since boot, and which boot; "" where that is not told."""
    try:
        start = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {start}"
    except (OSError, IndexError):
        return ""


def end_group(pid: int) -> None:
    """Ends at once what is left of the process group that `pid` leads or led."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def end_leftovers(notes: Path) -> list[str]:
    """Ends what an earlier supervisor left behind when it was killed; returns the names. Only what is surely ours."""
    found = []
    for note in sorted(notes.glob("*.process")):
        try:
            told = json.loads(note.read_text())
            if told["born"] and born(told["pid"]) == told["born"]:
                end_group(told["pid"])
                found.append(note.stem)
        except (ValueError, KeyError, TypeError):
            pass
        note.unlink(missing_ok=True)
    return found


def end_all(children: list[Child], patience: float) -> None:
    """Asks all to end, waits up to `patience` seconds, then makes sure."""
    for child in children:
        child.ask_to_end()
    until = time.monotonic() + patience
    while not all(child.ended() for child in children) and time.monotonic() < until:
        time.sleep(0.05)
    for child in children:
        child.finish()
