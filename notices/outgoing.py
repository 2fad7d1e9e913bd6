"""The one client for addresses that people typed in: webhooks, push callbacks; mail servers ask it too (`reliability.md` S-5).

Checked when an address is saved and again each time before it is called: http or https, a usual port, no password in
it, a host of which every address is public. The connection goes to the very address that was checked, under the
host's name, so that a name that changes its mind meanwhile leads nowhere. Redirects are not followed, the answer is
not read beyond its status, and ten seconds are the end of it. Hosts inside the own network are named in
`OUTGOING_ALLOWED`.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

PORTS = {80, 443, 8080, 8443}
CONNECT_SECONDS, TOTAL_SECONDS = 5.0, 10.0
LONGEST = 500
_EMBEDDING = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))  # an IPv4 address in the last four bytes
_NOT_PUBLIC = (  # whatever the tables of Python 3.11 say
    ip_network("3fff::/20"),  # for examples, RFC 9637
    ip_network("192.0.0.0/24"),  # of protocols, RFC 6890; in it Oracle's service for what runs on its machines
    ip_network("168.63.129.16/32"),  # Azure's: every machine there reaches it, and gets its secrets from it
)
_PATH_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?[]@!$&'()*+,;=%")


class AddressRefused(Exception):
    """This address is not called; the message says why, for whoever typed it."""


class NoAnswer(Exception):
    """The other side could not be reached, or did not answer in time."""


@dataclass(frozen=True)
class Target:
    """An address taken apart: where to connect, and what to ask for there."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """For the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def check(address: str) -> None:
    """Raises AddressRefused unless this address may be called now. Looks the host up."""
    target = parse(address)
    address_of(target.host, target.port)


def parse(address: str) -> Target:
    """Raises AddressRefused for what is no plain http or https address. Asks nobody."""
    if len(address) > LONGEST or not address.isascii() or any(char <= " " or char in "\\#\x7f" for char in address):
        raise AddressRefused(_("Write the address in plain ASCII, without blanks, backslashes or #."))
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused(_("This is not an address.")) from None
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressRefused(_("Only http and https addresses."))
    if "@" in parts.netloc:
        raise AddressRefused(_("The address may not hold a user or a password."))
    secure = parts.scheme == "https"
    target = Target(
        secure, host, port or (443 if secure else 80), (parts.path or "/") + (f"?{parts.query}" * bool(parts.query))
    )
    if not _PATH_SAFE.issuperset(target.path):
        raise AddressRefused(_("This is not an address."))
    if target.port not in PORTS and not is_named(target.host, target.port):
        raise AddressRefused(_("Only the ports 80, 443, 8080 and 8443."))
    return target


def is_named(host: str, port: int) -> bool:
    """Whether whoever runs the system named it as one of their own."""
    return f"{host}:{port}".lower() in {one.strip().lower() for one in settings.OUTGOING_ALLOWED}


def address_of(host: str, port: int) -> str:
    """The IP address to connect to. Raises AddressRefused when one of the host's addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(_("There is no host “%(host)s”.") % {"host": host}) from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses or not (is_named(host, port) or all(is_public(one) for one in addresses)):
        raise AddressRefused(_("The host “%(host)s” is not on the public internet.") % {"host": host})
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when it is written inside another one."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if not inner and (any(ip in network for network in _EMBEDDING) or int(ip) >> 32 == 0):
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip.is_site_local or (inner and not is_public(str(inner))):
            return False
    if any(ip in network for network in _NOT_PUBLIC):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body; the status of the answer, redirects included. Raises AddressRefused, NoAnswer."""
    return exchange("POST", address, body, headers, most=0)[0]


def exchange(method: str, address: str, body: bytes, headers: Mapping[str, str], *, most: int) -> tuple[int, bytes]:
    """One call; status and up to `most` bytes of the answer. Raises AddressRefused, NoAnswer, also for a longer answer."""
    target = parse(address)
    connection = _connection(target, address_of(target.host, target.port))
    alarm = threading.Timer(TOTAL_SECONDS, _hang_up, [connection])
    alarm.daemon = True
    alarm.start()
    try:
        connection.request(method, target.path, body, {**headers, "Host": target.named, "Connection": "close"})
        answer = connection.getresponse()
        told = answer.read(most + 1) if most else b""
        if len(told) > most:
            raise NoAnswer(f"more than {most} bytes")
        return answer.status, told
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}"[:300]) from None
    finally:
        alarm.cancel()
        connection.close()


class _PinnedHTTPS(http.client.HTTPSConnection):
    """TLS under the name of the host, over a connection to an address that was looked up before."""

    def __init__(self, target: Target, address: str) -> None:
        context = ssl.create_default_context()
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS, context=context)
        self._pinned, self._tls = (address, target.port), context

    def connect(self) -> None:
        """The socket is known before hands are shaken, so that a handshake that drips can be ended too."""
        plain = socket.create_connection(self._pinned, CONNECT_SECONDS)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


def _connection(target: Target, address: str) -> http.client.HTTPConnection:
    if target.secure:
        return _PinnedHTTPS(target, address)
    return http.client.HTTPConnection(address, target.port, timeout=CONNECT_SECONDS)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """End a call that drips."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
