"""Which texts say too little to go by: greetings, a telephone number, one character a thousand times. Pure."""

import re

from feedback.text.default_rules import OWN_WORDS

SHORTEST = 4
"""Different letters below which a text is too little to go by."""
FEWEST_WORDS = 3
ENOUGH = 60
"""Different letters of which no greeting is made: such a text is not looked through for greetings."""
_NO_MATTER = re.compile(
    r"您好|你好|早上好|上午好|中午好|下午好|晚上好|在吗|在不在|有人吗|有人在|谢谢|感谢|辛苦了|麻烦了|好的|收到|知道了|嗯+|哦+|哈+|测试|"
    r"怎么回事|什么意思|什么情况|为什么|怎么办|不紧急|不着急|不急|慢慢来|"
    r"\b(?:hello|hi|hey|good (?:morning|afternoon|evening)|dear|sirs?|madam|thanks?(?: you)?|thx|ok(?:ay)?|yes|no|test(?:ing)?|"
    r"anybody|anyone|there)\b"
)
"""Greetings, thanks, yes and no, questions about nothing named: what stands beside a matter."""
_LATIN_WORD = re.compile(r"[a-z']{2,}")


def says_little(told: str) -> bool:
    """Fewer than `SHORTEST` different letters beside greetings and the own word (好, ？？？, 您好在吗, 投诉！, a telephone number, one
    character a thousand times), or fewer than three different Latin words."""
    if sum(map(str.isalpha, set(told[:300]))) > ENOUGH:
        return False
    matter = _NO_MATTER.sub(" ", told[:5000])
    for words in OWN_WORDS.values():
        for word in words:
            matter = matter.replace(word, " ")
    if sum(map(str.isalpha, set(matter))) < SHORTEST:
        return True
    return matter.isascii() and len(set(_LATIN_WORD.findall(matter))) < FEWEST_WORDS
