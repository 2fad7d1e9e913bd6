"""Every division is found as people name it; names of divisions inside other words are not taken for places (C3.1)."""

import pytest

from feedback.text import places
from tests import places_apart


@pytest.fixture(scope="module")
def recall():
    return places_apart.recall()


@pytest.mark.parametrize(
    ("way", "least"),
    [("with all above it", 1), ("behind the one above it", 1), ("its name alone", 0.97), ("its stem alone", 0.75)],
)
def test_every_division_is_found_as_people_name_it(recall, way, least):
    counts = recall[way]
    assert counts["right"] / counts.total() >= least
    assert counts["other"] / counts.total() < 0.005


def test_what_was_taken_for_a_place_is_taken_for_one_no_more():
    assert places_apart.wrong(places_apart.MENDED) == []
    assert len(places_apart.wrong(places_apart.AGAIN)) <= 15


@pytest.mark.parametrize(
    "text",
    [
        "我叫张家口", "她的名字叫李海宁，请核实", "王建德的订单", "联系人：张北海", "收货人赵吉林，快递没收到", "用户陈江西投诉",
        "投诉师傅刘河南态度差", "我是孙南京，想退货", "请联系周海口先生", "张家口女士的退款", "景德镇瓷器碎了", "五常大米生虫了",
        "库尔勒香梨烂了", "新疆哈密瓜坏了", "贵州茅台是假酒", "南京东路的门店",
    ],
)  # fmt: skip
def test_who_and_what_bears_the_name_of_a_place_is_no_place(text):
    assert places.official().find(text) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("用户来自南京", "南京市"), ("联系人在上海", "上海市"), ("我叫江西的师傅来修", "江西省"), ("客户在海南", "海南省"),
        ("收货人：王明，湖南长沙", "长沙市"), ("张家口的客户王海南", "张家口市"), ("景德镇的瓷碗摔破了", "景德镇市"),
        ("于南京购买", "南京市"), ("联系人江先生，江西九江", "九江市"), ("用户江苏徐州", "徐州市"), ("酒泉瓜州的网点", "瓜州县"),
        ("联系人是高安市的", "高安市"),
    ],
)  # fmt: skip
def test_where_somebody_is_stays_a_place(text, place):
    assert places.official().find(text).full_name.endswith(place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("沧州市南皮县的网点", "130927"), ("寄到襄阳市南漳县", "420624"), ("广州市南沙区", "440115"),
        ("青岛市南区", "370202"), ("济南市中区", "370103"), ("三明的门店", "350400"), ("开封的用户", "410200"),
    ],
)  # fmt: skip
def test_a_city_may_share_its_last_character_with_a_district_but_not_with_a_county(text, expected):
    assert places.official().find(text).code == expected
