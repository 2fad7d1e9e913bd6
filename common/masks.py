"""Personal data as shown to people who need not see it (B7, PIPL)."""


def phone(number: str) -> str:
    """`13812341234` → `138****1234`; short numbers keep their last two digits."""
    if len(number) < 7:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def email(address: str) -> str:
    """`wang@example.com` → `w***@example.com`."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if name else ""


def name(full: str) -> str:
    """`王小明` → `王**`; `Wang` → `W***`."""
    return full[:1] + "*" * min(len(full) - 1, 3) if full else ""
