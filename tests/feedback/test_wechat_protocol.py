"""The protocol of WeChat Official Accounts against the sample that WeChat publishes; no database."""

import pytest

from feedback.wechat import crypto

# The sample that WeChat publishes with its own implementations.
KEY, TOKEN, APP = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "spamtest", "wx2c2769f8efd9abc2"
MOMENT, NONCE, SIGNED = "1409735669", "1320562132", "5d197aaffba7e9b25a30732f161a50dee96bd5fa"
SEALED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9Fr"
    "XpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WG"
    "zjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIB"
    "YYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)


def test_the_published_sample_is_verified_and_opened() -> None:
    crypto.check_signature(SIGNED, TOKEN, MOMENT, NONCE, SEALED)
    fields = crypto.read(crypto.decrypt(SEALED, encoding_key=KEY, app_id=APP))
    assert fields == {
        "ToUserName": "gh_10f6c3c3ac5a", "FromUserName": "oyORnuP8q7ou2gfYjqLzSIWZf0rs", "CreateTime": "1409735668",
        "MsgType": "text", "Content": "abcdteT", "MsgId": "6054768590064713728",
    }  # fmt: skip


def test_what_we_seal_opens_again_and_for_no_other_account() -> None:
    sealed = crypto.encrypt("空调漏水😀".encode(), encoding_key=KEY, app_id=APP)
    assert crypto.decrypt(sealed, encoding_key=KEY, app_id=APP).decode() == "空调漏水😀"
    with pytest.raises(crypto.NotWechat):
        crypto.decrypt(sealed, encoding_key=KEY, app_id="wx_other")


@pytest.mark.parametrize(
    "sealed", ["", "x", "=" * 8, SEALED[:-4], SEALED[4:], "AAAA" * 16, "中文", SEALED.replace("h", "i")]
)
def test_a_broken_envelope_is_refused(sealed: str) -> None:
    with pytest.raises(crypto.NotWechat):
        crypto.decrypt(sealed, encoding_key=KEY, app_id=APP)


@pytest.mark.parametrize(
    "changed",
    [
        ("x", TOKEN, MOMENT, NONCE, SEALED),
        (SIGNED, "other", MOMENT, NONCE, SEALED),
        (SIGNED, TOKEN, "1", NONCE, SEALED),
        ("中文", TOKEN),
    ],
)
def test_a_forged_signature_is_refused(changed: tuple[str, ...]) -> None:
    with pytest.raises(crypto.NotWechat):
        crypto.check_signature(*changed)


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"<xml>", b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
     b"<a>" * 50_000, b"\x00\x01", b'<?xml version="1.0" encoding="bogus"?><xml/>'],
)  # fmt: skip
def test_dangerous_or_broken_xml_is_refused(body: bytes) -> None:
    with pytest.raises(crypto.NotWechat):
        crypto.read(body)


def test_signs_that_no_xml_may_hold_lose_no_message() -> None:
    """WeChat sends what was typed or cut off, and gives up when it hears no."""
    body = "<xml><MsgId>1</MsgId><Content><![CDATA[漏\x08水\x0b\ufffe了\n]]></Content></xml>".encode().replace(
        b"\xe4\xba\x86", b"\xe4\xba"
    )
    assert crypto.read(body) == {"MsgId": "1", "Content": "漏水\ufffd"}


def test_an_answer_cannot_be_broken_out_of() -> None:
    text = "]]><Content>x</Content><![CDATA["
    assert crypto.read(crypto.write({"Content": text, "CreateTime": "12"})) == {"Content": text, "CreateTime": "12"}
