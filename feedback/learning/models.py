"""Versions of the classifier that were fitted to this company's own corrections."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ModelVersion(models.Model):
    """One fitted model, kept whether or not it is used: at most one of a name is. Without one the shipped model decides."""

    name = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    examples = models.PositiveIntegerField()
    before = models.FloatField(help_text="Macro-F1 of the model then in use, on the same unseen examples.")
    after = models.FloatField(help_text="Macro-F1 of this one, on examples that it had not seen.")
    agreed_before = models.FloatField(default=0)
    agreed_after = models.FloatField(default=0)
    weights = models.BinaryField()
    in_use = models.BooleanField(_("in use"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: by the comparison."
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_model_version"),
            models.UniqueConstraint(fields=["name"], condition=Q(in_use=True), name="one_model_in_use"),
        ]


class LeftOut(models.Model):
    """A colleague from whom the classifier does not learn: what this one looked at last teaches nothing while the row stands."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
