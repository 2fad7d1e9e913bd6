from django.urls import path

from feedback import (
    views,
    views_appeals,
    views_classifier,
    views_own_data,
    views_register,
    views_similar,
    views_webhooks,
)

app_name = "feedback"
urlpatterns = [
    path("", views.feedback_form, name="form"),
    path("receipt/<str:token>/", views.receipt, name="receipt"),
    path("track/", views.track, name="track"),
    path("t/<str:code>/", views.tracking, name="tracking"),
    path("t/<str:code>/messages/", views.add_message, name="message"),
    path("t/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("t/<str:code>/appeal/", views.appeal, name="complain"),
    path("t/<str:code>/export/", views_own_data.export, name="export"),
    path("t/<str:code>/files/<uuid:key>/", views.attachment, name="file"),
    path("t/<str:code>/files/<uuid:key>/small/", views.attachment, {"small": True}, name="file-small"),
    path("appeals/", views_appeals.appeals, name="appeals"),
    path("appeals/<int:pk>/", views_appeals.appeal, name="appeal"),
    path("classifier/", views_classifier.classifier, name="classifier"),
    path("register/", views_register.register, name="register"),
    path("register/<str:token>/", views_register.registered, name="registered"),
    path("tickets/<str:number>/similar/", views_similar.similar, name="similar"),
    path("webhooks/", views_webhooks.listed, name="webhooks"),
    path("webhooks/new/", views_webhooks.new, name="webhook-new"),
    path("webhooks/<int:pk>/", views_webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/act/", views_webhooks.act, name="webhook-act"),
    path("privacy/", views.privacy, name="privacy"),
]
