"""Which province, city or county a text speaks of, as a six-digit code.

Works on rows of `(code, name, level, parent_code, full_name)`. A name counts written out ("浙江省杭州市", "密云县") or
by its stem ("杭州", "昆山"); stems that are everyday words only count right behind the place they lie in ("深圳南山").
A name that several places bear is settled by the other places in the text, else by nothing: better no region than a
wrong one.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.former_regions import FORMER_NAMES
from accounts.region_codes import COUNTY, RegionRow, rows
from feedback.text.keyword_rules import beginning_of

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
_EVERYDAY = frozenset([
    "公安", "新建", "共和", "太平", "比如", "永定", "大安", "安定", "长兴", "乐业", "友谊", "商城", "南部", "上高", "来安",
    "清水", "石门", "兴隆", "和顺", "望江", "大名", "大城", "天等", "东至", "定结", "互助", "兴业", "富裕", "改则", "祥云",
    "方正", "集贤", "平原", "同德", "大化", "平乐", "天台", "兴国", "小金", "大新", "永和", "永泰", "太和", "民权", "博爱",
    "凤凰", "玉龙", "木兰", "兴和", "新河", "石台", "久治", "道真", "新民", "复兴", "朝阳", "和平", "中山", "南山", "东方",
    "城关", "城区", "郊区", "新华", "长安", "白云", "文昌", "平安", "安宁", "五大连池", "通道", "宝山", "和政", "同心", "东风",
    "河口", "大通", "康乐", "广安", "新城", "兴安", "海南", "林口", "清流", "青山", "桥西", "大同", "山南", "长治", "泰安",
    "兴城", "建设", "向阳", "红旗", "友好", "民主", "明光", "永安", "吉安", "万年", "德安", "大方", "静安", "城中", "城东",
    "城西", "城北", "开发", "新市", "平和", "延平", "安康", "普安", "石林", "双流", "蓝田", "吉祥", "资源", "富源", "金沙",
    "罗平", "安居", "绿园", "宁静", "合作", "同仁", "江山", "樟树", "开原", "白银", "迁安", "会理", "海伦", "和田", "清水河",
]) - {"海南", "大同", "泰安", "长治", "中山", "兴安", "安康", "吉安", "广安", "山南"}  # fmt: skip
"""Stems that are everyday words or names of roads and parks."""
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
    "长治久安|沿海城市|[一规决认确指]定西|西安[置排装]|[东西南]湖北|湖[南北][门岸路]|南湖南|车库车|高密度|流沙河|中建德|通道区[域间]|公安[局部厅机分]|一视同仁|不会理|会理所当然"
)
"""In which the name of a place stands by chance."""
_BESIDE_ITS_PARENT, _WITH_ITS_PARENT, _STEM, _WRITTEN_OUT = range(4)
"""How far a name can be trusted: 延长 is a county only right behind 延安, 扶绥 where its city 崇左 is spoken of too."""
_AFTER_A_ROAD = (
    "路",
    "街",
    "大道",
    "巷",
    "广场",
    "大厦",
    "大酒店",
    "商场",
    "银行",
    "牌",
    "小区",
    "拉面",
    "火锅",
    "烤鸭",
)
_DIALLING_CODES = {
    "010": "110000", "021": "310000", "022": "120000", "023": "500000", "020": "440100", "024": "210100",
    "025": "320100", "027": "420100", "028": "510100", "029": "610100", "0755": "440300", "0571": "330100",
    "0512": "320500", "0574": "330200", "0532": "370200", "0592": "350200", "0731": "430100", "0371": "410100",
    "0411": "210200", "0531": "370100", "0551": "340100", "0591": "350100", "0451": "230100", "0431": "220100",
    "0311": "130100", "0351": "140100", "0471": "150100", "0791": "360100", "0771": "450100", "0898": "460100",
    "0851": "520100", "0871": "530100", "0891": "540100", "0931": "620100", "0971": "630100", "0951": "640100",
    "0991": "650100", "0757": "440600", "0769": "441900", "0760": "442000", "0510": "320200",
}  # fmt: skip
_LAND_LINE = re.compile(r"^(?:\+?86[-\s]?)?\(?(0\d{2,3})\)?[-\s]?\d{7,8}$")


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
                for ending in "县区" if short.endswith("城") else "县市区":  # 一座大城市 is not 大城 in Hebei
                    named[short + ending].setdefault(row.code, _WRITTEN_OUT)
            few = row.level == COUNTY and len(short) < 3 and not row.name.endswith("市")
            trust = _BESIDE_ITS_PARENT if short in _EVERYDAY or few else _STEM
            if few and short not in _EVERYDAY and row.name[-1] in "县旗":
                trust = _WITH_ITS_PARENT
            named[short].setdefault(row.code, trust)
            if row.name.endswith("自治州"):
                named[short + "州"].setdefault(row.code, _WRITTEN_OUT)
        for name, code in FORMER_NAMES.items():
            if code not in self._rows:
                continue
            named[name].setdefault(code, _WRITTEN_OUT)
            if name.endswith("市"):  # 襄樊, 莱芜, as people still say
                named[stem(name)][code] = _STEM
        self._names = {name: tuple(codes.items()) for name, codes in named.items()}
        self._longest: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._names, key=len, reverse=True):
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
        other_words = [match.span() for match in _OTHER_WORDS.finditer(text)]
        free = 0
        for beginning in self._beginning.finditer(text):
            at = beginning.start()
            if at < free:
                continue
            for name in self._longest.get(text[at : at + 2], ()):
                end = at + len(name)
                if any(first <= at < last for first, last in other_words):
                    break
                if text.startswith(name, at) and not (self._is_a_street(text, name, end) or _is_a_day(text, name, at)):
                    found.append((at, name))
                    free = end - (1 if name[-1] == "市" else 0)  # 济南市中区 is 济南市 and 市中区
                    break
        return found

    def _is_a_street(self, text: str, name: str, end: int) -> bool:
        """南京路 is in Shanghai; a stem before such a word names a street or a dish, not the place meant."""
        return name[-1] not in _KIND and text.startswith(_AFTER_A_ROAD, end)

    def find(self, text: str) -> Place | None:
        """The most precise place that the text settles; with several of equal precision the first one."""
        mentions = self._mentions(text[:2000])
        if not mentions:
            return None
        context: set[str] = set()
        for _, name in mentions:
            codes = self._at_highest_level(name)
            if len(codes) == 1 and self._trust(name, codes[0]) > _WITH_ITS_PARENT:
                context.update(self.ancestors(codes[0]))
        best: tuple[int, Place] | None = None
        behind = -1
        for at, name in mentions:
            place = self._settle(name, context, beside=0 <= at - behind <= 1 or at == behind - 1)
            behind = at + len(name)
            if place and (best is None or self._rows[place.code].level > best[0]):
                best = (self._rows[place.code].level, place)
        return best[1] if best else None

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
        found = _LAND_LINE.match(number.strip())
        code = found and (_DIALLING_CODES.get(found.group(1)) or _DIALLING_CODES.get(found.group(1)[:3]))
        row = self._rows.get(code or "")
        return Place(row.code, row.full_name, found.group(1), False) if row and found else None


def _is_a_day(text: str, name: str, at: int) -> bool:
    """上周六安装 is a Saturday, not 六安; 星期日照常 is a Sunday, 周五常常 a Friday."""
    return name[0] in "一二三四五六日天" and name[-1] not in _KIND and text[at - 1 : at] in set("周期拜生")


@functools.cache
def official() -> Places:
    """The index over all divisions of the package; built on first use."""
    return Places(rows())
