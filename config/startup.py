"""The last look before a server process takes work: wrong settings end it with sentences, not with surprises."""

import gc
import os
import sys

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections

from config.checks import debug_is_off, hosts_are_named, links_are_of_this_site, secret_key_is_strong
from config.embedded import errors
from config.supervise import LOOKED
from feedback.classify import classify
from feedback.text.default_rules import RULES

COLLECT_AFTER = 20_000  # new objects: what a page makes and drops; looking after every 700 costs a tenth
REFUSED = 3  # gunicorn stops for good on this status instead of trying for ever
FOR_PRODUCTION = (debug_is_off, secret_key_is_strong, hosts_are_named, links_are_of_this_site)


def what_is_wrong() -> list[str]:
    """A sentence for each error in the settings. In production that includes weak keys, missing hosts and DEBUG."""
    found = checks.run_checks(databases=["default"])
    if not settings.DEMO:
        found += [one for check in FOR_PRODUCTION for one in check()]
    return [str(one.msg) for one in found if one.is_serious() and not one.is_silenced()]


def refuse_when_wrong() -> None:
    """Ends the process with one line for each error."""
    if (settings.DEBUG and "runserver" in sys.argv) or os.environ.get(LOOKED) == "1":
        return
    try:
        wrong = what_is_wrong()
    except Exception as error:
        sentence = errors.sentence_for(error)
        if sentence is None:
            raise
        _end([" ".join(sentence.split())])
    connections.close_all()  # what was opened here must not be shared with forked workers
    if wrong:
        _end(wrong)


def bound_queries() -> None:
    """Before the first connection of a web process: who asks for more than can be looked through holds no thread for ever."""
    options = connections.settings[DEFAULT_DB_ALIAS]["OPTIONS"]
    options["options"] = f"{options['options']} -c statement_timeout={settings.WEB_QUERY_SECONDS}s"


def warm_up() -> None:
    """Before workers are forked: what every request needs is read once and shared, and the collector lets it be."""
    classify("空调漏水，希望尽快处理。", subject="空调漏水", rules=list(RULES))
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


def _end(lines: list[str]) -> None:
    sys.stderr.write("\n".join([*lines, ""]))
    sys.stderr.flush()
    sys.exit(REFUSED)
