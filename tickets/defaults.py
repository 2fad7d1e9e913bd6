"""What a company starts with: categories with their departments (B2.2 B3.1 C4.1), causes (A3.2), reviews (B3.4),
classes of the archive (D6).
"""

from accounts.models import Department
from tickets.models import ArchiveClass, Category, Cause, ReviewRule
from tickets.workflow import Gate, Nature, Tier

# code, name, English name, code of the department that takes it where there is one
CATEGORIES = (
    ("product", "产品质量", "Product quality", "after_sales"),
    ("service", "服务态度", "Service attitude", "customer_service"),
    ("delivery", "配送物流", "Delivery and logistics", "logistics"),
    ("after_sales", "售后服务", "After-sales", "after_sales"),
    ("process", "流程", "Process", "business"),
    ("environment", "环境", "Environment", "business"),
    ("other", "其他", "Other", None),
)

# code, name, English name
CAUSES = (
    ("product_defect", "产品质量缺陷", "Product defect"),
    ("installation", "安装或维修不当", "Installation or repair"),
    ("service_attitude", "服务态度", "Service attitude"),
    ("delay", "处理或配送延误", "Delay"),
    ("information", "告知不清或错误", "Wrong or missing information"),
    ("process", "流程缺陷", "Flaw in a process"),
    ("customer_use", "用户使用原因", "Use by the customer"),
    ("third_party", "第三方原因", "A third party"),
    ("other", "其他原因", "Other cause"),
)

# nature, tier (empty: every other), gates, does the office call the customer back
REVIEW_RULES = (
    (Nature.COMPLAINT, "", [Gate.HEAD, Gate.OFFICE], False),
    (Nature.COMPLAINT, Tier.L1, [Gate.HEAD, Gate.OFFICE, Gate.LEADERSHIP], True),
    (Nature.SUGGESTION, "", [], False),
    (Nature.SUGGESTION, Tier.L1, [Gate.LEADERSHIP], False),
    (Nature.INQUIRY, Tier.L1, [Gate.LEADERSHIP], False),
)

# code, name, English name, nature, tier, bad reviews only, years kept; the first that fits takes a case
ARCHIVE_CLASSES = (
    ("ZD", "重大事件档案", "Major cases", "", Tier.L1, False, 10),
    ("CP", "差评整改档案", "Bad reviews", "", "", True, 5),
    ("TS", "投诉档案", "Complaints", Nature.COMPLAINT, "", False, 5),
    ("JY", "建议档案", "Suggestions", Nature.SUGGESTION, "", False, 3),
    ("ZX", "咨询求助档案", "Inquiries", "", "", False, 3),
)


def create_defaults() -> None:
    create_categories()
    for position, (code, name, name_en) in enumerate(CAUSES, start=1):
        named = {"name": name, "name_en": name_en, "position": position * 10}
        Cause.objects.get_or_create(code=code, defaults=named)
    for nature, tier, gates, call_back in REVIEW_RULES:
        ruled = {"gates": [gate.value for gate in gates], "call_back": call_back}
        ReviewRule.objects.get_or_create(nature=nature, tier=tier, defaults=ruled)
    create_archive_classes()


def create_archive_classes() -> None:
    """D6: a company begins with these; how long is its own decision."""
    for position, (code, name, name_en, nature, tier, bad_reviews, years) in enumerate(ARCHIVE_CLASSES, start=1):
        kept = {"name": name, "name_en": name_en, "nature": nature, "tier": tier, "bad_reviews": bad_reviews}
        ArchiveClass.objects.get_or_create(code=code, defaults=kept | {"years": years, "position": position * 10})


def create_categories() -> None:
    """Idempotent; a category that exists stays as people have edited it, but for a department it never had."""
    departments = {row.code: row for row in Department.objects.active()}
    for position, (code, name, name_en, department) in enumerate(CATEGORIES, start=1):
        row, created = Category.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": name_en,
                "position": position * 10,
                "department": departments.get(department or ""),
            },
        )
        if not created and row.department_id is None and department in departments:
            row.department = departments[department]
            row.save(update_fields=["department"])
