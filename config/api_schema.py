"""How our authentication is written in the OpenAPI schema, and the pages that show it."""

from typing import Any

from django.http import QueryDict
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from config.api_words import introduction


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.tokens.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "manage.py create_token NAME --scopes …"}


def introduced(result: dict[str, Any], **_how: Any) -> dict[str, Any]:
    """With what holds for all calls above them."""
    result["info"]["description"] = introduction()
    return result


class SchemaView(SpectacularAPIView):
    """JSON unless YAML is asked for: every reader of YAML reads JSON too."""

    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]


class DocsView(SpectacularSwaggerSplitView):
    """The page's script comes from its own address, because the content policy runs none that stands in a page."""

    template_name = "config/api_docs.html"
    url_name = "api-schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The script's address is this one with `?script=`, which is empty and means something (decision 0094)."""
        request._request.GET = QueryDict(request.META.get("QUERY_STRING", ""))
        return super().get(request, *args, **kwargs)
