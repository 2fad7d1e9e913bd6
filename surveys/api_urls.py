"""The part of `/api/v1/` that this app answers."""

from django.urls import path

from surveys import api

urlpatterns = [path("feedback/<str:code>/rating/", api.RatingView.as_view(), name="rating")]
