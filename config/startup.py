"""The last look before a server process takes work: wrong settings end it with sentences, not with surprises."""

import sys

from django.conf import settings
from django.core import checks
from django.db import connections

from config.embedded import errors

REFUSED = 3  # gunicorn stops for good on this status instead of trying for ever


def refuse_when_wrong() -> None:
    """Ends the process with one line for each error. In production that includes weak keys, missing hosts and DEBUG."""
    if settings.DEBUG and "runserver" in sys.argv:
        return
    try:
        found = checks.run_checks(include_deployment_checks=not settings.DEMO, databases=["default"])
    except Exception as error:
        sentence = errors.sentence_for(error)
        if sentence is None:
            raise
        _end([" ".join(sentence.split())])
    wrong = [str(one.msg) for one in found if one.is_serious() and not one.is_silenced()]
    connections.close_all()  # what was opened here must not be shared with forked workers
    if wrong:
        _end(wrong)


def _end(lines: list[str]) -> None:
    print("\n".join(lines), file=sys.stderr, flush=True)
    sys.exit(REFUSED)
