"""What somebody wrote into a form that cannot be shown again: it is handed back, so that nothing typed is lost."""

from collections.abc import Iterable

from django.http import QueryDict

NOT_TYPED = {"csrfmiddlewaretoken", "version", "in", "next", "seen"}


def words_of(posted: QueryDict, *, besides: Iterable[str] = ()) -> list[str]:
    """The texts of a posted form, in its order, without what was chosen or counted: those hold a blank or a letter beyond
    ASCII."""
    left_out = NOT_TYPED.union(besides)
    typed = [value.strip() for name in posted if name not in left_out for value in posted.getlist(name)]
    return [text for text in typed if any(sign.isspace() or not sign.isascii() for sign in text)]
