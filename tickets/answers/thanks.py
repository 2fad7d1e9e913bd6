"""Whether a message only says thanks, so that it need not be answered (lessons d2). Pure."""

import re

from common.text import fold

_POLITE = re.compile(
    r"(谢谢|多谢|感谢|辛苦|麻烦)?(你们|您们|您|你|大家|贵公司|客服)?(的)?(谢谢|多谢|感谢|辛苦了?|麻烦了?|好的?|收到|知道了|明白了?|没问题了?|"
    r"已解决|解决了|可以了|满意|回复|答复|帮助|处理|解答|哈|呢|啦|啊|嗯+|ok|okay|thank you|thanks|thx|ty|got it|great|"
    r"very much|a lot|so much|much|for your (help|reply|answer)|all good|perfect|solved|it works( now)?|noted|cheers)"
)
_NOISE = re.compile(r"[\W_]+")


def is_only_thanks(text: str) -> bool:
    """True for “好的，谢谢！” or “Thanks a lot”; False as soon as anything else is said, or nothing at all."""
    rest = fold(text)
    words = _NOISE.sub("", rest)
    if not words or len(words) > 40 or "?" in rest or "不" in rest or " not" in rest or "n't" in rest:
        return False
    return not _NOISE.sub("", _POLITE.sub("", rest))
