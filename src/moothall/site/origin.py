"""Origin: the scheme and host that addresses begin with where they leave the site."""

from django.conf import settings
from django.http import HttpRequest


def find_origin(request: HttpRequest) -> str:
    """The public one that `MOOTHALL_ADDRESS` names, else the one that was asked."""
    return settings.PUBLIC_ADDRESS or f"{request.scheme}://{request.get_host()}"
