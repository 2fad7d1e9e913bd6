"""The tree of departments and the log."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts import services
from accounts.models import Department

pytestmark = pytest.mark.django_db


def test_moving_a_department_takes_everything_below_it_along():
    top = services.create_department(code="a", name="甲")
    middle = services.create_department(code="b", name="乙", parent=top)
    leaf = services.create_department(code="c", name="丙", parent=middle)
    other = services.create_department(code="d", name="丁")
    services.move_department(middle, parent=other)
    leaf.refresh_from_db()
    assert leaf.path == f"/{other.pk}/{middle.pk}/{leaf.pk}/"
    assert set(Department.objects.under(other)) == {other, middle, leaf}
    assert set(Department.objects.under(top)) == {top}


def test_a_department_cannot_lie_below_itself():
    top = services.create_department(code="a", name="甲")
    below = services.create_department(code="b", name="乙", parent=top)
    with pytest.raises(services.CannotMove):
        services.move_department(top, parent=below)


def test_the_access_log_cannot_be_changed(lin):
    row = services.log_access(user=lin, action="reveal", subject="Q1", at=timezone.now(), purpose="call back")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.delete()


def test_loading_regions_twice_gives_each_division_once():
    from accounts.models import Region
    from accounts.services_regions import load_regions

    count = load_regions()
    assert count == load_regions() == Region.objects.count() > 3000
    assert Region.objects.get(code="330110").full_name == "浙江省杭州市余杭区"


def test_regions_are_written_only_where_they_differ_from_the_codes(django_assert_num_queries):
    from accounts.models import Region
    from accounts.services_regions import load_regions

    load_regions()
    with django_assert_num_queries(1):
        load_regions()
    Region.objects.filter(code="330110").update(name="余杭县", full_name="余杭县")
    load_regions()
    assert Region.objects.get(code="330110").full_name == "浙江省杭州市余杭区"


def test_an_english_reader_reads_regions_in_english_and_the_office_may_name_them():
    from django.utils.translation import override

    from accounts.models import Region
    from accounts.services_regions import load_regions

    load_regions()
    with override("en"):
        assert [str(row) for row in Region.objects.filter(code__in=["330110", "532900"])] == [
            "Yuhang District", "Dali Bai Autonomous Prefecture",
        ]  # fmt: skip
        assert Region.objects.get(code="330110").local_full_name == "Yuhang District, Hangzhou, Zhejiang"
        Region.objects.filter(code="330110").update(name_en="Future City")
        load_regions()
        assert Region.objects.get(code="330110").local_full_name == "Future City, Hangzhou, Zhejiang"
    assert Region.objects.get(code="330110").local_full_name == "浙江省杭州市余杭区"
