from django.urls import path

from tickets import views, views_desk, views_files, views_queue, views_routing, views_suggest

app_name = "tickets"
urlpatterns = [
    path("desk/", views_desk.desk, name="desk"),
    path("routing/", views_routing.rules, name="routing"),
    path("routing/new/", views_routing.rule, name="routing-new"),
    path("routing/<slug:code>/", views_routing.rule, name="routing-rule"),
    path("routing/<slug:code>/move/", views_routing.move, name="routing-move"),
    path("tickets/", views_queue.queue, name="queue"),
    path("search/suggest/", views_suggest.suggest, name="suggest"),
    path("tickets/bulk/", views_queue.bulk, name="bulk"),
    path("tickets/<str:number>/", views.ticket, name="ticket"),
    path("tickets/<str:number>/read/", views.read, name="read"),
    path("tickets/<str:number>/reveal/", views.reveal, name="reveal"),
    path("tickets/<str:number>/parts/", views.answer_parts, name="answer-parts"),
    path("tickets/<str:number>/<str:verb>/", views.move, name="move"),
    path("files/<uuid:key>/", views_files.attachment, name="attachment"),
    path("files/<uuid:key>/small/", views_files.small, name="small"),
]
