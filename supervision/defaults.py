"""The checklist that a new company starts with (B5)."""

from supervision.models import Checklist

NAME, NAME_EN = "处理过程抽查表", "Check of the handling"
QUESTIONS = (
    ("登记信息完整（来源、用户、内容、时间）", "Registered in full: source, customer, content, time"),
    ("分类与级别正确", "Nature and tier are right"),
    ("按时分派、签收并明确经办人", "Assigned, accepted and given an owner in time"),
    ("首次响应及时、用语得当", "First response in time and in good words"),
    ("事实调查清楚，有证据", "Facts are cleared up, with evidence"),
    ("整改措施与原因相符，已与用户协商", "Measures fit the cause and were agreed with the customer"),
    ("两级审核由经办人以外的人员完成", "Reviews were made by others than the handler"),
    ("答复包含结果、改进与感谢", "The answer holds result, improvement and thanks"),
    ("已回访，结果如实记录", "The customer was asked afterwards, and the answer recorded as it was"),
    ("用户资料未外泄", "Nothing about the customer was disclosed"),
)


def create_defaults() -> None:
    """Idempotent: only where there is no checklist at all."""
    if not Checklist.objects.exists():
        Checklist.objects.create(
            name=NAME,
            name_en=NAME_EN,
            questions=[zh for zh, _en in QUESTIONS],
            questions_en=[en for _zh, en in QUESTIONS],
        )
