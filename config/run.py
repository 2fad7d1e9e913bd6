"""`make run`: everything on one machine, from nothing to a page, and back to nothing.

Servers (embedded unless URLs are given), database, demo company, then web, worker and beat, each started
again when it dies. Ctrl-C, SIGTERM or a closed terminal end all of it.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from config import embedded, messages
from config.embedded import errors, paths
from config.embedded.processes import end_with_parent
from config.supervise import LOOKED, Child, end_all, end_leftovers

BASE_DIR = Path(__file__).resolve().parent.parent
GRACE = 20.0  # seconds for requests and tasks under way when it is ended
TICK = 0.2


class Ended(Exception):
    """Somebody asked for the end."""


def say(text: str) -> None:
    print(text, flush=True)


def listen(host: str, port: int) -> socket.socket:
    """The web's socket, held here so that no request is refused while the web starts again."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(found[0], socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(found[4])
        opened.listen(2048)
        return opened
    except (OSError, OverflowError) as error:
        raise embedded.Refused(
            f"无法使用端口 {host}:{port}({error}),可能已被占用。请换一个:PORT=8001 make run",
            f"Cannot listen on {host}:{port} ({error}); it may be taken. Choose another: PORT=8001 make run",
        ) from error


def port_from_environment() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise embedded.Refused(
            f"PORT 应为 1 到 65535 之间的整数,而不是 {text}。", f"PORT must be 1 to 65535, not {text}."
        )
    return int(text)


def only_here(data: Path) -> object:
    """Holds the data directory against a second `make run`, until the process ends in whatever way."""
    file = (data / "run" / "instance").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        where = file.read().strip()
        raise embedded.Refused(
            f"该数据目录已有一个实例在运行({where})。请先停止它,或另设 HUISHENG_DATA 与 PORT。",
            f"An instance already runs on this data ({where}). Stop it, or give another HUISHENG_DATA and PORT.",
        ) from None
    file.truncate(0)
    file.write(f"{os.environ['PUBLIC_BASE_URL']}")
    file.flush()
    return file


def prepare() -> None:
    """Database, static files and the demo's people, in a process of its own that can be ended at any moment."""
    done = subprocess.Popen(
        [sys.executable, "-m", "config.prepare"],
        cwd=BASE_DIR,
        start_new_session=True,
        preexec_fn=end_with_parent(signal.SIGTERM),
    )
    try:
        if done.wait():
            sys.exit(1)  # it has said why
    except Ended:
        done.terminate()
        done.wait()
        raise


def shows_demo() -> bool:
    return os.environ.get("HUISHENG_DEMO", "").lower() in ("1", "true", "yes", "on")


def programs(data: Path, web: socket.socket) -> list[Child]:
    """Sized for two cores and the demo; `docs/operations.md` tells how to grow."""
    python, notes = sys.executable, data / "run"
    workers, threads = os.environ.get("WEB_WORKERS", "4"), os.environ.get("WEB_THREADS", "2")
    gunicorn = [python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"fd://{web.fileno()}"]
    gunicorn += ["--worker-class", "config.web_worker.Worker", "--workers", workers, "--threads", threads, "--preload"]
    gunicorn += ["--graceful-timeout", "15", "--timeout", "60", "--keep-alive", "5", "--log-level", "warning"]
    gunicorn += ["--max-requests", "5000", "--max-requests-jitter", "500", "--worker-tmp-dir", str(notes)]
    gunicorn += ["--no-control-socket"]  # it would lie in the home directory, one for all instances
    celery = [python, "-m", "celery", "--app", "config", "--quiet"]
    worker = [*celery, "worker", "--concurrency", os.environ.get("TASK_WORKERS", "2"), "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--max-tasks-per-child", "500"]
    beat = [*celery, "beat", "--schedule", str(notes / "beat-schedule"), "--pidfile", "", "--loglevel", "WARNING"]
    children = [
        Child("web", gunicorn, notes, pass_fds=(web.fileno(),)),
        Child("worker", worker, notes),
        Child("beat", beat, notes),
    ]
    if shows_demo():  # written while the pages are up already
        children.append(Child("demo", [python, "-m", "config.prepare", "demo"], notes, once=True))
    return children


def surroundings(data: Path) -> int:
    """Sets what the children read; returns the port."""
    port = port_from_environment()
    os.environ["HUISHENG_DATA"] = str(data)
    os.environ["PORT"] = str(port)
    os.environ.setdefault("HUISHENG_DEMO", "1")
    if shows_demo():
        os.environ.setdefault("HOTLINE", "400-820-0000")  # of the demo company
    os.environ.setdefault("PUBLIC_BASE_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    os.environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser")
    return port


def watch(children: list[Child], leases: list[embedded.Lease], shown: threading.Event) -> None:
    """Until somebody asks for the end. Once the web shows its first page, the others start."""
    while True:
        for child in children if shown.is_set() else children[:1]:
            told = child.look_after()
            if told:
                say(told)
        for lease in leases:
            try:
                lease.renew()
            except embedded.Refused as refused:
                say(str(refused))
        time.sleep(TICK)


def answering(port: int, host: str, shown: threading.Event) -> None:
    """Tells the address once the first page is there; `shown` is set then, or after a minute of waiting."""
    from urllib.error import HTTPError, URLError
    from urllib.request import ProxyHandler, build_opener

    opener = build_opener(ProxyHandler({}))
    here = "127.0.0.1" if host in ("0.0.0.0", "") else f"[{host}]" if ":" in host else host  # noqa: S104
    for _ in range(600):
        try:
            opener.open(f"http://{here}:{port}/healthz", timeout=30).close()
        except HTTPError:
            pass
        except (URLError, OSError):
            time.sleep(0.1)
            continue
        shown.set()
        say(f"\n  回声已就绪 / Huisheng is ready:  {os.environ['PUBLIC_BASE_URL']}")
        if shows_demo():
            say("  演示账户 / Demo accounts:  lin chen gao zhou he xu tang admin   密码 / password:  huisheng-demo")
            say(
                "  首次启动时，演示工单在一分钟左右写好 / On a first start the demo's tickets are there within about a minute"
            )
        say("  按 Ctrl-C 停止 / Ctrl-C stops it\n")
        return
    shown.set()


def run() -> None:
    data = paths.prepare(paths.data_dir())
    port = surroundings(data)
    host = os.environ.get("HOST") or "127.0.0.1"
    children: list[Child] = []
    with ExitStack() as stack:
        stack.enter_context(only_here(data))  # type: ignore[arg-type]
        left = end_leftovers(data / "run")
        if left:
            say(f"已清理上次遗留的进程 / ended what an earlier run left behind: {', '.join(left)}")
        web = stack.enter_context(listen(host, port))
        messages.compile_all()
        leases = stack.enter_context(embedded.lease(data))
        prepare()
        os.environ[LOOKED] = "1"
        children = programs(data, web)
        stack.callback(end_all, children, GRACE)
        shown = threading.Event()
        threading.Thread(target=answering, args=(port, host, shown), daemon=True).start()
        watch(children, leases, shown)


def main() -> None:
    asked = False

    def on_signal(number: int, frame: object) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise Ended

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup is respected
            signal.signal(number, on_signal)
    if os.environ.get("MAKELEVEL") and (ask := end_with_parent(signal.SIGTERM, os.getppid())):
        ask()  # make was killed: so are we
    with errors.said_plainly():
        try:
            run()
        except Ended:
            say("已停止 / stopped")


if __name__ == "__main__":
    main()
