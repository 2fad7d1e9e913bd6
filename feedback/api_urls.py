"""The part of `/api/v1/` that this app answers."""

from django.urls import path

from feedback import api, api_lists, api_uploads
from feedback.chat import api as api_chat
from feedback.webhooks import api as api_webhooks

urlpatterns = [
    path("feedback/", api.FeedbackView.as_view(), name="api-feedback"),
    path("feedback/<str:code>/", api.FollowView.as_view(), name="api-follow"),
    path("feedback/<str:code>/messages/", api.MessagesView.as_view(), name="api-messages"),
    path("feedback/<str:code>/appeal/", api.AppealView.as_view(), name="api-appeal"),
    path("feedback/<str:code>/withdraw/", api.WithdrawView.as_view(), name="api-withdraw"),
    path("feedback/<str:code>/files/<uuid:key>/", api.FileView.as_view(), name="api-file"),
    path("attachments/", api_uploads.AttachmentsView.as_view(), name="api-attachments"),
    path("attachments/<uuid:upload>/", api_uploads.UploadView.as_view(), name="api-upload"),
    path("chat/", api_chat.ChatView.as_view(), name="api-chat"),
    path("channels/", api_lists.ChannelListView.as_view(), name="channel-list"),
    path("categories/", api_lists.CategoryListView.as_view(), name="category-list"),
    path("webhooks/", api_webhooks.WebhookListView.as_view(), name="api-webhooks"),
    path("webhooks/<int:pk>/", api_webhooks.WebhookView.as_view(), name="api-webhook"),
    path("webhooks/<int:pk>/deliveries/", api_webhooks.DeliveryListView.as_view(), name="api-webhook-deliveries"),
    path(
        "webhooks/<int:pk>/deliveries/<str:event>/replay/", api_webhooks.ReplayView.as_view(), name="api-webhook-replay"
    ),
    path("webhooks/<int:pk>/ping/", api_webhooks.PingView.as_view(), name="api-webhook-ping"),
    path("webhooks/<int:pk>/secret/", api_webhooks.SecretView.as_view(), name="api-webhook-secret"),
]
