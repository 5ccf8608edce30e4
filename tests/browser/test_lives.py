"""A reader who kept an old address, or looks for a metric that is no more, is led on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_old_addresses_and_retired_metrics_lead_on(chromium: Browser, lived_address: str, has_script: bool) -> None:
    context = chromium.new_context(base_url=lived_address, java_script_enabled=has_script)
    page = context.new_page()
    page.goto("/metrics/bins-forgotten?peers=type")
    assert page.url == f"{lived_address}/metrics/bins-missed?peers=type"
    assert page.get_by_text("This metric was improved on 14 November 2024.").is_visible()
    page.goto("/topics/bins")
    page.get_by_role("link", name="Share not missed").click()
    notice = page.get_by_text("This metric was retired on 1 April 2025")
    assert notice.is_visible()
    assert page.get_by_role("heading", name="Every council").is_visible()
    notice.get_by_role("link", name="Share missed").click()
    assert page.url == f"{lived_address}/metrics/share-missed"
    page.goto("/metrics")
    page.get_by_role("link", name="Bins polished: proposed").click()
    assert page.get_by_text("Nobody is compared by it").is_visible()
    context.close()


@pytest.mark.parametrize("path", ["/metrics/share-not-missed", "/metrics/bins-polished", "/metrics"])
def test_nothing_is_wider_than_a_small_phone(chromium: Browser, lived_address: str, path: str) -> None:
    context = chromium.new_context(base_url=lived_address, viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
