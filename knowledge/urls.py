from django.urls import path

from knowledge import views, views_editing

app_name = "knowledge"
urlpatterns = [
    path("", views.faq, name="faq"),
    path("improvements/", views.improvements, name="improvements"),
    path("articles/", views_editing.articles, name="articles"),
    path("articles/new/", views_editing.edit, name="new"),
    path("articles/<int:pk>/", views_editing.edit, name="edit"),
    path("articles/<int:pk>/readers/", views_editing.readers, name="readers"),
    path("<int:pk>/", views.article, name="article"),
]
