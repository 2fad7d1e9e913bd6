"""The form on other sites and on paper, part of `feedback.urls`."""

from django.urls import path

from feedback import views_embed
from feedback.chat import views_answers
from feedback.paper import views_posters

urlpatterns = [
    path("widget.js", views_embed.widget, name="widget"),
    path("embed/", views_embed.embed, name="embed"),
    path("embed/receipt/<str:token>/", views_embed.receipt, name="embed-receipt"),
    path("answers/", views_answers.similar_answers, name="answers"),
    path("posters/", views_posters.posters, name="posters"),
]
