from django.urls import path

from notices import views, views_sms

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.mark_read, name="read"),
    path("sms/", views_sms.templates, name="sms-templates"),
    path("sms/new/", views_sms.template, name="sms-template-new"),
    path("sms/<int:pk>/", views_sms.template, name="sms-template"),
]
