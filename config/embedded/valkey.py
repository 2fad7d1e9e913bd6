"""One Valkey (or Redis) under `HUISHENG_DATA`, on a Unix socket only. It never evicts."""

import signal
import socket
import time

from . import binaries
from .errors import Refused
from .server import Server, log_tail


class Valkey(Server):
    """`start` returns the URL. A file it cannot read is set aside: the broker's content is rebuilt from PostgreSQL."""

    kind = "valkey"
    names = ("valkey-server", "redis-server")
    polite, firm = signal.SIGTERM, signal.SIGKILL

    def command(self) -> list[str]:
        program = binaries.valkey_server()
        root = program.parent if program.parent.name == "bin" else program.parent.parent.parent
        program = binaries.staged(root, program, self.account)
        settings = {
            "port": "0",
            "unixsocket": f"{self.seen(self.sockets)}/valkey.sock",
            "unixsocketperm": "700",
            "dir": self.seen(self.directory),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "logfile": "",
        }
        return [str(program), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(2)
                link.connect(f"{self.sockets}/valkey.sock")
                link.sendall(b"PING\r\n")
                return link.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def url(self) -> str:
        return f"unix://{self.sockets}/valkey.sock?db=0"

    def before_retry(self) -> None:
        told = log_tail(self.log)
        if any(sign in told for sign in ("Bad file format", "Can't handle RDB format", "Unexpected end of file")):
            self.forget_directory()
            self.directory.rename(self.directory.with_name(f"valkey.unreadable.{int(time.time())}"))

    def why_not(self) -> Refused:
        last = (log_tail(self.log).splitlines() or ["?"])[-1]
        return Refused(f"Valkey 无法启动:{last}(日志:{self.log})", f"Valkey does not start: {last}")
