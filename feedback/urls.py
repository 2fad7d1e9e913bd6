from django.urls import path

from feedback import (
    views,
    views_appeals,
    views_batch,
    views_boxes,
    views_classifier,
    views_counter,
    views_own_data,
    views_register,
    views_similar,
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
    path("register/letters/", views_batch.letters, name="letters"),
    path("register/letters/<str:token>/", views_batch.letters_entered, name="letters-entered"),
    path("register/counter/", views_counter.at_counter, name="counter"),
    path("register/<str:token>/", views_register.registered, name="registered"),
    path("boxes/", views_boxes.boxes, name="boxes"),
    path("boxes/new/", views_boxes.new_box, name="new-box"),
    path("boxes/labels/", views_boxes.labels, name="box-labels"),
    path("boxes/<int:pk>/", views_boxes.box, name="box"),
    path("boxes/openings/<int:pk>/", views_batch.opening, name="opening"),
    path("boxes/openings/<int:pk>/finish/", views_batch.finish_opening, name="finish-opening"),
    path("b/<slug:number>/", views_boxes.at_box, name="at-box"),
    path("tickets/<str:number>/similar/", views_similar.similar, name="similar"),
    path("privacy/", views.privacy, name="privacy"),
]
