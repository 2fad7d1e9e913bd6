"""The uniform categories a company starts with (B2.2, C4.1), each with the department that answers for it (B3.1)."""

from accounts.models import Department
from tickets.models import Category

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


def create_defaults() -> None:
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
