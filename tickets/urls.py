from django.urls import path

from tickets import views, views_desk
from tickets.answers import views as views_canned
from tickets.archive import views as views_archive
from tickets.attachments import views as views_files
from tickets.dispatch import views_board, views_routing
from tickets.groups import views as views_special
from tickets.groups import views_public
from tickets.problems import views as views_problems
from tickets.queue import views as views_queue
from tickets.search import views as views_suggest

app_name = "tickets"
urlpatterns = [
    path("desk/", views_desk.desk, name="desk"),
    path("dispatch/", views_board.show, name="board"),
    path("dispatch/assign/", views_board.assign, name="board-assign"),
    path("routing/", views_routing.rules, name="routing"),
    path("routing/new/", views_routing.rule, name="routing-new"),
    path("routing/<slug:code>/", views_routing.rule, name="routing-rule"),
    path("routing/<slug:code>/move/", views_routing.move, name="routing-move"),
    path("replies/", views_canned.replies, name="canned"),
    path("replies/new/", views_canned.reply, name="canned-new"),
    path("replies/<int:pk>/", views_canned.reply, name="canned-reply"),
    path("tickets/", views_queue.queue, name="queue"),
    path("search/suggest/", views_suggest.suggest, name="suggest"),
    path("tickets/bulk/", views_queue.bulk, name="bulk"),
    path("tickets/<str:number>/", views.ticket, name="ticket"),
    path("tickets/<str:number>/archive/", views_archive.record, name="archive-record"),
    path("tickets/<str:number>/read/", views.read, name="read"),
    path("tickets/<str:number>/reveal/", views.reveal, name="reveal"),
    path("tickets/<str:number>/parts/", views.answer_parts, name="answer-parts"),
    path("problems/<int:pk>/answer/", views_problems.answer, name="answer-problem"),
    path("tickets/<str:number>/draft/", views_problems.draft, name="draft"),
    path("tickets/<str:number>/special-report/", views_special.page, name="special-report"),
    path("tickets/<str:number>/special-report.pdf", views_special.pdf, name="special-report-pdf"),
    path("tickets/<str:number>/<str:verb>/", views.move, name="move"),
    path("public-pages/", views_public.public_pages, name="public-pages"),
    path("public-pages/improvements/new/", views_public.improvement, name="improvement-new"),
    path("public-pages/improvements/<int:pk>/", views_public.improvement, name="improvement-edit"),
    path("public-pages/words/<slug:page>/", views_public.page_words, name="page-text"),
    path("archive/", views_archive.archive, name="archive"),
    path("archive/erasures/", views_archive.erasures, name="erasures"),
    path("archive/erasures/<int:pk>/", views_archive.erasure, name="erasure"),
    path("archive/erasures/items/<int:pk>/keep/", views_archive.strike, name="strike"),
    path("files/<uuid:key>/", views_files.attachment, name="attachment"),
    path("files/<uuid:key>/small/", views_files.small, name="small"),
]
