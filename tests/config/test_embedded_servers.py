"""PostgreSQL and Valkey come and go with those who use them, whatever happens to either."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import psycopg2
import pytest

from config.embedded import paths
from tests.config import commands

ASK = """
import os, socket, psycopg2
from config import embedded
with embedded.servers():
    link = psycopg2.connect(os.environ["DATABASE_URL"])
    cursor = link.cursor()
    cursor.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
    cursor.execute("INSERT INTO kept VALUES ('回声')")
    link.commit()
    cursor.execute("SELECT count(*), current_user, bool_or(rolsuper) FROM kept JOIN pg_roles ON rolname = current_user")
    print(*cursor.fetchone())
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute("SELECT array_length(show_trgm('中文客户'), 1) > 0, current_setting('listen_addresses') = ''")
    print(*cursor.fetchone())
    with socket.socket(socket.AF_UNIX) as valkey:
        valkey.connect(os.environ["REDIS_URL"].removeprefix("unix://").split("?")[0])
        valkey.sendall(b"PING\\r\\n")
        print(valkey.recv(99) == b"+PONG\\r\\n")
"""


@pytest.fixture(scope="module")
def first_use(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A directory in which they were created by one command, with one row, and what that command said."""
    data = tmp_path_factory.mktemp("first")
    return data, commands.python(ASK, data)


@pytest.fixture
def data(first_use, tmp_path) -> Path:
    """The same directory again, of its own: creating a cluster is proven once and costs a second each time."""
    return copied(first_use[0], tmp_path / "data")


def copied(data: Path, to: Path) -> Path:
    subprocess.run(["cp", "-a", data, to], check=True)
    return to


def test_a_command_starts_them_and_leaves_data_but_no_process_and_no_socket(first_use):
    data, done = first_use
    assert done.stdout.split() == ["1", "huisheng", "False", "True", "True", "True"], done.stderr
    assert commands.processes_of(data) == []
    assert [path for path in data.rglob("*") if path.is_socket()] == []


def test_several_users_share_them_and_the_last_one_ends_them(data):
    first, second = commands.holder(data), commands.holder(data)
    assert commands.addresses(first) == commands.addresses(second)
    assert commands.end(first) == 0
    assert commands.python(ASK, data).returncode == 0
    assert commands.processes_of(data)
    assert commands.end(second) == 0
    assert commands.processes_of(data) == []


def test_two_directories_do_not_meet(first_use, tmp_path):
    copied(first_use[0], tmp_path / "one")
    copied(first_use[0], tmp_path / "other")
    one, other = commands.holder(tmp_path / "one"), commands.holder(tmp_path / "other")
    assert not set(commands.addresses(one)) & set(commands.addresses(other))
    assert commands.python(ASK, tmp_path / "one").stdout.startswith("2 ")
    assert commands.end(one) == 0
    assert commands.python(ASK, tmp_path / "other").stdout.startswith("2 ")
    assert commands.end(other) == 0


def test_they_end_by_themselves_when_their_user_was_killed(data):
    user = commands.holder(data)
    assert commands.addresses(user)
    commands.kill([user.pid])
    user.wait()
    assert commands.soon(lambda: not commands.processes_of(data))


def test_everything_killed_at_once_is_recovered_with_its_data(data):
    user = commands.holder(data)
    assert commands.addresses(user)
    commands.kill(commands.processes_of(data))
    user.wait()
    done = commands.python(ASK, data)
    assert done.stdout.startswith("2 "), done.stderr


def test_a_server_that_was_killed_is_started_again_at_the_same_address(data):
    user = commands.holder(data)
    address = commands.addresses(user)[0]
    server = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    commands.kill([server])

    def answers() -> bool:
        try:
            psycopg2.connect(address).close()
        except psycopg2.OperationalError:
            return False
        note = data / "postgres" / "postmaster.pid"
        return note.exists() and int(note.read_text().split()[0]) != server

    assert commands.soon(answers)
    assert commands.end(user) == 0


def test_a_stale_process_number_that_somebody_else_has_now_is_no_obstacle(data):
    stale = data / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{data}/postgres\n")
    assert commands.python(ASK, data).stdout.startswith("2 ")


@pytest.mark.parametrize("name", ["x" * 120, "数据 目录?#%41"])
def test_long_and_odd_directories_work_through_a_short_private_one(first_use, tmp_path, name):
    copied(first_use[0], tmp_path / name)
    user = commands.holder(tmp_path / name)
    database = commands.addresses(user)[0]
    sockets = Path(json.loads((tmp_path / name / "run" / "valkey.json").read_text())["url"][7:].split("?")[0]).parent
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert "%2Ftmp%2Fhuisheng-" in database
    assert commands.end(user) == 0
    assert not sockets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who must not run PostgreSQL")
def test_started_by_root_below_a_closed_directory_the_server_is_not_root(first_use, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    copied(first_use[0], closed / "data")
    user = commands.holder(closed / "data")
    assert commands.addresses(user)
    cluster = closed / "data" / "postgres"
    server = int((cluster / "postmaster.pid").read_text().split()[0])
    assert Path(f"/proc/{server}").stat().st_uid == cluster.stat().st_uid != 0
    assert not paths.reachable_by(cluster, paths.account_for(cluster))
    assert commands.end(user) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_an_ordinary_user_without_a_home_runs_them(tmp_path_factory):
    nobody = paths.account_for(Path("/nonexistent"))
    assert nobody
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates = [Path(sys.executable).resolve(), Path("/usr/bin") / version]
    reachable = [path for path in candidates if path.exists() and paths.reachable_by(path, nobody)]
    if not reachable or not paths.reachable_by(Path(sysconfig.get_paths()["purelib"]), nobody):
        pytest.skip("no Python and installed packages that another user may reach")
    data = Path("/tmp") / f"huisheng-nobody-{os.getpid()}"
    data.mkdir(mode=0o700)
    os.chown(data, nobody.uid, nobody.gid)
    around = {
        "HUISHENG_DATA": str(data),
        "HOME": "/nonexistent",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    around["PYTHONPATH"] = f"{commands.ROOT}:{sysconfig.get_paths()['purelib']}"
    try:
        done = subprocess.run(
            [reachable[0], "-c", ASK],
            env=around, cwd=commands.ROOT, user=nobody.uid, group=nobody.gid, extra_groups=[],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.stdout.split() == ["1", "huisheng", "False", "True", "True", "True"], done.stderr
        assert commands.processes_of(data) == []
    finally:
        shutil.rmtree(data)


def test_a_directory_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("not a directory")
    done = commands.manage(tmp_path / "file" / "data", "check")
    assert done.returncode == 1
    assert "HUISHENG_DATA" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_full_disk_is_told_in_one_line(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", small], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk here: {mounted.stderr.strip()}")
    try:
        done = commands.manage(small / "data", "check")
    finally:
        subprocess.run(["umount", "-l", small], check=True)
    assert done.returncode == 1
    assert "磁盘已满" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
