from django.urls import path

from surveys import views, views_paper

app_name = "surveys"
urlpatterns = [
    path("survey/<str:token>/", views.answer, name="answer"),
    path("t/<str:code>/rate/", views.rate, name="rate"),
    path("questionnaires/", views_paper.questionnaires, name="questionnaires"),
    path("questionnaires/entry/", views_paper.entry, name="entry"),
    path("questionnaires/sheets/<slug:code>/", views_paper.sheet, name="sheet"),
    path("questionnaires/<slug:code>/", views_paper.questionnaire, name="questionnaire"),
    path("questionnaires/<slug:code>/questions/", views_paper.questions, name="questions"),
    path("questionnaires/<slug:code>/print/", views_paper.print_more, name="print-more"),
    path("questionnaires/<slug:code>/sheets/", views_paper.sheets, name="sheets"),
    path("questionnaires/<slug:code>/sheets.pdf", views_paper.sheets_pdf, name="sheets-pdf"),
    path("q/<slug:code>/", views_paper.at_sheet, name="at-sheet"),
    path("call-backs/", views.calls, name="calls"),
]
