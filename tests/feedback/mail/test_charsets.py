"""What a mail is written in, whatever it says: readable or marked, never an exception (B-4)."""

import base64
from urllib.parse import quote

import pytest

from feedback.mail.message.charsets import decode
from feedback.mail.message.reading import read
from tests.feedback.mail.build import mail

CHINESE = "请问为什么昨天又停水了？"
RARE = "朱镕基、陶喆、㐂"


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "gbk", "gb2312"),
        (RARE, "gb18030", "gb2312"),
        (RARE, "gb18030", '"GBK "'),
        (CHINESE, "gbk", "x-gbk"),
        (CHINESE, "gbk", "cp936"),
        (CHINESE, "gbk", "utf-8"),
        (CHINESE, "gbk", ""),
        (CHINESE, "gbk", "unknown-8bit"),
        (CHINESE, "gbk", "bogus-8"),
        (CHINESE, "gbk", "iso-8859-1"),
        (CHINESE, "gbk", "us-ascii"),
        (CHINESE, "utf-8", "gb2312"),
        (CHINESE, "utf-8", ""),
        (CHINESE, "utf-8", "iso-8859-1"),
        (CHINESE, "utf-8", "us-ascii"),
        (CHINESE, "utf-8-sig", "gbk"),
        ("你好，世界", "hz", "hz-gb-2312"),
        ("你好，世界", "utf-16-le", "utf-16"),
        ("你好，世界", "utf-16", "utf-8"),
        ("你好，世界", "utf-32-le", "utf-32LE"),
        ("你好，世界", "utf-7", "utf-7"),
        ("你好，世界嘅", "big5hkscs", "big5-hkscs"),
        ("你好，世界", "big5", "Big5"),
        ("こんにちは", "iso2022_jp", "iso-2022-jp"),
        ("こんにちは", "cp932", "shift_jis"),
        ("안녕하세요", "cp949", "ks_c_5601-1987"),
        ("Здравствуйте", "koi8-r", "koi8-r"),
        ("Café crème, très bien où déjà vu", "latin-1", "iso-8859-1"),
        ("„Grüße“ – 5 €", "cp1252", "windows-1252"),
    ],
)  # fmt: skip
def test_text_is_read_in_what_it_is_written_in(text: str, codec: str, declared: str) -> None:
    assert decode(text.encode(codec), declared) == (text, False)


def test_the_seven_bit_form_of_gb2312_is_read() -> None:
    shifted = b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "空调漏水".encode("gb2312")) + b"\x0f, 3\n"
    assert decode(shifted, "ISO-2022-CN") == ("空调漏水, 3\n", False)


def test_big5_under_the_name_of_gbk_is_read_and_marked() -> None:
    text = "空調漏水三天了，沒有人來修，請儘快處理。"
    assert decode(text.encode("big5"), "gbk") == (text, True)


def test_what_no_charset_gives_is_replaced_and_marked() -> None:
    text, doubtful = decode("空调漏水".encode() * 5 + b"\xff\xfe" + "三天了".encode(), "utf-8")
    assert doubtful
    assert text.startswith("空调漏水") and text.endswith("三天了")


def test_the_header_wins_over_the_page_and_the_page_over_a_guess() -> None:
    page = '<meta charset="gb2312"><p>请问停水'
    assert "请问停水" in read(mail(page.encode(), head="Content-Type: text/html; charset=utf-8")).text
    assert "请问停水" in read(mail(page.encode("gbk"), head="Content-Type: text/html")).text


def test_no_bytes_whatever_raise() -> None:
    for declared in (
        "utf-8",
        "gb2312",
        "utf-16",
        "utf-7",
        "hz",
        "iso-2022-jp",
        "big5",
        "idna",
        "rot13",
        "base64",
        "x" * 500,
        "\0",
    ):
        for data in (bytes(range(256)), b"\xff" * 1000, b"\x1b$B\xff", b"+AAA\xff"):
            assert isinstance(decode(data, declared)[0], str)


@pytest.mark.parametrize("step", [16, 15, 7])
def test_encoded_words_cut_inside_a_character_are_joined_as_bytes(step: int) -> None:
    data = ("咨询购房政策的社保缴纳相关问题" * 3).encode("gb18030")
    words = [base64.b64encode(data[at : at + step]).decode() for at in range(0, len(data), step)]
    subject = "\n ".join(f"=?gb18030?B?{word}?=" for word in words)
    assert read(f"Subject: {subject}\n\nx".encode()).subject == data.decode("gb18030")


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("=?gbk?B?tPC4tDog18nRr9K9wcY=?=\n =?gbk?Q?=B1=A3=CF=D5=B5=C4=CA=C2=CF=EE?=", "答复: 咨询医疗保险的事项"),
        ("=?utf-8?B?5L2g5aW9?=", "你好"),
        ("=?utf-8?B?5L2g5aW?=", "你\ufffd"),
        ("=?utf-8?b?5L2g?= =?gbk?b?usM=?=", "你好"),
        ("Re: =?utf-8?Q?a_b=5F?= end", "Re: a b_ end"),
        ("=?utf-8*zh?B?5L2g5aW9?=", "你好"),
        ("=?bogus?B?5L2g5aW9?=", "你好"),
        ("=?utf-8?Q?a=0D=0ABcc:_x@y?=", "a Bcc: x@y"),
        ("a =?utf-8?X?zz?= b", "a =?utf-8?X?zz?= b"),
        ("=?utf-8?B?5L2g5aW9", "=?utf-8?B?5L2g5aW9"),
        ("two\n lines", "two lines"),
    ],
)
def test_subjects_are_read_as_they_were_meant(subject: str, shown: str) -> None:
    assert read(f"Subject: {subject}\n\nx".encode()).subject == shown


def test_raw_bytes_in_headers_are_read_in_the_charset_of_the_text_or_as_chinese() -> None:
    for codec in ("gbk", "utf-8"):
        raw = "Subject: 再次投诉噪音吵人\nFrom: 王小明 <w@x.cn>\nContent-Type: text/plain\n\n请处理".encode(codec)
        found = read(raw)
        assert (found.subject, found.sender.name, found.text) == ("再次投诉噪音吵人", "王小明", "请处理")


NAME = "产品破损照片（正面）.png"
PERCENT = (
    "%E4%BA%A7%E5%93%81%E7%A0%B4%E6%8D%9F%E7%85%A7;\n filename*1*=%E7%89%87%EF%BC%88%E6%AD%A3%E9%9D%A2%EF%BC%89.png"
)


@pytest.mark.parametrize(
    "head",
    [
        f"Content-Disposition: attachment;\n filename*0*=utf-8''{PERCENT}".encode(),
        b'Content-Disposition: attachment; filename="' + NAME.encode("gbk") + b'"',
        b'Content-Disposition: attachment; filename="' + quote(NAME).encode() + b'"',
        b'Content-Disposition: attachment; filename="' + NAME.encode() + b'"',
        b"Content-Disposition: attachment; filename=" + NAME.encode("gb18030"),
        f'Content-Type: image/png; name="=?utf-8?B?{base64.b64encode(NAME.encode()).decode()}?="'.encode(),
        f'Content-Disposition: attachment; filename="=?gbk?B?{base64.b64encode(NAME.encode("gbk")).decode()}?="'.encode(),
        b"Content-Disposition: attachment; filename*=gbk''"
        + "".join(f"%{byte:02X}" for byte in NAME.encode("gbk")).encode(),
    ],
)
def test_file_names_are_read_however_they_are_written(head: bytes) -> None:
    raw = b"Content-Type: multipart/mixed; boundary=e\n\n--e\n\nhi\n--e\n" + head + b"\n\npng\n--e--"
    assert [file.name for file in read(raw).files] == [NAME]
