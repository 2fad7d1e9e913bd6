import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.startup import bound_queries, refuse_when_wrong, warm_up  # noqa: E402  needs the settings

refuse_when_wrong()
bound_queries()
warm_up()
