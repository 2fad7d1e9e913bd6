"""Which IMAP servers are connected to, and how: to the very address that was checked (S-5).

A host that somebody typed in must be on the public internet and listen on a usual port; a mail server inside the company
is named by whoever runs the system, in `OUTGOING_ALLOWED`. Checked when a mailbox is saved and before each connection.
"""

import imaplib
import socket
import ssl

from django.utils.translation import gettext as _
from imapclient import IMAPClient

from feedback.models import Mailbox
from notices import outgoing

PORTS = {143, 993}
PATIENCE = 30  # seconds for each answer of the server


def check(host: str, port: int) -> str:
    """The IP address to connect to. Raises `outgoing.AddressRefused`. Looks the host up."""
    if any(char <= " " or char in "/\\@#?%\x7f" for char in host):
        raise outgoing.AddressRefused(_("This is not the name of a host."))
    try:
        if port not in PORTS and not outgoing.is_named(host, port):
            raise outgoing.AddressRefused(_("Only the ports 143 and 993."))
        return outgoing.address_of(host, port)
    except outgoing.AddressRefused as refused:
        place = {"reason": str(refused), "place": f"{host}:{port}"}
        words = _("%(reason)s A mail server inside your own network has to be named in OUTGOING_ALLOWED: %(place)s")
        raise outgoing.AddressRefused(words % place) from None


def connect(mailbox: Mailbox) -> IMAPClient:
    """Connected, not signed in. Raises AddressRefused, and what IMAPClient raises."""
    address = check(mailbox.host, mailbox.port)
    tls = mailbox.security == Mailbox.Security.TLS
    return _Pinned(mailbox.host, mailbox.port, ssl=tls, timeout=PATIENCE, address=address)


class _Pinned(IMAPClient):
    """Under the name of the host, over a connection to an address that was looked up before."""

    def __init__(self, *args: object, address: str, **options: object) -> None:
        self._address = address
        super().__init__(*args, **options)
        self._imap.debug = 0  # IMAPClient has every mail written out for a log, whether one is kept or not

    def _create_IMAP4(self) -> imaplib.IMAP4:  # the one place where IMAPClient connects
        return _Imap4(self.host, self.port, self._address, secure=self.ssl)


class _Imap4(imaplib.IMAP4):
    def __init__(self, host: str, port: int, address: str, *, secure: bool) -> None:
        self._address, self._secure = address, secure
        super().__init__(host, port, timeout=PATIENCE)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout or PATIENCE)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._secure else plain
