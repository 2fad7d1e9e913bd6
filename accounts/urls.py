from django.urls import path

from accounts import views, views_log, views_shifts

app_name = "accounts"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("stay/", views.stay, name="stay"),
    path("shifts/", views_shifts.shifts, name="shifts"),
    path("shifts/<int:pk>/remove/", views_shifts.remove_shift, name="remove-shift"),
    path("access-log/", views_log.access_log, name="access-log"),
    path("profile/", views.profile, name="profile"),
]
