"""Common problems: the same trouble in other words together, the same words about another place apart."""

import json
from collections import defaultdict
from datetime import datetime

import pytest
from django.conf import settings

from knowledge import matter, products, similarity
from knowledge.similarity import Item

DATA = settings.BASE_DIR.parent / "shared" / "data" / "zh"


def groups_of(*texts, **options):
    return similarity.group([Item(number, text) for number, text in enumerate(texts)], **options)


def test_the_same_trouble_in_other_words_is_one_group():
    first, second, other = groups_of(
        "翡翠澜庭小区楼下烧烤店油烟扰民\n每天晚上油烟味飘进家里，没法开窗",
        "翡翠澜庭一楼夜宵摊油烟直排\n餐馆没有排烟管道，味道难闻，噪音也大",
        "公交车等了一个小时\n司机到站不停车",
    )
    assert first == second == 0 and other is None


def test_the_same_words_about_another_place_stay_apart():
    one, two = groups_of(
        "翡翠澜庭小区楼下烧烤店油烟扰民\n每天晚上油烟味飘进家里",
        "鹭洲禧园小区楼下烧烤店油烟扰民\n每天晚上油烟味飘进家里",
    )
    assert one is None and two is None


def test_another_trouble_of_the_same_place_stays_apart():
    one, two = groups_of(
        "翡翠澜庭小区楼下烧烤店油烟扰民\n每天晚上油烟味飘进家里",
        "翡翠澜庭小区配套幼儿园学费太高\n民办幼儿园没有转成普惠，老师也少",
    )
    assert one is None and two is None


def test_what_lies_half_a_year_apart_is_never_compared():
    items = [Item(1, "翡翠澜庭小区停水", at=datetime(2026, 1, 1)), Item(2, "翡翠澜庭小区停水", at=datetime(2026, 7, 1))]
    assert similarity.group(items) == [None, None]
    assert similarity.group(items, days=200) == [0, 0]


def test_copies_about_two_places_stay_apart_and_copies_about_one_are_joined():
    told = "{}小区电梯又坏了\n三号楼电梯这个月坏了四次，老人下不了楼，物业说没有维修基金"
    first, other, again = groups_of(told.format("翡翠澜庭"), told.format("鹭洲禧园"), told.format("翡翠澜庭"))
    assert first == again == 0 and other is None


def test_two_troubles_of_one_road_stay_apart():
    lights, parking = groups_of(
        "凯乐澜庭太平路路灯坏了半年\n晚上一片漆黑，多次报修没有人来换灯泡",
        "凯乐澜庭周边车辆乱停乱放\n路边停满了车，救护车进不来，交警不管",
    )
    assert lights is None and parking is None


LOCK = "澄川K9智能锁打不开\n澄川K9智能锁昨天开始指纹打不开，只能用钥匙。"
WASHER = "美的XQG100洗衣机漏水\n美的XQG100洗衣机漏水，安装才三天，地板泡了。"
OUTSIDE = "KFR-35GW空调外机噪音大\n购买的KFR-35GW/BP3空调外机晚上噪音特别大，影响休息，请派人检查。"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (LOCK, "澄川K9智能锁安装师傅迟到\n预约上午安装澄川K9智能锁，师傅下午才到。"),
        (WASHER, "美的XQG100洗衣机发票未开\n美的XQG100洗衣机买了一个月，发票一直没有开。"),
        (OUTSIDE, "KFR-35GW空调遥控器失灵\n刚买的KFR-35GW/BP3空调遥控器按了没有反应，电池换过了，请补发一个。"),
        (
            "X5 Pro电饭煲内胆掉漆\nX5 Pro电饭煲用了两周内胆就掉漆了。",
            "X5 Pro电饭煲快递少件\nX5 Pro电饭煲收到时少了蒸笼。",
        ),
        ("冰箱不制冷\nBCD-215冰箱冷藏室不制冷，菜都坏了。", "冰箱门关不严\nBCD-215冰箱门关不严，有缝。"),
        (
            "冰箱漏水\n上个月买的 BC-260 三门冰箱，这两天底部一直往外漏水，地板都泡了。请尽快安排师傅上门。",
            "保修期内被收了上门费\nBC-260 三门冰箱还在保修期，师傅昨天上午来修收了 80 元上门费，没有开票。",
        ),
    ],
)
def test_two_troubles_of_one_model_stay_apart(one, two):
    assert groups_of(one, two) == [None, None]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (LOCK, "澄川K9智能锁指纹失灵\n澄川K9的指纹识别不了，进不了门。"),
        (WASHER, "XQG100底部漏水\n洗衣机XQG100用了一周，底下一直漏水。"),
        (OUTSIDE, "KFR-35GW空调外机夜里太吵\n我家KFR-35GW的外机声音很大，邻居投诉。"),
    ],
)
def test_one_trouble_of_one_model_is_one_group(one, two):
    assert groups_of(one, two) == [0, 0]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("美的洗衣机漏水\n安装才三天，地板泡了。", "美的洗衣机发票未开\n买了一个月，发票一直没有开。"),
        ("热水器漏水\n热水器底部一直滴水。", "热水器价格太贵\n同款热水器别处便宜三百。"),
        ("油烟机吸力小\n炒菜满屋子油烟。", "油烟机配件缺货\n油烟机滤网买不到。"),
        ("澄川空调遥控器失灵\n按了没反应。", "澄川空调外机噪音大\n晚上吵得睡不着。"),
    ],
)
def test_two_troubles_of_one_kind_of_goods_stay_apart(one, two):
    assert groups_of(one, two) == [None, None]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("美的洗衣机漏水\n安装才三天，地板泡了。", "洗衣机底部漏水\n用了一周，底下一直漏水，地板湿了。"),
        ("热水器忽冷忽热\n洗澡中途变凉。", "热水器洗澡时水忽冷忽热\n水温不稳定。"),
        ("智能锁打不开\n指纹打不开，只能用钥匙。", "智能锁指纹失灵\n指纹识别不了，进不了门。"),
    ],
)
def test_one_trouble_of_one_kind_of_goods_is_one_group(one, two):
    assert groups_of(one, two) == [0, 0]


def test_the_pseudonym_of_a_county_is_no_model():
    assert products.MODEL.findall("A7县的路灯坏了，B3区也是") == []


def test_texts_without_any_known_word_do_no_harm():
    assert groups_of("", "！！！", "abc", "龘") == [None] * 4


def test_the_weights_hold_no_readable_text():
    with_text = matter.WEIGHTS.read_bytes()
    assert matter.WEIGHTS.stat().st_size < 6_000_000
    assert not any(word.encode() in with_text for word in ("小区", "公司", "噪音"))


def test_the_growth_of_a_group_follows_the_average_not_a_chain():
    pairs = {(0, 1): 0.9, (1, 2): 0.5}
    assert similarity.joined(pairs, 3, alike=0.4) == [0, 0, None]


@pytest.mark.skipif(not DATA.exists(), reason="the development data is not beside the project")
def test_known_common_problems_are_found_among_four_thousand_messages():
    rows = [json.loads(line) for line in (DATA / "hotissue_messages.jsonl").open(encoding="utf-8")]
    wanted = json.loads((DATA / "hotissue_groups_dev.json").read_text(encoding="utf-8"))["clusters"]
    found = similarity.group([Item(row["id"], row["text"], at=datetime.fromisoformat(row["at"])) for row in rows])
    home = dict(zip([row["id"] for row in rows], found, strict=True))
    pairwise, b_cubed = _agreement(home, wanted)
    assert pairwise >= 0.9 and b_cubed >= 0.94, (pairwise, b_cubed)


def _agreement(home, wanted):
    """Against a complete group every other message counts, against the others only the marked ones."""
    true = {member: cluster["id"] for cluster in wanted for member in cluster["members"]}
    complete = {member for cluster in wanted if cluster["complete"] for member in cluster["members"]}
    together = defaultdict(list)
    for message, group in home.items():
        if group is not None:
            together[group].append(message)
    right = wrong = missed = 0
    seen, precision, recall = set(), [], []
    for message, group in true.items():
        near = together[home[message]] if home[message] is not None else [message]
        counted = [one for one in near if one == message or one in true or message in complete]
        same = [one for one in counted if true.get(one) == group]
        size = sum(1 for one in true.values() if one == group)
        precision.append(len(same) / len(counted))
        recall.append(len(same) / size)
        right, missed = right + (len(same) - 1) / 2, missed + (size - len(same)) / 2
        pairs = {frozenset((message, one)) for one in counted if true.get(one) != group} - seen
        seen |= pairs
        wrong += len(pairs)
    exact, complete_share = sum(precision) / len(precision), sum(recall) / len(recall)
    return 2 * right / (2 * right + wrong + missed), 2 * exact * complete_share / (exact + complete_share)
