"""How our authentication is written in the OpenAPI schema, and the pages that show it."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

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
