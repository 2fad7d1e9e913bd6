"""Departments (B4) and people of the demo company."""

from django.contrib.auth.hashers import make_password

from accounts import services
from accounts.models import Department, User
from accounts.roles import Role

PASSWORD = "huisheng-demo"  # noqa: S105 - told on the login page of a demo

# code, name, English name, is it the feedback office
DEPARTMENTS = (
    ("management", "公司领导", "Management", False),
    ("office", "意见管理部门", "Feedback office", True),
    ("customer_service", "客服中心", "Customer service", False),
    ("after_sales", "售后服务部", "After-sales", False),
    ("logistics", "物流配送部", "Logistics", False),
    ("business", "业务部", "Business", False),
    ("audit", "监督小组", "Supervision team", False),
    ("it", "信息技术部", "IT", False),
)

# username, name, English name, title, department, roles; the first head of a department leads it
PEOPLE = (
    ("tang", "唐越", "Tang Yue", "总经理", "management", [Role.LEADER]),
    ("qin", "秦岚", "Qin Lan", "副总经理", "management", [Role.LEADER]),
    ("feng", "冯毅", "Feng Yi", "总经理助理", "management", [Role.LEADER, Role.HANDLER]),
    ("zhou", "周明", "Zhou Ming", "办公室主任", "office", [Role.OFFICE, Role.HEAD]),
    ("sun", "孙悦", "Sun Yue", "督办专员", "office", [Role.OFFICE]),
    ("he", "何穗", "He Sui", "数据分析师", "office", [Role.ANALYST]),
    ("bai", "白鹭", "Bai Lu", "督办专员", "office", [Role.OFFICE, Role.HANDLER]),
    ("shen", "沈婉", "Shen Wan", "客服中心经理", "customer_service", [Role.HEAD]),
    ("lin", "林知夏", "Lin Zhixia", "受理员", "customer_service", [Role.AGENT]),
    ("qing", "许晴川", "Xu Qingchuan", "受理员", "customer_service", [Role.AGENT]),
    ("luo", "罗一帆", "Luo Yifan", "服务专员", "customer_service", [Role.HANDLER]),
    ("fang", "方圆", "Fang Yuan", "服务专员", "customer_service", [Role.HANDLER]),
    ("gao", "高远", "Gao Yuan", "售后服务部经理", "after_sales", [Role.HEAD]),
    ("chen", "陈思源", "Chen Siyuan", "售后工程师", "after_sales", [Role.HANDLER]),
    ("meng", "孟川", "Meng Chuan", "售后工程师", "after_sales", [Role.HANDLER]),
    ("shao", "邵琪", "Shao Qi", "备件专员", "after_sales", [Role.HANDLER]),
    ("yan", "严松", "Yan Song", "物流配送部经理", "logistics", [Role.HEAD]),
    ("han", "韩叙", "Han Xu", "配送调度", "logistics", [Role.HANDLER]),
    ("lu", "卢骏", "Lu Jun", "配送调度", "logistics", [Role.HANDLER]),
    ("ning", "贺宁", "He Ning", "业务部经理", "business", [Role.HEAD]),
    ("deng", "邓可", "Deng Ke", "渠道专员", "business", [Role.HANDLER]),
    ("wu", "吴桐", "Wu Tong", "门店督导", "business", [Role.HANDLER]),
    ("xu", "徐正", "Xu Zheng", "监督小组组长", "audit", [Role.AUDITOR]),
    ("liang", "梁冰", "Liang Bing", "监督员", "audit", [Role.AUDITOR]),
    ("gu", "顾言", "Gu Yan", "监督员", "audit", [Role.AUDITOR]),
    ("xia", "夏至", "Xia Zhi", "信息技术部经理", "it", [Role.HEAD]),
    ("ding", "丁一", "Ding Yi", "系统工程师", "it", [Role.HANDLER]),
    ("ma", "马良", "Ma Liang", "系统工程师", "it", [Role.HANDLER]),
    ("admin", "管理员", "Administrator", "系统管理员", "it", [Role.ADMIN]),
)
HEADS = {
    "management": "tang", "office": "zhou", "customer_service": "shen", "after_sales": "gao", "logistics": "yan",
    "business": "ning", "audit": "xu", "it": "xia",
}  # fmt: skip


def create() -> None:
    """Idempotent: who and what exists stays as people have changed it."""
    departments = {}
    for position, (code, name, name_en, is_office) in enumerate(DEPARTMENTS, start=1):
        row = Department.objects.filter(code=code).first()
        departments[code] = row or services.create_department(
            code=code, name=name, name_en=name_en, is_office=is_office, position=position * 10
        )
    known = set(User.objects.values_list("username", flat=True))
    missing = [person for person in enumerate(PEOPLE) if person[1][0] not in known]
    password = make_password(PASSWORD) if missing else ""  # once: hashing is slow on purpose
    User.objects.bulk_create(
        User(
            username=username,
            name=name,
            name_en=name_en,
            title=title,
            department=departments[home],
            roles=[role.value for role in roles],
            email=f"{username}@demo.example",
            phone=f"0571-5550-{8000 + number}",
            password=password,
            is_staff=Role.ADMIN in roles,
            is_superuser=Role.ADMIN in roles,
        )
        for number, (username, name, name_en, title, home, roles) in missing
    )
    people = User.objects.in_bulk(HEADS.values(), field_name="username")
    for code, username in HEADS.items():
        if departments[code].head_id is None:
            departments[code].head = people[username]
            departments[code].save(update_fields=["head"])
