"""Whether an answer holds what a complaint's answer must hold: result, improvement, thanks (A5.2). Pure."""

import re

from common.text import fold

_PARTS = {
    "result": re.compile(
        r"已|将|会|安排|处理|解决|更换|退款|退货|换货|维修|修复|补偿|赔偿|完成|核实|经查|结果|上门|refund|replac|repair|resolv|"
        r"\bfix|compensat|arrang|sent|we (have|will)|result|investigat"
    ),
    "improvement": re.compile(
        r"改进|改善|整改|避免|杜绝|加强|优化|完善|培训|规范|今后|以后|措施|升级|(?<!按)(?<!按照)(?<!根据)(?<!依据)规定|改为|新增|增设|"
        r"增加了|一律|制度|复核每|逐一|不再发生|improv|prevent|in future|from now|avoid|train|measure|change[ds]? (our|the)|"
        r"strengthen|no longer|new (rule|procedure|check)|will always"
    ),
    "thanks": re.compile(r"谢|感恩|thank|grateful|appreciat"),
}


def parts_of(text: str) -> dict[str, bool]:
    """Which of `result`, `improvement`, `thanks` the text seems to hold. A hint for the writer, not a verdict."""
    folded = fold(text)
    return {name: bool(pattern.search(folded)) for name, pattern in _PARTS.items()}
