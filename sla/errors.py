"""The one error of the pure time arithmetic. It names the field and can be worded in any language."""

from collections.abc import Callable


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalog without translating it here."""
    return text


class WorktimeError(ValueError):
    """`field` is the input that is wrong, `template % params` the English sentence."""

    def __init__(self, field: str, template: str, **params: object) -> None:
        self.field, self.template, self.params = field, template, params
        super().__init__(f"{field}: {template % params}")

    def sentence(self, gettext: Callable[[str], str]) -> str:
        """The sentence for people, in the language of `gettext`, without the field's name."""
        return gettext(self.template) % self.params
