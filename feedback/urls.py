from django.urls import path

from feedback import urls_elsewhere, views, views_lost_code, views_not_mine, views_own_data, views_register
from feedback.appeals import views as views_appeals
from feedback.chat import views as views_chat
from feedback.hotline import urls as urls_hotline
from feedback.imports import views as views_import
from feedback.learning import views_classifier, views_review, views_rules
from feedback.mail import views as views_mail
from feedback.mail import views_mailboxes
from feedback.paper import letters_out, views_batch, views_boxes, views_counter
from feedback.problems import views as views_problems
from feedback.sources import views as views_sources
from feedback.sources import views_hooks
from feedback.text import views as views_similar
from feedback.webhooks import views as views_webhooks
from feedback.wechat import views as views_wechat

app_name = "feedback"
urlpatterns = [
    path("", views.feedback_form, name="form"),
    path("receipt/<str:token>/", views.receipt, name="receipt"),
    path("track/", views.track, name="track"),
    path("track/lost/", views_lost_code.lost, name="lost-code"),
    path("t/<str:code>/", views.tracking, name="tracking"),
    path("t/<str:code>/not-me/", views_not_mine.not_me, name="not-me"),
    path("t/<str:code>/live/", views.live, name="live"),
    path("t/<str:code>/messages/", views.add_message, name="message"),
    path("t/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("t/<str:code>/appeal/", views.appeal, name="complain"),
    path("t/<str:code>/export/", views_own_data.export, name="export"),
    path("t/<str:code>/files/<uuid:key>/", views.attachment, name="file"),
    path("t/<str:code>/files/<uuid:key>/small/", views.attachment, {"small": True}, name="file-small"),
    path("chat/", views_chat.start, name="chat"),
    path("chat/<str:token>/", views_chat.conversation, name="conversation"),
    path("chat/<str:token>/helped/", views_chat.helped, name="chat-helped"),
    path("chat/<str:token>/form/", views_chat.hand_over, name="hand-over"),
    path("appeals/", views_appeals.appeals, name="appeals"),
    path("appeals/<int:pk>/", views_appeals.appeal, name="appeal"),
    path("classifier/", views_classifier.classifier, name="classifier"),
    path("classifier/use/", views_classifier.use, name="classifier-use"),
    path("classifier/teacher/", views_classifier.teacher, name="classifier-teacher"),
    path("problems/", views_problems.problems, name="problems"),
    path("problems/found/", views_problems.found, name="problem-found"),
    path("problems/<int:pk>/", views_problems.problem, name="problem"),
    path("problems/<int:pk>/edit/", views_problems.edit, name="problem-edit"),
    path("problems/<int:pk>/decide/", views_problems.decide, name="problem-decide"),
    path("studies/<int:pk>/", views_problems.study, name="study"),
    path("review/", views_review.review, name="review"),
    path("review/<str:number>/", views_review.decide, name="review-decide"),
    path("rules/", views_rules.rules, name="rules"),
    path("rules/new/", views_rules.new, name="rule-new"),
    path("rules/<slug:code>/", views_rules.rule, name="rule"),
    path("rules/<slug:code>/delete/", views_rules.delete, name="rule-delete"),
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
    path("b/<slug:box_number>/", views_boxes.at_box, name="at-box"),
    path("tickets/<str:number>/letters/<int:pk>/", letters_out.letter, name="letter-out"),
    path("tickets/<str:number>/letters/<int:pk>.pdf", letters_out.letter_pdf, name="letter-out-pdf"),
    path("mails/", views_mail.mails, name="mails"),
    path("mails/<int:pk>/", views_mail.mail, name="mail"),
    path("mails/<int:pk>/page/", views_mail.page, name="mail-page"),
    path("mails/<int:pk>/raw/", views_mail.raw, name="mail-raw"),
    path("mails/<int:pk>/again/", views_mail.again, name="mail-again"),
    path("mailboxes/", views_mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/new/", views_mailboxes.new, name="mailbox-new"),
    path("mailboxes/<slug:code>/", views_mailboxes.mailbox, name="mailbox"),
    path("mailboxes/<slug:code>/fetch/", views_mailboxes.fetch_now, name="mailbox-fetch"),
    path("tickets/<str:number>/similar/", views_similar.similar, name="similar"),
    path("webhooks/", views_webhooks.listed, name="webhooks"),
    path("webhooks/new/", views_webhooks.new, name="webhook-new"),
    path("webhooks/<int:pk>/", views_webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/act/", views_webhooks.act, name="webhook-act"),
    path("hooks/inbound/<slug:source>/", views_hooks.InboundView.as_view(), name="hook-inbound"),
    path("hooks/wechat/<slug:code>/", views_wechat.callback, name="hook-wechat"),
    path("imports/", views_import.listed, name="imports"),
    path("imports/<int:pk>/", views_import.batch, name="import"),
    path("imports/<int:pk>/act/", views_import.act, name="import-act"),
    path("imports/<int:pk>/to-mend.csv", views_import.mend, name="import-mend"),
    path("sources/", views_sources.listed, name="sources"),
    path("sources/new/", views_sources.new, name="source-new"),
    path("sources/<slug:code>/", views_sources.source, name="source"),
    path("sources/<slug:code>/secret/", views_sources.renew, name="source-secret"),
    *urls_hotline.urlpatterns,
    *urls_elsewhere.urlpatterns,
    path("privacy/", views.privacy, name="privacy"),
]
