"""`format=flowed` (RFC 3676): lines that a program broke are made whole again."""


def unflowed(text: str, *, delsp: bool) -> str:
    whole: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if delsp and soft:
            words = words[:-1]
        if open_depth == depth:
            whole[-1] += words
        else:
            whole.append(f"{'>' * depth} {words}" if depth else words)
        open_depth = depth if soft else -1
    return "\n".join(line.rstrip(" ") if line != "-- " else line for line in whole)
