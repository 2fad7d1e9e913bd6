from django.urls import path

from surveys import views

app_name = "surveys"
urlpatterns = [
    path("survey/<str:token>/", views.answer, name="answer"),
    path("t/<str:code>/rate/", views.rate, name="rate"),
    path("call-backs/", views.calls, name="calls"),
]
