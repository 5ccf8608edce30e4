"""The site on a small release of a fictional county."""

import os

import django
import pytest
from django.test import Client

from moothall.release.queries import Release
from tests.release.barset import build_release

os.environ["DJANGO_SETTINGS_MODULE"] = "moothall.site.settings"


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


@pytest.fixture
def served(release: Release, monkeypatch: pytest.MonkeyPatch) -> Release:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    return release


@pytest.fixture(scope="session")
def django_ready() -> None:
    django.setup()


@pytest.fixture
def client(served: Release, django_ready: None) -> Client:
    return Client(HTTP_HOST="localhost")
