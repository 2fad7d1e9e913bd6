"""Quoted text is folded: what each mail program puts around the mail that it answers."""

import time

import pytest

from feedback.mail.message.quotes import reply_text

NEW = "你好，问题还没有解决，请尽快安排人员上门。\n\n谢谢！"

REPLIES = {
    "outlook_zh": "\n\n________________________________\n发件人: 客服中心 <s@demo.example>\n发送时间: 2026年1月5日 9:30\n"
    "收件人: 王小明 <w@x.cn>\n主题: [Q20260105-000001] 处理结果\n\n您好，已处理。",
    "outlook_zh_desktop": "\n\n发件人: 客服中心 [mailto:s@demo.example] \n发送时间: 2026年1月5日 9:30\n收件人: w@x.cn\n抄送: a@x.cn\n"
    "主题: 处理结果\n\n您好。",
    "outlook_zh_classic": "\n\n-----邮件原件-----\n发件人: 客服中心\n发送时间: 2026年1月5日 9:30\n收件人: w@x.cn\n主题: 结果\n\n您好。",
    "outlook_zh_mac": "\n\n发件人: 客服 <s@demo.example>\n日期: 2026年1月5日 星期一 上午9:30\n至: w@x.cn\n主题: 结果\n\n您好。",
    "outlook_en": "\n\n________________________________\nFrom: Support <s@demo.example>\nSent: Monday, January 5, 2026 9:30 AM\n"
    "To: w@x.cn\nSubject: Result\n\nDear customer",
    "outlook_en_classic": "\n\n-----Original Message-----\nFrom: Support\nSent: Monday\nTo: w\nSubject: R\n\nDear customer",
    "foxmail": "\n\n\n\n王小明\n \n发件人： 客服中心\n发送时间： 2026-01-05 09:30\n收件人： wxm\n主题： 处理结果\n您好",
    "foxmail_address": "\n\n\n\nwxm@example.cn\n \n发件人： 客服中心\n发送时间： 2026-01-05 09:30\n收件人： wxm\n主题： 处理结果\n您好",
    "qq": "\n\n\n------------------\u00a0原始邮件\u00a0------------------\n发件人: \"客服中心\"<s@demo.example>;\n"
    "发送时间: 2026年1月5日(星期一) 上午9:30\n收件人: \"王小明\"<w@qq.com>;\n\n主题: 处理结果\n\n您好",
    "qq_en": "\n\n------------------ Original ------------------\n"
    "From: \"Support\"<s@demo.example>;\nDate: Mon\nTo: w;\nSubject: R\n\nDear",
    "163": "\n\n\n\n\n\n在 2026-01-05 09:30:12，\"客服中心\" <s@demo.example> 写道：\n\n> 您好",
    "163_master": "\n\n\n| |\n王小明\n|\n|\nw@163.com\n|\n签名由网易邮箱大师定制\n\n\n"
    "---- 回复的原邮件 ----\n| 发件人 | 客服中心<s@demo.example> |\n"
    "| 发送日期 | 2026年01月05日 09:30 |\n| 收件人 | w@163.com |\n| 主题 | 结果 |\n您好",
    "163_at": "\n\n\n\n\n\nAt 2026-01-05 09:30:12, \"Support\" <s@demo.example> wrote:\n>您好",
    "gmail_zh": "\n\n客服中心 <s@demo.example> 于2026年1月5日周一 09:30写道：\n\n> 您好",
    "gmail_tw": "\n\n客服中心 <s@demo.example> 於 2026年1月5日 週一 上午9:30寫道：\n\n> 您好",
    "gmail_zh_wrapped": "\n\n意见管理部门客服中心 <support-feedback-department@demo-company.example> "
    "于2026年1月5日周一\n09:30写道：\n\n> 您好",
    "gmail_en": "\n\nOn Mon, Jan 5, 2026 at 9:30 AM Support <s@demo.example> wrote:\n\n> Dear customer",
    "gmail_en_wrapped": "\n\nOn Mon, Jan 5, 2026 at 9:30 AM Support Department <\nsupport@demo.example> wrote:\n\n> Dear",
    "iphone_zh": "\n\n发自我的 iPhone\n\n> 在 2026年1月5日，09:30，客服中心 <s@demo.example> 写道：\n> \n> 您好",
    "iphone_zh_old": "\n\n发自我的 iPhone\n\n在 2026年1月5日，上午9:30，客服中心 <s@demo.example> 写道：\n\n> 您好",
    "iphone_en": "\n\nSent from my iPhone\n\n> On Jan 5, 2026, at 9:30 AM, Support <s@demo.example> wrote:\n> \n> Dear",
    "android_zh": "\n\n发自我的小米手机\n\n客服中心 <s@demo.example>于2026年1月5日 周一09:30写道：\n\n> 您好",
    "huawei": "\n\n来自我的华为手机\n\n-------- 原始邮件 --------\n发件人： 客服中心 <s@demo.example>\n日期： 2026年1月5日周一 09:30\n"
    "收件人： w@x.cn\n主 题： 结果\n您好",
    "dingtalk": "\n\n------------------------------------------------------------------\n发件人：客服中心<s@demo.example>\n"
    "发送时间：2026年1月5日(星期一) 09:30\n收件人：w<w@x.cn>\n主　题：结果\n\n您好",
    "thunderbird_zh": "\n\n在 2026/1/5 9:30, 客服中心 写道:\n> 您好",
    "thunderbird_en": "\n\nOn 05/01/2026 09:30, Support wrote:\n> Dear",
    "apple_en": "\n\nBegin forwarded message:\n\nFrom: Support <s@demo.example>\nDate: 5 January 2026\nTo: w@x.cn\nSubject: R\n\nDear",
    "sina": "\n\n----- 原始邮件 -----\n"
    "发件人：客服中心 <s@demo.example>\n收件人：w@sina.com\n主题：结果\n日期：2026年01月05日 09点30分\n\n您好",
    "outlook_phone": "\n\n获取 Outlook for iOS\n________________________________\n"
    "发件人: 客服 <s@demo.example>\n发送时间: Monday\n收件人: w\n主题: R\n\n您好",
    "qq_literal": "\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: \"客服\"<s@demo.example>;\n主题: 结果\n\n您好",
    "time_first": "\n\n发送时间：2026年1月5日\n发件人：客服中心\n收件人：王小明\n主题：结果\n\n您好",
    "gmail_ja": "\n\n2026年1月5日(月) 9:30 Support <s@demo.example>:\n\n> 您好",
    "gmail_iso": "\n\n2026-01-05 9:30 GMT+08:00 Support <s@demo.example>:\n\n> 您好",
    "french": "\n\nLe lun. 5 janv. 2026 à 09:30, Support <s@demo.example> a écrit :\n\n> Bonjour",
    "horde": "\n\nQuoting Support <s@demo.example>:\n\n> Dear",
    "yahoo": "\n\n--- On Mon, 1/5/26, Support <s@demo.example> wrote:\n\nFrom: Support\nSubject: R\nDear",
    "qq_new": "\n\n\n\n原始邮件\n\n\n发件人：客服中心 <s@demo.example>\n"
    "发件时间：2026年1月5日 09:30\n收件人：王小明 <w@qq.com>\n主题：结果\n\n您好",
    "foxmail_html": "\n\nwxm@example.cn\n\n>\n> 发件人： 客服\n> 发送时间： 2026-01-05 09:30\n> 收件人： w\n> 主题： 结果\n> 您好\n>",
    "zoho": "\n\n\n---- On Mon, 05 Jan 2026 09:30:12 +0800 Support <s@demo.example> wrote ----\n\n> Dear",
    "zoho_zh": "\n\n\n---- 在 星期一, 2026-01-05 09:30:12 +0800 客服 <s@demo.example> 写道 ----\n\n您好",
    "samsung": "\n\n发自我的Galaxy\n\n-------- 原始信息 --------\n发件人： 客服 <s@demo.example> \n"
    "日期： 2026/1/5  上午9:30  (GMT+08:00) \n"
    "收件人： w@x.cn \n主题： 结果 \n\n您好",
    "samsung_in_one_line": "\n\n-------- Original message --------From: Support <s@demo.example> "
    "Date: 05/01/2026  09:30 To: w Subject: R\nDear",
    "lark": "\n\n\n来自: \"客服\"<s@demo.example>\n日期: 2026年1月5日 (周一) 09:30\n主题: 结果\n收件人: \"王\"<w@x.cn>\n\n您好",
    "yahoo_phone": "\n\nSent from Yahoo Mail on Android\n\n  On Mon, Jan 5, 2026 at 9:30 AM, Support<s@demo.example> wrote:   Dear\nbye",
    "yandex": "\n\n05.01.2026, 09:30, \"Support\" <s@demo.example>:\n\nПривет",
    "vietnamese": "\n\nVào Th 2, 5 thg 1, 2026 vào lúc 09:30 Support <s@demo.example> đã viết:\n\n> Chào",
    "arabic": "\n\nفي الاثنين، 5 يناير 2026 في 9:30 ص تمت كتابة ما يلي بواسطة Support <s@demo.example>:\n\n> x",
    "catalan": "\n\nMissatge de Support <s@demo.example> del dia dl., 5 de gen. 2026 a les 9:30:\n\n> x",
    "outlook_app": "\n\n下载 Outlook for iOS",
    "above": "\n\n##- 请在此行上方回复 -##\n\n您好，您的工单已处理。",
    "signature": "\n\n-- \n王小明\n澄川小区3栋\n13800001234",
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("client", REPLIES)
def test_only_the_new_words_are_shown_of_a_reply(client: str) -> None:
    assert reply_text(NEW + REPLIES[client], sender_name="王小明", sender_address="wxm@example.cn") == NEW


@pytest.mark.parametrize("client", REPLIES)
def test_the_same_holds_with_the_line_ends_of_windows_cleaned(client: str) -> None:
    text = (NEW + REPLIES[client]).replace("\n", " \n")
    shown = reply_text(text, sender_name="王小明", sender_address="wxm@example.cn")
    assert [line.rstrip() for line in shown.split("\n")] == NEW.split("\n")


def test_an_answer_below_the_quotation_is_found() -> None:
    text = '在 2026-01-05 09:30:12，"客服" <s@demo.example> 写道：\n> 请问是否满意？\n\n不满意，还在漏水。'
    assert reply_text(text) == "不满意，还在漏水。"


def test_answers_between_the_lines_keep_what_they_answer() -> None:
    text = "见下。\n\nOn Mon, 2026-01-05 at 09:30, Support wrote:\n> 是否修好？\n没有。\n> 是否满意？\n不满意。\n> 客服"
    assert reply_text(text) == "见下。\n\n> 是否修好？\n没有。\n> 是否满意？\n不满意。"


def test_a_mail_that_holds_only_a_quotation_is_shown_whole() -> None:
    assert reply_text("> 您好\n> 已处理") == "> 您好\n> 已处理"


@pytest.mark.parametrize(
    "text",
    [
        "来自五楼的张女士写道：这里漏水。她说已经三天了，没有人来看。\n请尽快处理。",
        "物业在群里写道：\n明天停水。\n可是没有停水，骗人。",
        "主题：请修路\n时间：昨天晚上\n地点：解放路\n路上有三个大坑，请修。",
        "1. 漏水\n------------------------------\n2. 噪音\n------------------------------\n3. 停电",
        "1. 漏水\n--------\n2. 噪音\n--------\n3. 停电\n请分别处理。",
        "From the beginning it leaked.\nTo be honest I am angry.\nSubject to review, please call me.",
        "客服小李很耐心。\n发自内心地感谢！",
        "投诉如下。\n来自五楼全体住户",
        "原始邮件\n我没有收到，请重发。",
        "来自：五楼\n请修电梯。",
        "姓名：王小明\n____________________\n电话：13800001234\n____________________\n请回电。",
        "2026年1月5日9:30我发到 s@demo.example 的内容是：\n漏水了，请来人。",
    ],
)
def test_what_a_person_writes_is_not_taken_for_a_quotation(text: str) -> None:
    assert reply_text(text) == text


def test_the_senders_name_below_a_greeting_stays() -> None:
    text = "请回电。\n\n此致\n\n王小明\n\n\n发件人： 客服\n发送时间： 2026-01-05 09:30\n主题： 结果\n您好"
    assert reply_text(text, sender_name="王小明") == "请回电。\n\n此致\n\n王小明"


@pytest.mark.parametrize(
    "piece", ["> ", "a", "<", "&", "(", " ", "-", "_", "On 2026 ", "发件人:\n", "写道：", "*|", "From: a\nTo: b\n"]
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    reply_text(text)
    assert time.process_time() - start < 2
