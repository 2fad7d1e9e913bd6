"""The part of `/api/v1/` that this app answers."""

from django.urls import path

from knowledge import api

urlpatterns = [
    path("knowledge/", api.KnowledgeView.as_view(), name="knowledge-list"),
    path("knowledge/articles/", api.ArticlesView.as_view(), name="knowledge-articles"),
]
