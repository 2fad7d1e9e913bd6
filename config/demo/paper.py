"""What a demo company has beside its cases: published answers, a suggestion box, a questionnaire."""

from datetime import datetime

from accounts.models import User
from feedback import services_boxes
from feedback.models import Box
from knowledge.models import Article
from surveys import services_paper
from surveys.models import Questionnaire

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
