"""A text names a place by its old or new name; what it leaves open stays open (C3.1)."""

import pytest

from accounts import region_codes
from accounts.former_regions import FORMER_NAMES
from feedback.text import places
from feedback.text.dialling_codes import DIALLING_CODES


def code(text):
    found = places.official().find(text)
    return found and found.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我在浙江省杭州市西湖区买的", "330106"), ("杭州的门店", "330100"), ("北京朝阳区", "110105"),
        ("深圳南山", "440305"),
        ("济南市中区", "370103"), ("苏州吴江市", "320509"), ("密云县", "110118"), ("湖北襄樊市", "420600"),
        ("吉林市", "220200"),
        ("吉林的客户", "220000"), ("恩施州", "422800"), ("湖北仙桃", "429004"), ("东莞", "441900"), ("台湾", "710000"),
        ("上海市闸北区", "310106"),
    ],
)  # fmt: skip
def test_a_place_is_found_at_its_most_precise(text, expected):
    assert code(text) == expected


@pytest.mark.parametrize(
    "text", ["朝阳区的门店", "鼓楼区", "建议延长营业时间", "兰州拉面不好吃", "南京路店", "服务很好", "", "和平解决"]
)
def test_what_several_places_share_or_what_is_no_place_gives_none(text):
    assert code(text) is None


@pytest.mark.parametrize(
    "text", ["上周六安装的空调一直滴水", "星期六安排的上门没有人来", "礼拜日照常营业吗", "周五常常打不通", "生日照相机"]
)
def test_the_day_of_a_week_is_no_place(text):
    assert code(text) is None


@pytest.mark.parametrize(
    ("text", "expected"), [("安徽六安", "341500"), ("我在六安买的", "341500"), ("日照的门店", "371100")]
)
def test_a_place_that_begins_like_a_day_stays_a_place(text, expected):
    assert code(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "学校合作办学",
        "应当公平、公开原则处理",
        "拆迁安置房何时分",
        "一座大城市的面貌",
        "东西城市主干道",
        "沿海城市发展快",
        "北方城市",
        "加上城市车辆多",
        "国家长治久安",
        "国家和县里的政策",
        "新城东区的规划",
        "工业城东区",
        "对人才一视同仁",
        "他一定西装笔挺",
        "江西安置小区",
        "一片水田和田埂",
        "海伦春天小区",
    ],
)
def test_other_words_that_look_like_a_place_are_none(text):
    assert code(text) in {None, "360000"}  # 江西 in 江西安置 is one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甘肃合作的门店", "623001"),
        ("河北迁安", "130283"),
        ("白银市的门店", "620400"),
        ("西宁城东区", "630102"),
        ("新疆和田的快递", "653200"),
        ("辽宁海城市", "210381"),
        ("襄樊的门店", "420600"),
        ("莱芜的门店", "370100"),
        ("思茅的门店", "530800"),
        ("河南方城县", "411322"),
    ],
)
def test_such_a_place_counts_written_out_or_behind_its_parent(text, expected):
    assert code(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("反映通江办证大厅到巴中没有公交车", "511921"),
        ("反映通江办证大厅没有公交车", None),
        ("荆州市公安局的答复", "421000"),
        ("车库车位太少", None),
    ],
)
def test_a_bare_county_counts_where_its_city_is_spoken_of(text, expected):
    assert code(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("反映扶绥筑梦园小区没有公交车", "451421"), ("夏津的用户", "371427"), ("我在海淀", "110108"), ("顺德的门店", "440606"),
        ("余杭未来科技城", "330110"), ("家住义乌", "330782"), ("阳朔民宿", "450321"), ("浙江西湖区", "330106"), ("宝安西乡街道", "440306"),
        ("北京市民", "110000"), ("广州市场", "440100"),
    ],
)  # fmt: skip
def test_a_place_of_one_name_is_found_as_people_say_it(text, expected):
    assert code(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "蓝山咖啡不好喝", "化工厂从化学品中", "其余干部", "西湖龙井", "老板在小店里", "大理石台面裂了", "非常熟悉", "白天水很小",
        "市政府把工资普惠来", "成都不了", "武汉热干面", "投诉温泉酒店", "前进两步就是天桥", "海尔冰箱在过道里", "比如市里的门店",
    ],
)  # fmt: skip
def test_what_is_also_another_word_is_no_place_by_itself(text):
    assert code(text) in {None, "540000"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I bought it in Hangzhou.", "330100"), ("hangzhou store, 2nd floor", "330100"), ("Xihu District, Hangzhou", "330106"),
        ("Suzhou", "320500"), ("Suzhou, Anhui", "341300"), ("Xi’an", "610100"), ("Hong Kong", "810000"), ("Inner Mongolia", "150000"),
        ("Taizhou", None), ("Taizhou, Zhejiang", "331000"), ("Shanghai Pudong New Area", "310115"), ("在 Ningbo 的门店", "330200"),
        ("Chaoyang", None), ("Chaoyang District", None), ("Chaoyang District, Beijing", "110105"),
        ("Dear Ali, hebi was planning", None),
        ("Yanbian", "222400"), ("Yanbian Korean Autonomous Prefecture", "222400"),
    ],
)  # fmt: skip
def test_an_english_letter_names_places_in_its_own_way(text, expected):
    assert code(text) == expected


def test_the_words_are_those_of_the_text():
    assert places.official().find("bought in XI’AN, thanks").words == "XI’AN"


def test_a_bare_name_does_not_take_the_place_of_another_that_was_named_first():
    assert code("白山市地铁站，开往恩阳方向") == "220600"
    assert code("白山市的门店，货从浙江省义乌市发出") == "330782"  # written out: the more precise one


def test_every_row_has_its_parent_before_it_and_a_full_name():
    seen = {}
    for row in region_codes.rows():
        assert len(row.code) == 6 and row.code.isdigit()
        assert row.code not in seen
        assert row.parent_code is None if row.level == region_codes.PROVINCE else row.parent_code in seen
        if row.parent_code:
            assert row.full_name == seen[row.parent_code].full_name + row.name
        seen[row.code] = row
    assert sum(row.level == region_codes.PROVINCE for row in seen.values()) == 34
    assert len(seen) > 3_100
    assert region_codes.english_names().keys() == seen.keys()
    assert set(FORMER_NAMES.values()) <= seen.keys()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0571-88888888", "330100"), ("(010)66668888", "110000"), ("+86 571 8888 6666", "330100"), ("0086 10 8888 6666", "110000"),
        ("057188886666", "330100"), ("０７３１－８４４４１２３４转123", "430100"), ("0999 6123456", "654000"), ("0852-8221234", "520300"),
        ("13800001234", None), ("4008001234", None), ("+1 571 555 2671", None), ("0123-4567890", None), ("no number", None), ("", None),
    ],
)  # fmt: skip
def test_a_land_line_tells_the_city_and_no_other_number_does(number, expected):
    found = places.official().of_phone(number)
    assert (found and found.code) == expected


def test_every_area_code_leads_to_a_city_and_nearly_every_city_has_one():
    known = {row.code: row for row in region_codes.rows()}
    assert set(DIALLING_CODES.values()) <= known.keys()
    cities = {row.code for row in known.values() if row.level == region_codes.CITY}
    assert len(cities - set(DIALLING_CODES.values())) <= 12  # those that took over their neighbour's, as 眉山 did
