"""The hotline desk, part of `feedback.urls`."""

from django.urls import path

from feedback.hotline import hooks as hooks_cti
from feedback.hotline import views as views_hotline

urlpatterns = [
    path("hotline/", views_hotline.hotline, name="hotline"),
    path("hotline/lookup/", views_hotline.lookup, name="lookup"),
    path("hotline/answers/", views_hotline.knowledge, name="hotline-answers"),
    path("hotline/draft/", views_hotline.keep, name="hotline-draft"),
    path("hotline/draft/discard/", views_hotline.discard, name="hotline-discard"),
    path("hotline/ringing/", views_hotline.ringing, name="ringing"),
    path("hotline/line/", views_hotline.sit_at, name="hotline-line"),
    path("hotline/script/<str:nature>/", views_hotline.script, name="hotline-script"),
    path("hotline/calls/", views_hotline.begin, name="call-begin"),
    path("hotline/calls/<int:pk>/", views_hotline.call_state, name="call"),
    path("hotline/calls/<int:pk>/put-away/", views_hotline.put_away, name="call-put-away"),
    path("hotline/calls/<int:pk>/end/", views_hotline.end, name="call-end"),
    path("hotline/calls/<int:pk>/called-back/", views_hotline.called_back, name="called-back"),
    path("hooks/cti/", hooks_cti.CtiHook.as_view(), name="hook-cti"),
]
