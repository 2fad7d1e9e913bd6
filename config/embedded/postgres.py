"""One PostgreSQL cluster under `HUISHENG_DATA`, on a Unix socket only, peer authentication only."""

import os
import pwd
import shutil
import signal
import subprocess
from urllib.parse import quote

from . import binaries, paths
from .errors import Refused, from_os_error
from .server import Server, log_tail

OWNER, DATABASE = "huisheng", "huisheng"


class Postgres(Server):
    """`start` returns the URL; the application's role owns its database and is no superuser."""

    kind = "postgres"
    names = ("postgres", "initdb")
    polite, firm = signal.SIGINT, signal.SIGQUIT  # fast shutdown, then immediate

    def command(self) -> list[str]:
        """Creates the cluster when there is none; the command that serves it."""
        major = self._major()
        bin_dir = binaries.postgres_bin(major)
        root = bin_dir.parent.parent if bin_dir.parent.name == "pginstall" else bin_dir.parent
        self.bin = binaries.staged(root, bin_dir / "postgres", self.account).parent
        if major is None:
            self._create()
            major = self._major()
        self._write_access_rules()
        (self.directory / "postmaster.pid").unlink(missing_ok=True)  # nobody is left: the keeper's lock is ours
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.seen(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "shared_buffers": "512MB",
            "random_page_cost": "1.1",
            "jit": "off",
            "timezone": "UTC",
            "lc_messages": "C",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",  # a statement holds what customers wrote; so does an error's detail
            "log_error_verbosity": "terse",
            "log_parameter_max_length_on_error": "0",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        elif major and major >= 17:
            settings["summarize_wal"] = "on"  # lets backups be incremental
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.bin / "postgres"), "-D", self.seen(self.directory), *flags]

    def ready(self) -> bool:
        """Whether it takes connections; then also sees to the role and the database."""
        import psycopg2
        from psycopg2 import sql

        try:
            link = psycopg2.connect(host=str(self.sockets), user="postgres", dbname="postgres", connect_timeout=5)
        except psycopg2.OperationalError:
            return False
        try:
            link.autocommit = True
            with link.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB REPLICATION")
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                    cursor.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        finally:
            link.close()
        return True

    def url(self) -> str:
        return f"postgresql://{OWNER}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    def _major(self) -> int | None:
        try:
            return int((self.directory / "PG_VERSION").read_text().strip())
        except (FileNotFoundError, ValueError):
            return None

    def _create(self) -> None:
        """Creates the cluster beside its place and moves it there whole, so that a crash leaves no half of one."""
        draft = self.directory.with_name("postgres.new")
        try:
            shutil.rmtree(draft, ignore_errors=True)
            paths.own_directory(draft, self.account)
            command = [str(self.bin / "initdb"), "-D", self.seen(draft), "-U", "postgres", "-A", "peer"]
            command += ["-E", "UTF8", "--locale=C.UTF-8"] + ([] if self.durable else ["--no-sync"])
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", **self.child())
        except OSError as error:
            raise from_os_error(error, draft) from error
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            if "No space left" in done.stdout + done.stderr:
                raise from_os_error(OSError(28, os.strerror(28)), self.directory)
            told = " ".join((done.stderr or done.stdout).split())[-300:]
            raise Refused(f"无法创建 PostgreSQL 数据目录:{told}", f"initdb could not create a cluster: {told}")
        self.forget_directory()
        if self.directory.exists():
            self.directory.rmdir()
        draft.rename(self.directory)
        self.forget_directory()

    def _write_access_rules(self) -> None:
        """Only the server's account and whoever started it may connect, proven by the kernel (peer)."""
        people = {pwd.getpwuid(os.geteuid()).pw_name, *([self.account.name] if self.account else [])}
        ident = "".join(f"huisheng {name} {role}\n" for name in sorted(people) for role in ("postgres", OWNER))
        hba = "local all all peer map=huisheng\nlocal replication all peer map=huisheng\n"
        for name, text in (("pg_ident.conf", ident), ("pg_hba.conf", hba)):
            self._replace(name, text)

    def _replace(self, name: str, text: str) -> None:
        """Writes a file in the cluster without following a link that the server's account may have put there."""
        place = self.handle(self.directory)
        try:
            os.unlink(name, dir_fd=place)
        except FileNotFoundError:
            pass
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=place)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(text)
            if self.account:
                os.fchown(stream.fileno(), self.account.uid, self.account.gid)

    def why_not(self) -> Refused:
        """The sentence for a server that ended while starting."""
        told = [line for line in log_tail(self.log).splitlines() if "FATAL" in line or "PANIC" in line]
        last = (told or log_tail(self.log).splitlines() or ["?"])[-1]
        if "No space left" in log_tail(self.log):
            return from_os_error(OSError(28, os.strerror(28)), self.directory)
        return Refused(f"PostgreSQL 无法启动:{last}(日志:{self.log})", f"PostgreSQL does not start: {last}")
