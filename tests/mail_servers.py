"""Real mail servers for the tests: Dovecot for IMAP, aiosmtpd for SMTP, each on a port of its own."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
PASSWORD = "of-the-tests"

_CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{home}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def account() -> pwd.struct_passwd:
    """Who serves the mail: ourselves, but never root, whom Dovecot refuses."""
    return pwd.getpwnam("dovecot") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


@contextmanager
def folder() -> Iterator[Path]:
    """A home for the server that its account may enter, as pytest's own folders are not."""
    home = Path(tempfile.mkdtemp(prefix="huisheng-imap-"))
    home.chmod(0o755)
    shutil.chown(home, account().pw_uid, account().pw_gid)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def imap(home: Path) -> Iterator[int]:
    """A Dovecot that takes every user with `PASSWORD`; its port. Mail lies in `home/mail/USER` as Maildir."""
    port = free_port()
    config = home / "dovecot.conf"
    who = account()
    values = {
        "home": home,
        "user": who.pw_name,
        "group": grp.getgrgid(who.pw_gid).gr_name,
        "uid": who.pw_uid,
        "gid": who.pw_gid,
    }
    values["login"] = "dovenull" if os.getuid() == 0 else who.pw_name
    config.write_text(_CONFIG.format(**values, password=PASSWORD, port=port))
    command = [str(DOVECOT), "-F", "-c", str(config)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        for _try in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None:
                raise RuntimeError((server.stdout.read() if server.stdout else b"").decode())
            time.sleep(0.1)
        else:
            raise RuntimeError((home / "log").read_text() if (home / "log").exists() else "no answer")
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # asked politely it takes a second, and nothing of it is kept
        server.wait(10)


def deliver(home: Path, user: str, mails: list[bytes]) -> None:
    """Lay mails into a user's folder, as a delivery agent does."""
    new = home / "mail" / user / "new"
    for folder in ("new", "cur", "tmp"):
        (new.parent / folder).mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(mails):
        (new / f"{int(time.time())}.M{time.monotonic_ns()}P{number:06d}.tests").write_bytes(raw)
    for path in [home / "mail", *(home / "mail").rglob("*")]:
        shutil.chown(path, account().pw_uid, account().pw_gid)
