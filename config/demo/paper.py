"""What a demo company has beside its cases: published answers, a suggestion box, a questionnaire, words for replies."""

from datetime import datetime

from accounts.models import User
from feedback.models import Box
from feedback.paper import services as services_boxes
from knowledge.models import Article
from notices.models import SmsTemplate
from surveys import services_paper
from surveys.models import Questionnaire
from tickets.models import CannedReply
from tickets.workflow import Nature

ANSWERS = [
    ("空调整机保修几年？", "自开具发票之日起，整机保修六年，请保留发票。", "保修期 质保", "How long is an air conditioner under warranty?", "Six years from the date of the invoice. Please keep the invoice."),
    ("上门安装收费吗？", "标准安装免费。加长铜管、高空作业和打孔按公示价目收费，安装前由师傅向您出示。", "安装费 费用 收费标准", "Is the installation free of charge?", "Standard installation is free. Longer pipes, work at height and drilling are charged by the published list, which the fitter shows you before."),
    ("空调滤网多久清洗一次？", "使用季节每两周清洗一次：取下滤网，用清水冲洗，阴干后装回。", "过滤网 清洗方法", "How often should the filter be cleaned?", "Every two weeks in the season: take it out, rinse it with water, let it dry in the shade."),
    ("怎样开具电子发票？", "在订单页面点“开具发票”，填写抬头和税号，电子发票当天发送到您的邮箱。", "发票 开票 抬头", "How do I get an electronic invoice?", "Choose “invoice” on the page of your order and enter name and tax number. It is mailed on the same day."),
]  # fmt: skip


def create(at: datetime) -> None:
    if Article.objects.exists() or Box.objects.exists():
        return
    Article.objects.bulk_create(
        Article(question=zh, answer=answer, words=words, question_en=en, answer_en=answer_en, is_public=True)
        for zh, answer, words, en, answer_en in ANSWERS
    )
    keeper = User.objects.filter(username="lin").first()
    services_boxes.save_box(Box(number="B-01", place="城西服务中心一楼大厅", keeper=keeper), at=at)
    if not Questionnaire.objects.exists():
        services_paper.create(
            code="G1", name="服务满意度问卷", name_en="How satisfied are you with our service?", at=at
        )
    SmsTemplate.objects.bulk_create(
        [
            SmsTemplate(kind="replied", text="您反映的问题（{number}）已答复：{text} 详情：{url}", text_en="Your case {number}: {text} More: {url}", approval_number="DEMO-SMS-001"),
            SmsTemplate(kind="lost_code", text="您查询进度的一次性验证码：{text}，15 分钟内有效，请勿告知他人。", text_en="Your one-time code: {text}. Valid for 15 minutes; do not pass it on.", approval_number="DEMO-SMS-005"),
            SmsTemplate(kind="question", text="关于您反映的问题（{number}），请补充：{text} 回复请点：{url}", text_en="Your case {number}, please tell us: {text} Answer here: {url}", approval_number="DEMO-SMS-002"),
            SmsTemplate(kind="received", text="您的反馈已收到，编号{number}。随时查询进度：{url}", text_en="We have received your feedback, number {number}. How it stands: {url}", approval_number="DEMO-SMS-003"),
            SmsTemplate(kind="resolved", text="您反映的问题（{number}）已办结，查看结果并评价：{url}", text_en="Your case {number} has been handled. The answer, and whether it helped: {url}", approval_number="DEMO-SMS-004"),
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if not CannedReply.objects.exists():
        CannedReply.objects.bulk_create(
            [
                CannedReply(name="保修期", name_en="Warranty", text="{name}您好，空调整机自开具发票之日起保修六年。感谢您的咨询。{company}", text_en="Dear {name}, the whole unit is under warranty for six years from the date of the invoice. Thank you for asking. {company}", nature=Nature.INQUIRY, resolves=True),
                CannedReply(name="已派师傅", name_en="Fitter sent", text="{name}您好，您反映的问题（{number}）已安排师傅上门，上门前会与您电话确认时间。给您添麻烦了。", text_en="Dear {name}, a fitter is on the way for your case {number} and will call you first. We are sorry for the trouble."),
            ]
        )  # fmt: skip
