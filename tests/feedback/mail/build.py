"""Raw mails for the tests."""

import base64


def mail(
    body: bytes = "你好，空调漏水。".encode(),
    *,
    head: str | bytes = "",
    sender: str = "王小明 <wxm@example.cn>",
    subject: str = "空调",
) -> bytes:
    """A mail of one UTF-8 text; `head` are more header lines, which come first."""
    head = head.encode() if isinstance(head, str) else head
    first = head.rstrip(b"\n") + b"\n" if head else b""
    lines = [f"From: {word(sender)}"] if sender else []
    lines += [f"Subject: {word(subject)}", "To: support@demo.example"]
    if b"content-type" not in head.lower():
        lines.append("Content-Type: text/plain; charset=utf-8")
    return first + "\n".join(lines).encode() + b"\n\n" + body


def word(text: str) -> str:
    """An address or a subject with its Chinese as an encoded word."""
    if text.isascii():
        return text
    name, bracket, address = text.partition(" <")
    return f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?={bracket}{address}"


def several(*parts: bytes, kind: str = "mixed", head: str = "", subject: str = "空调") -> bytes:
    """A mail of several parts, each with its own headers."""
    body = b"".join(b"--edge\n" + part + b"\n" for part in parts) + b"--edge--\n"
    return mail(body, head=f"{head}Content-Type: multipart/{kind}; boundary=edge".lstrip(), subject=subject)
