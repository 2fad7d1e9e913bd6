"""What people and machines really send (B-1 B-2 B-3): texts by name, values by field, bodies as bytes."""
# ruff: noqa: E501

FILL = "空调漏水，请尽快处理。"  # makes a text long enough, so that length never hides what is tried

TEXTS = {
    "csi escape": FILL + "\x1b[31mred\x1b[0m",
    "vertical tab and form feed": FILL + "a\x0bb\x0cc",
    "c1 controls": FILL + "a\x85b\x9fc",
    "delete": FILL + "a\x7fb",
    "noncharacters": FILL + "\ufffe\uffff",
    "line and paragraph separators": FILL + "a\u2028b\u2029c",
    "zero width inside": FILL + "紧\u200b急",
    "byte order mark": "\ufeff" + FILL,
    "soft hyphen": FILL + "un\u00adbreak",
    "astral": "😀" * 200,
    "families": "👨\u200d👩\u200d👧\u200d👦" * 29,
    "flags, skins, keycaps": FILL + "🇨🇳👍🏽1️⃣☎︎",
    "rare characters": FILL + "𠮷㐂龘喆𪚥𫝆",
    "traditional": "空調漏水，請盡快處理，謝謝。",
    "full width": "ＡＢＣ１２３　空调　漏水　请处理",
    "half width katakana": FILL + "ｶﾞｷﾞｸﾞ",
    "mixed without blanks": "空调AC坏了model是KFR-35GW请help",
    "mark at the start of a line": FILL + "\n。句号在行首",
    "middle dots": FILL + "欧阳·买买提•阿",
    "composed": FILL + "é",
    "decomposed": FILL + "e\u0301",
    "ligature and signs": FILL + "ﬁ①㎡Å",
    "arabic and hebrew": FILL + "العربية עברית",
    "override": FILL + "a\u202egpj.exe",
    "isolates": FILL + "\u2066\u2067x\u2068",
    "zalgo": FILL + "z" + "\u0300\u0316\u0334" * 333,
    "one long word": "漏" * 4990,
    "many lines": FILL + "\n" * 1000 + "完",
    "tabs": FILL + "\ta\tb",
    "carriage returns": FILL + "a\rb\r\nc\nd",
    "trailing blanks": FILL + "   ",
    "homoglyphs": FILL + "аdmin раypal",
    "null": "null null null", "None": "None None None", "undefined": "undefined undefined", "NaN": "NaN NaN NaN NaN",
    "true": "true true true", "zero": "0000000000", "minus": "-1 -1 -1 -1 -1", "list": "[] [] [] [] []",
    "dollar braces": FILL + "${7*7}", "double braces": FILL + "{{7*7}}", "template tag": FILL + "{% debug %}",
    "percent": FILL + "%s%s%n%(x)s", "sql": FILL + "' OR 1=1--", "shell": FILL + "; ls `id` $(id)",
    "dots": FILL + "../../../etc/passwd", "comment": FILL + "<!--", "cdata": FILL + "]]>", "backslash": FILL + "\\",
    "script": FILL + "<script>alert(1)</script>", "image": FILL + "<img src=x onerror=alert(1)>",
    "svg": FILL + "<svg/onload=alert(1)>", "attribute": FILL + "\" onmouseover=\"alert(1)", "link": FILL + "javascript:alert(1)",
    "entity": FILL + "&#106;avascript:&lt;b&gt;", "mathml": FILL + "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
    "style": FILL + "<style>@import'http://x';</style>", "iframe": FILL + "<iframe srcdoc='<script>alert(1)</script>'>",
    "formula": "=1+1 " + FILL, "dde": "=cmd|' /C calc'!A0 " + FILL, "plus": "+1 " + FILL, "at": "@SUM(A1) " + FILL,
    "log forging": FILL + "\r\n2026-01-01 ERROR admin logged in",
    "header": FILL + "\r\nBcc: x@example.com", "urgent denied": "这个不紧急不紧急，有空再处理就好。",
    "urgent blank": "紧 急 紧 急 紧 急 请处理", "urgent flood": "急" * 4990,
    "regex": FILL + "a" * 4000 + "!", "parentheses": FILL + "(" * 3000, "angles": "<" * 4990, "ampersands": "&" * 4990,
    "mail like": FILL + "a@a." * 900, "blanks": FILL + " " * 4000 + "x",
}  # fmt: skip
EMPTY = {
    "nothing": "", "blanks": "   ", "ideographic": "\u3000" * 12, "zero width space": "\u200b" * 12,
    "zero width joiner": "\u200d" * 12, "mark": "\ufeff" * 12, "word joiner": "\u2060" * 12, "soft hyphen": "\u00ad" * 12,
    "controls": "\x01\x02" * 8, "line ends": "\r\n" * 8, "too short": "坏了", "too long": "长" * 5001,
}  # fmt: skip
NEVER_STORED = {"nul": FILL + "\x00", "high surrogate": FILL + "\ud800", "low surrogate": FILL + "\udfff x"}

NUMBERS = [
    0, -0.0, -1, 5.5, 6, "5.5", 1e3, 2**31, 2**63, 10**400, True, False, [], {}, [5], {"a": 1}, "", "x", "1,000", "٣x",
    "５x", "NaN", "Infinity", "1e400", "null", "9" * 5000,
]  # fmt: skip
MOMENTS = [
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00", "2026-02-29", "2026-02-29T10:00:00+08:00",
    "2026-01-01T24:00:01+08:00", "2026-01-01T10:60:00+08:00", "1900-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "1989-12-31T23:59:59Z",
    "2026/1/2", "2569-01-01T00:00:00Z", "0115-01-01T00:00:00Z", 0, -1, 1764150000, "yesterday", "昨天", [], {}, True,
    "2026-01-01T10:00:00+99:00", "2026-13-01T10:00:00Z",
]  # fmt: skip
PHONES = [
    "123", "12345678901234567890", "abcdefg", "1380000000a", "１３８", "++86138", "00000000", "138 0000 000", "<b>13800001234</b>",
    "13800001234;drop", [], {}, True,
]  # fmt: skip
GOOD_PHONES = {
    "+86 138-0000-1234": "13800001234", "0086 13800001234": "13800001234", "１３８００００１２３４": "13800001234",
    "010-88886666转123": "01088886666转123", "+852 2345 6789": "+85223456789", "(021) 6234-5678": "02162345678",
}  # fmt: skip
CHOICES = [
    "",
    "unknown",
    "投诉",
    "Complaint",
    "COMPLAINT",
    " complaint",
    ["complaint"],
    {"a": 1},
    1,
    True,
    "complaint\x00",
]

BODIES = {
    "nothing": b"", "null": b"null", "list": b"[]", "text": b'"x"', "number": b"5", "truncated": b'{"content": "', "trailing comma": b'{"content": "x",}',
    "not utf-8": b"\xff\xfe{\x00", "half a character": b'{"content": "\xe7\xa9"}', "utf-16": '{"content": "空调"}'.encode("utf-16"),
    "gbk": '{"content": "空调漏水请尽快处理谢谢"}'.encode("gbk"), "deep list": b"[" * 100_000, "deep object": b'{"a":' * 3000 + b"1" + b"}" * 3000,
    "huge number": b'{"rating": 1' + b"0" * 5000 + b"}", "infinite": b'{"rating": 1e400}', "nan": b'{"rating": NaN}',
    "surrogate key": b'{"\\ud800": 1}', "surrogate": b'{"content": "abcdefghijk\\udfff"}', "nul": b'{"content": "abcdefghijk\\u0000"}',
    "single quotes": b"{'content': 'x'}", "xml": b"<a/>", "form": b"content=x", "two objects": b"{}{}", "many keys": b"{" + b",".join(b'"%d":1' % n for n in range(20_000)) + b"}",
}  # fmt: skip
KINDS = [
    "text/plain", "", "application/xml", "////", "application/json; charset=bogus", "application/json; charset=gbk", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 300, "application/x-www-form-urlencoded; charset=bogus", "image/svg+xml", "application/json;;;=",
]  # fmt: skip
"""Media types that a body of JSON can wrongly claim."""
