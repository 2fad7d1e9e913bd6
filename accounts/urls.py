from django.urls import path

from accounts import views, views_log

app_name = "accounts"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("access-log/", views_log.access_log, name="access-log"),
    path("profile/", views.profile, name="profile"),
]
