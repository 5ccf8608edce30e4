"""The WSGI application that Granian, or any other server, runs."""

import os

from django.core.wsgi import get_wsgi_application

from moothall.site.kept import KeptAnswers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.site.settings")

application = KeptAnswers(get_wsgi_application())
