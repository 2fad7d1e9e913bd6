from django.urls import path

from accounts import views, views_shifts

app_name = "accounts"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("shifts/", views_shifts.shifts, name="shifts"),
    path("shifts/<int:pk>/remove/", views_shifts.remove_shift, name="remove-shift"),
    path("profile/", views.profile, name="profile"),
]
