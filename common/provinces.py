"""The 34 provinces by the first two digits of GB/T 2260, each with its place on a grid of equal tiles."""

from typing import NamedTuple


class Tile(NamedTuple):
    row: int
    column: int
    short: str
    name: str
    abbreviation: str
    english: str


TILES = {
    "23": Tile(1, 9, "黑", "黑龙江", "HL", "Heilongjiang"),
    "15": Tile(2, 7, "蒙", "内蒙古", "NM", "Inner Mongolia"),
    "21": Tile(2, 8, "辽", "辽宁", "LN", "Liaoning"),
    "22": Tile(2, 9, "吉", "吉林", "JL", "Jilin"),
    "65": Tile(3, 1, "新", "新疆", "XJ", "Xinjiang"),
    "62": Tile(3, 2, "甘", "甘肃", "GS", "Gansu"),
    "64": Tile(3, 3, "宁", "宁夏", "NX", "Ningxia"),
    "61": Tile(3, 4, "陕", "陕西", "SN", "Shaanxi"),
    "14": Tile(3, 5, "晋", "山西", "SX", "Shanxi"),
    "13": Tile(3, 6, "冀", "河北", "HE", "Hebei"),
    "11": Tile(3, 7, "京", "北京", "BJ", "Beijing"),
    "12": Tile(3, 8, "津", "天津", "TJ", "Tianjin"),
    "54": Tile(4, 1, "藏", "西藏", "XZ", "Tibet"),
    "63": Tile(4, 2, "青", "青海", "QH", "Qinghai"),
    "51": Tile(4, 3, "川", "四川", "SC", "Sichuan"),
    "50": Tile(4, 4, "渝", "重庆", "CQ", "Chongqing"),
    "41": Tile(4, 6, "豫", "河南", "HA", "Henan"),
    "37": Tile(4, 7, "鲁", "山东", "SD", "Shandong"),
    "52": Tile(5, 4, "黔", "贵州", "GZ", "Guizhou"),
    "42": Tile(5, 5, "鄂", "湖北", "HB", "Hubei"),
    "34": Tile(5, 6, "皖", "安徽", "AH", "Anhui"),
    "32": Tile(5, 7, "苏", "江苏", "JS", "Jiangsu"),
    "31": Tile(5, 8, "沪", "上海", "SH", "Shanghai"),
    "53": Tile(6, 3, "滇", "云南", "YN", "Yunnan"),
    "45": Tile(6, 4, "桂", "广西", "GX", "Guangxi"),
    "43": Tile(6, 5, "湘", "湖南", "HN", "Hunan"),
    "36": Tile(6, 6, "赣", "江西", "JX", "Jiangxi"),
    "33": Tile(6, 7, "浙", "浙江", "ZJ", "Zhejiang"),
    "44": Tile(7, 5, "粤", "广东", "GD", "Guangdong"),
    "35": Tile(7, 6, "闽", "福建", "FJ", "Fujian"),
    "71": Tile(7, 8, "台", "台湾", "TW", "Taiwan"),
    "82": Tile(8, 4, "澳", "澳门", "MO", "Macao"),
    "81": Tile(8, 5, "港", "香港", "HK", "Hong Kong"),
    "46": Tile(8, 3, "琼", "海南", "HI", "Hainan"),
}
