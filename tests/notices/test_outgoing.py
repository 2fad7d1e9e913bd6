"""S-5: what people type in never leads our server into its own network."""

import socket
import threading
import time
from typing import Any

import pytest

from notices import outgoing
from tests.receiver import receiving

INSIDE = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0177.0.0.1/", "http://127.000.000.001/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://0.0.0.0/", "http://[::]/", "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://[fd00:ec2::254]/",
    "http://100.100.100.200/", "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/",
    "http://192.168.1.1/", "http://100.64.0.1/", "http://[fc00::1]/", "http://[fe80::1]/", "http://localhost/",
    "http://localhost./", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::127.0.0.1]/", "http://[fec0::1]/", "http://[3fff::1]/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/", "http://192.0.2.1/", "http://198.18.0.1/",
    "http://192.0.0.192/", "http://168.63.129.16/", "http://[::ffff:168.63.129.16]/", "http://[64:ff9b::a83f:8110]/",
]  # fmt: skip
MALFORMED = [
    "", "x", "//example.com/", "http://", "http:///x", "http://:80/", "http://[::1", "http://a:99999/",
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "dict://127.0.0.1/", "ftp://example.com/",
    "jar:http://example.com!/", "data:text/plain,x", "javascript:alert(1)", "HTTP://good@127.0.0.1/",
    "http://good:secret@example.com/", "http://example.com#@127.0.0.1/", "http://example.com\\@127.0.0.1/",
    "http://127。0。0。1/", "http://exam ple.com/", "http://example.com/\r\nX: y", "http://example.com/\x00",
    "http://example.com:22/", "http://example.com:6379/", "http://example.com:5432/", "http://example.com/中文",
    "http://example.com/" + "a" * 500, "http://example.com/<script>",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE + MALFORMED)
def test_an_address_that_is_not_on_the_public_internet_is_refused(address: str) -> None:
    with pytest.raises(outgoing.AddressRefused) as refused:
        outgoing.check(address)
    assert str(refused.value)


@pytest.mark.parametrize("address", ["http://169.254.169.254/", "http://127.0.0.1/"])
def test_it_is_refused_again_when_it_is_called(address: str) -> None:
    with pytest.raises(outgoing.AddressRefused):
        outgoing.post(address, b"{}", {})


@pytest.mark.parametrize("ip", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_a_public_address_is_public(ip: str) -> None:
    assert outgoing.is_public(ip)


def answers(monkeypatch: Any, *addresses: str) -> list[str]:
    """A name that means other addresses each time it is asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **options: Any) -> list[Any]:
        asked.append(host)
        found = addresses[min(len(asked), len(addresses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found.split()]

    monkeypatch.setattr("notices.outgoing.socket.getaddrinfo", getaddrinfo)
    return asked


def test_a_name_of_which_one_address_is_inside_is_refused(monkeypatch: Any) -> None:
    answers(monkeypatch, "93.184.216.34 10.0.0.1")
    with pytest.raises(outgoing.AddressRefused):
        outgoing.check("https://both.example/")


def test_a_name_that_turns_inwards_after_it_was_saved_is_refused_when_it_is_called(monkeypatch: Any) -> None:
    answers(monkeypatch, "93.184.216.34", "127.0.0.1")
    outgoing.check("https://rebinding.example/")
    with pytest.raises(outgoing.AddressRefused):
        outgoing.post("https://rebinding.example/", b"{}", {})


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: Any) -> None:
    """The name is asked for once: what it means a moment later changes nothing."""
    asked = answers(monkeypatch, "93.184.216.34", "127.0.0.1")
    went: list[Any] = []

    def connect(address: Any, *args: Any, **options: Any) -> Any:
        went.append(address)
        raise OSError("nobody there")

    monkeypatch.setattr("notices.outgoing.socket.create_connection", connect)
    with pytest.raises(outgoing.NoAnswer):
        outgoing.post("https://rebinding.example/", b"{}", {})
    assert (asked, went) == (["rebinding.example"], [("93.184.216.34", 443)])


def test_an_address_of_the_own_network_is_called_when_the_settings_name_it(settings: Any) -> None:
    with receiving() as receiver:
        settings.OUTGOING_ALLOWED = [receiver.place]
        assert outgoing.post(receiver.url, b'{"a": 1}', {"x-test": "1"}) == 200
        (got,) = receiver.got
    assert (got.path, got.body, got.headers["x-test"], got.headers["host"]) == (
        "/hook",
        b'{"a": 1}',
        "1",
        receiver.place,
    )


def test_a_redirect_is_an_answer_and_is_not_followed(settings: Any) -> None:
    with receiving() as receiver, receiving() as secret:
        settings.OUTGOING_ALLOWED = [receiver.place]
        receiver.answers = [(302, {"Location": secret.url})]
        assert outgoing.post(receiver.url, b"{}", {}) == 302
        assert secret.got == []


@pytest.mark.parametrize(("scheme", "begins"), [("http", b""), ("https", b"\x16\x03\x03\x40\x00\x02")])
def test_a_server_that_drips_is_left_after_the_time(
    settings: Any, monkeypatch: Any, scheme: str, begins: bytes
) -> None:
    """Also one that drips while hands are shaken: a hello of 16 kB, byte by byte."""
    monkeypatch.setattr(outgoing, "TOTAL_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _peer = server.accept()
            with line:
                try:
                    line.sendall(begins)
                    for _ in range(200):
                        line.sendall(b"H")
                        time.sleep(0.1)
                except OSError:
                    pass

        threading.Thread(target=drip, daemon=True).start()
        place = f"127.0.0.1:{server.getsockname()[1]}"
        settings.OUTGOING_ALLOWED = [place]
        began = time.monotonic()
        with pytest.raises(outgoing.NoAnswer):
            outgoing.post(f"{scheme}://{place}/", b"{}", {})
    assert time.monotonic() - began < 5
