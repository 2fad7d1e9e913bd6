from django.urls import path

from knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.faq, name="faq"),
    path("improvements/", views.improvements, name="improvements"),
    path("<int:pk>/", views.article, name="article"),
]
