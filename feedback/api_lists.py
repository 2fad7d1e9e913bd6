"""What forms of other systems are made of: channels and categories. Open to everybody, as the public form is."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api import PublicView
from feedback.channels import all_channels
from tickets.models import Category
from tickets.pagination import CodesPagination


class ChannelSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(help_text=gettext_lazy("In the language asked for."))
    icon = serializers.CharField()
    automatic = serializers.BooleanField(help_text=gettext_lazy("No person stands at it."))


class ChannelPageSerializer(serializers.Serializer):
    """All of them, in the envelope of every list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ChannelSerializer(many=True)


class CategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = ("code", "name", "name_en")
        read_only_fields = fields


class ChannelListView(PublicView):
    """The channels that feedback comes by, all of them on one page. Without a token only `app` and `web` are taken."""

    scope_of_tokens = ""

    @extend_schema(operation_id="channels_list", responses=ChannelPageSerializer, tags=["channels"])
    def get(self, request: Request) -> Response:
        rows = ChannelSerializer(all_channels(), many=True).data
        return Response({"next": None, "previous": None, "results": rows})


@extend_schema(tags=["categories"])
class CategoryListView(PublicView, generics.ListAPIView):
    """The categories that feedback may name, by `code`."""

    scope_of_tokens = ""
    queryset = Category.objects.filter(is_active=True)
    serializer_class = CategorySerializer
    pagination_class = CodesPagination
    filter_backends: list[Any] = []
