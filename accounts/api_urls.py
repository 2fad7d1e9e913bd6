"""The part of `/api/v1/` that this app answers."""

urlpatterns: list = []
