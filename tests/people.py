"""The small named cast of every test.

林 Lin, agent in customer service; 陈 Chen, handler in after-sales; 高 Gao, head of after-sales; 周 Zhou, the office;
韩 Han, handler in logistics (the colleague of another department); 何 He, analyst; 徐 Xu, auditor; 唐 Tang, leader;
`nobody`, a user without any role; 王 Wang, the customer, is data, not a user.
"""

import pytest

from accounts.models import Department, User
from accounts.roles import Role

WANG = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"}


def department(code: str, name: str, **fields: object) -> Department:
    row, created = Department.objects.get_or_create(code=code, defaults={"name": name, "path": "-", **fields})
    if created:
        row.path = f"/{row.pk}/"
        row.save(update_fields=["path"])
    return row


def user(username: str, name: str, roles: list[str], home: Department | None) -> User:
    return User.objects.create(
        username=username,
        name=name,
        roles=roles,
        department=home,
        email=f"{username}@demo.example",
        password="!",
    )


@pytest.fixture
def customer_service(db: None) -> Department:
    return department("customer_service", "客服中心", name_en="Customer service")


@pytest.fixture
def after_sales(db: None) -> Department:
    return department("after_sales", "售后服务部", name_en="After-sales")


@pytest.fixture
def logistics(db: None) -> Department:
    return department("logistics", "物流配送部", name_en="Logistics")


@pytest.fixture
def office(db: None) -> Department:
    return department("office", "意见管理办公室", name_en="Feedback office", is_office=True)


@pytest.fixture
def lin(customer_service: Department) -> User:
    return user("lin", "林知夏", [Role.AGENT], customer_service)


@pytest.fixture
def chen(after_sales: Department) -> User:
    return user("chen", "陈思源", [Role.HANDLER], after_sales)


@pytest.fixture
def gao(after_sales: Department) -> User:
    gao = user("gao", "高远", [Role.HEAD], after_sales)
    after_sales.head = gao
    after_sales.save(update_fields=["head"])
    return gao


@pytest.fixture
def han(logistics: Department) -> User:
    return user("han", "韩叙", [Role.HANDLER], logistics)


@pytest.fixture
def zhou(office: Department) -> User:
    zhou = user("zhou", "周明", [Role.OFFICE], office)
    office.head = zhou
    office.save(update_fields=["head"])
    return zhou


@pytest.fixture
def he(db: None) -> User:
    return user("he", "何穗", [Role.ANALYST], None)


@pytest.fixture
def xu(db: None) -> User:
    return user("xu", "徐正", [Role.AUDITOR], None)


@pytest.fixture
def tang(db: None) -> User:
    return user("tang", "唐越", [Role.LEADER], None)


@pytest.fixture
def nobody(db: None) -> User:
    return user("nobody", "无角色", [], None)
