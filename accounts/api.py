"""The departments, for apps that route or show them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, ModelSerializer
from rest_framework.views import APIView

from accounts.models import Department


class DepartmentSerializer(ModelSerializer):
    parent = CharField(source="parent.code", allow_null=True, default=None)

    class Meta:
        model = Department
        fields = ["code", "name", "name_en", "parent", "is_office", "is_active"]
        read_only_fields = fields


class DepartmentsView(APIView):
    """All departments, in the order in which they are shown. One query; never more than one page."""

    scopes = {"GET": ("submit", "read", "manage", "reports")}

    @extend_schema(responses=DepartmentSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows: list[dict[str, Any]] = DepartmentSerializer(Department.objects.select_related("parent"), many=True).data
        return Response({"next": None, "previous": None, "results": rows})
