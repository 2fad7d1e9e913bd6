"""What bears the name of a place without being there: streets, dishes and goods, people. Pure."""

import re

_STREETS_AND_GOODS = """
路 街 大道 巷 广场 大厦 大酒店 商场 银行 牌 小区 拉面 牛肉面 热干面 刀削面 小面 米粉 火锅 烤鸭 菜馆
大盘鸡 臭豆腐 红肠 啤酒 包子 炒饭 炒面 米线 肠粉 螺蛳粉 酸辣粉 烧饼 板鸭 盐水鸭 大闸蟹 榨菜 陈醋 毛峰
毛尖 脐橙 梆子 话 时间 白药 火腿 扒鸡 烧鸡 大枣 红枣 鱼丸 鸡饭 东路 西路 南路 北路 中路 航空公司 瓷 哈密瓜
棉 大米 牛奶 酸奶 牛肉 羊肉 羊绒 香醋 米醋 老陈醋 黄酒 老酒 白酒 茅台 泡菜 麻花 茶饼 铁观音
椰子 香梨 葡萄 荔枝 蜜桃 水蜜桃 蜜柚 蜜橘 百合 枸杞 人参 核桃 板栗 花椒 香菇 木耳 豆腐 豆干
豆瓣 汤包 小笼 生煎 凉皮 泡馍 肉夹馍 烩面 鸭血 鸭脖 腊肉 香肠 小龙虾
"""
_BEHIND = tuple(_STREETS_AND_GOODS.split())
"""A stem before such a word names a street or goods, not the place meant: 南京路 is in Shanghai, 北京烤鸭 is eaten anywhere."""
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁沈任姚卢姜崔钟谭陆汪范石廖贾夏韦付"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤向常温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁"
    "尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛翁冉骆蓝游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫"
)
_CALLED = re.compile(r"(?:[我他她]叫|名叫|叫做|名字[叫是]|姓名是?|联系人是?|[收寄发][货件]人是?)[:：,， ]?")
"""Behind it stands somebody's name."""
_SOMEBODY = re.compile(
    r"(?:用户|客户|顾客|会员|业主|住户|户主|师傅|经理|店长|店员|客服|专员|骑手|同事|我是|本人|先生|女士)[:：,， ]?"
)
"""Behind it stands somebody's name when that begins with a surname, or the place where somebody is."""
_TITLE = ("先生", "女士", "小姐", "同志")
_ONES_OWN = re.compile(r"的(?:订单|快递|包裹|账号|账户|会员|手机号|电话|名字)")
_LONGEST_CUE = 8


def bears_its_name(text: str, stem: str, at: int) -> bool:
    """Whether a place's name without its kind, standing there, names something else."""
    return text.startswith(_BEHIND, at + len(stem)) or _is_a_person(text, stem, at)


def _is_a_person(text: str, name: str, at: int) -> bool:
    """联系人：王建德, 客户李海南, 周海口先生 and 我叫张家口 are people; 客户在海南 and 我叫海南的师傅 speak of places."""
    end = at + len(name)
    surname = at > 0 and text[at - 1] in _SURNAMES
    begins = at - surname
    before = text[max(0, begins - _LONGEST_CUE) : begins]
    if surname:
        first = not before or not before[-1].isalnum()
        return bool(
            text.startswith(_TITLE, end)
            or _ends(_CALLED, before)
            or _ends(_SOMEBODY, before)
            or (first and _ONES_OWN.match(text, end))
        )
    return (
        name[0] in _SURNAMES
        and text[end : end + 1] != "的"
        and (text.startswith(_TITLE, end) or _ends(_CALLED, before))
    )


def _ends(cue: re.Pattern[str], before: str) -> bool:
    return any(match.end() == len(before) for match in cue.finditer(before))
