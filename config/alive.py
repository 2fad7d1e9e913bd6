"""`python -m config.alive [PATH]`: status 0 when the web of this machine answers 200, for health checks.

Asks as the proxy would, because a production web answers only to its own hosts and over HTTPS.
"""

import os
import sys
from http.client import HTTPConnection


def status(path: str, host: str, port: int) -> int:
    link = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        return link.getresponse().status
    finally:
        link.close()


def main(arguments: list[str]) -> int:
    path = arguments[0] if arguments else "/healthz"
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "localhost"
    try:
        answer = status(path, host, int(os.environ.get("PORT") or 8000))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 1
    if answer != 200:
        sys.stderr.write(f"{path}: {answer}\n")
    return 0 if answer == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
