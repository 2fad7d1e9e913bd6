"""Which province, city or county a text speaks of, as a six-digit code.

Works on rows of `(code, name, level, parent_code, full_name)`. A name counts written out ("浙江省杭州市", "密云县") or
by its stem ("杭州", "昆山", "海淀"); stems that are other words too (`place_words`) only count right behind the place they lie in
("深圳南山"), or where its city is spoken of.
A name that several places bear is settled by the other places in the text, else by nothing: better no region than a
wrong one.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from accounts.former_regions import FORMER_NAMES
from accounts.region_codes import COUNTY, RegionRow, rows
from common.phones import phone_number
from feedback.text import latin_places, namesakes
from feedback.text.dialling_codes import DIALLING_CODES
from feedback.text.keyword_rules import beginning_of
from feedback.text.place_words import ALSO_WORDS, EVERYDAY

_PEOPLES = [
    "蒙古族",
    "回族",
    "藏族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯",
    "普米族",
    "塔吉克",
    "怒族",
    "鄂温克族",
    "保安族",
    "裕固族",
    "独龙族",
    "各族",
    "蒙古",
]
_ENDING = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|林区|特区|省|市|区|县|盟|旗)$")
_PEOPLE = re.compile("(?:" + "|".join(_PEOPLES) + ")+$")
_KIND = "省市区县盟旗"
_ANYWHERE = frozenset(
    [
        "东区",
        "西区",
        "城区",
        "郊区",
        "矿区",
        "老城区",
        "新城区",
        "城东区",
        "城西区",
        "城中区",
        "城北区",
        "市中区",
        "新市区",
        "和县",
    ]
)
"""Names that are one of many, or other words run together: 国家和县."""
_OTHER_WORDS = re.compile(
    "哈密瓜|长治久安|沿海城市|[一规决认确指]定西|西安[置排装]|[东西南]湖北|湖[南北][门岸路]|南湖南|车库车|高密度|流沙河|中建德|通道区[域间]|公安[局部厅机分]|大理石|非常熟[悉练]|水平度|白天水|文山会海|普惠来|不上城区|成都不|一视同仁|不会理|会理所当然|"
    "大同小异|中山[装服]|天长[地日]久|集美们|新会[员计场]|保定期|东西宁[可愿]|定西[药服装餐瓜]|[未已拆没就要先再]开封|开封[验后了前即检]|三明治|屏边[框缘]|长沙发|高平衡|南平均|新余[额款]|州际|[一咬认]定南|"
    "[里士]兰州|[里华]达州|荷华州|地利州|旧金山|内华达|[南北]安普|瑞安航空"
)
"""In which the name of a place stands by chance."""
_BEHIND_A_CITY = {"民", "场"}
_BESIDE_ITS_PARENT, _WITH_ITS_PARENT, _STEM, _WRITTEN_OUT = range(4)
"""How far a name can be trusted: 延长 is a county only right behind 延安, 通江 where its city 巴中 is spoken of too, 扶绥 anywhere."""
LONGEST = 2_000
"""Characters of a text in which places are looked for."""
_LAND_LINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)(?=\d{7,8}$)", re.ASCII)


@dataclass(frozen=True)
class Place:
    code: str
    full_name: str
    words: str  # as the text has it
    sure: bool  # False: a stem only, or the part shared by several places of one name


def stem(name: str) -> str:
    """杭州市 → 杭州, 恩施土家族苗族自治州 → 恩施; a name of two characters stays whole."""
    short = _ENDING.sub("", name)
    bare = _PEOPLE.sub("", short)
    short = bare if len(bare) >= 2 else short
    return short if len(short) >= 2 else name


def _trust_in_stem(short: str, row: RegionRow) -> int:
    if short in EVERYDAY:
        return _BESIDE_ITS_PARENT
    if row.level < COUNTY or short not in ALSO_WORDS:
        return _STEM
    return _WITH_ITS_PARENT if row.name[-1] in "县旗" else _BESIDE_ITS_PARENT


class Places:
    """An index over region rows; building it takes some 20 ms, asking one text some 0.1 ms."""

    def __init__(self, rows: Iterable[RegionRow | tuple]) -> None:
        self._rows = {row[0]: RegionRow(*row) for row in rows}
        named: dict[str, dict[str, int]] = defaultdict(dict)
        for row in self._rows.values():
            named[row.name][row.code] = _BESIDE_ITS_PARENT if row.name in _ANYWHERE else _WRITTEN_OUT
        for row in self._rows.values():
            short = stem(row.name)
            if short == row.name:
                continue
            if row.level == COUNTY:
                # 一座大城市 is not 大城 in Hebei, 比如市里 not 比如 in Tibet
                for ending in "县区" if short.endswith("城") or short in EVERYDAY else "县市区":
                    named[short + ending].setdefault(row.code, _WRITTEN_OUT)
            named[short].setdefault(row.code, _trust_in_stem(short, row))
            if row.name.endswith("自治州"):
                named[short + "州"].setdefault(row.code, _WRITTEN_OUT)
        for name, code in FORMER_NAMES.items():
            if code not in self._rows:
                continue
            named[name].setdefault(code, _WRITTEN_OUT)
            if name.endswith("市"):  # 襄樊, 莱芜, as people still say
                named[stem(name)][code] = _STEM
        self._latin = latin_places.names(self._rows.values())
        self._latin_beginnings = frozenset(name.split(" ")[0] for name in self._latin)
        for name, latin in self._latin.items():
            named[name] = dict.fromkeys(latin, _WRITTEN_OUT if " " in name else _STEM)
        self._names = {name: tuple(codes.items()) for name, codes in named.items()}
        self._longest: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._names.keys() - self._latin.keys(), key=len, reverse=True):
            self._longest[name[:2]].append(name)
        self._beginning = beginning_of(self._longest)

    def ancestors(self, code: str) -> list[str]:
        """The code itself, its city, its province."""
        line = []
        row = self._rows.get(code)
        while row:
            line.append(row.code)
            row = self._rows.get(row.parent_code or "")
        return line

    def _mentions(self, text: str) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        other_words: list[tuple[int, int]] | None = None
        free, shared = 0, -1  # where the next name may begin, and the 市 that two names may share
        for beginning in self._beginning.finditer(text):
            at = beginning.start()
            if at < free:
                continue
            for name in self._longest.get(text[at : at + 2], ()):
                if not text.startswith(name, at):
                    continue
                if other_words is None:
                    other_words = [match.span() for match in _OTHER_WORDS.finditer(text)]
                if at == shared and name[-1] != "区" and self._begins(text, at + 1):
                    continue  # 沧州市南皮县 is 沧州市 and 南皮县, not 市南
                end = at + len(name)
                if any(first <= at < last for first, last in other_words):
                    break
                if name[-1] == "市" and text[end : end + 1] in _BEHIND_A_CITY:  # 杭州市民 is 杭州 and 市民
                    continue
                if name[-1] in _KIND or not (_is_a_day(text, name, at) or namesakes.bears_its_name(text, name, at)):
                    found.append((at, name))
                    free, shared = (
                        (end - 1, end - 1) if name[-1] == "市" else (end, -1)
                    )  # 济南市中区 is 济南市 and 市中区
                    break
        return sorted(found + latin_places.mentions(text, self._latin, self._latin_beginnings))

    def _begins(self, text: str, at: int) -> bool:
        return any(text.startswith(name, at) for name in self._longest.get(text[at : at + 2], ()))

    def find(self, text: str) -> Place | None:
        """The most precise place that the text settles; with several of equal precision the first one."""
        text = text[:LONGEST]
        mentions = self._mentions(text)
        if not mentions:
            return None
        context: set[str] = set()
        for _, name in mentions:
            codes = self._at_highest_level(name)
            if len(codes) == 1 and self._trust(name, codes[0]) > _WITH_ITS_PARENT:
                context.update(self.ancestors(codes[0]))
        best: Place | None = None
        behind = -1
        for at, name in mentions:
            place = self._settle(name, context, beside=0 <= at - behind <= 1 or at == behind - 1)
            behind = at + len(name)
            if place and (best is None or self._is_better(place, best)):
                best = replace(place, words=text[at:behind])
        return best

    def _is_better(self, place: Place, best: Place) -> bool:
        """More precise, and not by a bare stem that may be another word when what was named first lies elsewhere."""
        deeper = self._rows[place.code].level > self._rows[best.code].level
        return deeper and (place.sure or best.code in self.ancestors(place.code))

    def _trust(self, name: str, code: str) -> int:
        return dict(self._names[name])[code]

    def _at_highest_level(self, name: str) -> list[str]:
        """Of the places so named those of the highest level: 吉林 alone is the province, 吉林市 the city."""
        written = [code for code, _ in self._names[name] if self._rows[code].name == name]
        codes = written or [code for code, _ in self._names[name]]
        highest = min(self._rows[code].level for code in codes)
        return [code for code in codes if self._rows[code].level == highest]

    def _settle(self, name: str, context: set[str], *, beside: bool) -> Place | None:
        every = [code for code, _ in self._names[name]]
        inside = [code for code in every if self._rows[code].parent_code in context]
        if not inside:
            inside = [code for code in every if context & set(self.ancestors(code)[1:])]
        codes = self._at_highest_level(name)
        if len(codes) > 1 and latin_places.usual(name) in codes:
            codes = [latin_places.usual(name)]
        outer = codes[0] if len(codes) == 1 else ""
        if len(inside) == 1 and outer not in self.ancestors(inside[0]):  # 吉林 alone stays the province
            codes = inside
        if len(codes) != 1:
            return None
        code, trust = codes[0], self._trust(name, codes[0])
        in_its_city = trust == _WITH_ITS_PARENT and self._rows[code].parent_code in context
        if trust <= _WITH_ITS_PARENT and not (in_its_city or (beside and code in inside)):
            return None
        return Place(code, self._rows[code].full_name, name, trust == _WRITTEN_OUT)

    def by_code(self, code: str) -> Place | None:
        row = self._rows.get(code)
        return Place(row.code, row.full_name, "", True) if row else None

    def of_phone(self, number: str) -> Place | None:
        """The city of a Chinese land line's area code; mobile numbers tell nothing reliable."""
        try:
            found = _LAND_LINE.match(phone_number(number).partition("转")[0])
        except ValueError:
            return None
        row = self._rows.get(DIALLING_CODES.get(found[0], "") if found else "")
        return Place(row.code, row.full_name, found[0], False) if row and found else None


def _is_a_day(text: str, name: str, at: int) -> bool:
    """上周六安装 is a Saturday, not 六安; 星期日照常 is a Sunday, 周五常常 a Friday."""
    return name[0] in "一二三四五六日天" and text[at - 1 : at] in set("周期拜生")


@functools.cache
def official() -> Places:
    """The index over all divisions of the package; built on first use."""
    return Places(rows())
