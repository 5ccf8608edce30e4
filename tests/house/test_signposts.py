"""Every topic opens with a chain or says why not, and its signposts lead to official places only."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from moothall.core.navigation import Topic
from tests.golden.carried import load_definitions

HOSTS = {
    "department-for-education.shinyapps.io",
    "explore-education-statistics.service.gov.uk",
    "fingertips.phe.org.uk",
    "lginform.local.gov.uk",
    "reports.ofsted.gov.uk",
    "roadtraffic.dft.gov.uk",
    "www.compare-school-performance.service.gov.uk",
    "www.cqc.org.uk",
    "www.gov.uk",
    "www.nomisweb.co.uk",
    "www.ofcom.org.uk",
    "www.ons.gov.uk",
    "www.planning.data.gov.uk",
    "www.skillsforcare.org.uk",
}
CATALOGUE = load_definitions()


@pytest.mark.parametrize("topic", CATALOGUE.topics.values(), ids=lambda topic: topic.key)
def test_a_topic_has_a_chain_or_a_reason_and_signposts(topic: Topic) -> None:
    assert (topic.chain is None) == (topic.no_chain is not None)
    assert topic.signposts
    for signpost in topic.signposts:
        address = urlsplit(signpost.address)
        assert address.scheme == "https"
        assert address.hostname in HOSTS
        assert not address.query
        assert not address.fragment


def test_every_host_is_led_to() -> None:
    led = {urlsplit(each.address).hostname for topic in CATALOGUE.topics.values() for each in topic.signposts}
    assert led == HOSTS


def test_the_framework_has_its_sixteen_outcomes() -> None:
    assert CATALOGUE.outcomes is not None
    outcomes = CATALOGUE.outcomes.outcomes
    assert [outcome.number for outcome in outcomes] == list(range(1, 17))
    assert [outcome.number for outcome in outcomes if outcome.is_contextual] == [15, 16]
    listed = {metric.listed_in for outcome in outcomes for metric in outcome.metrics}
    assert listed == {each.key for each in CATALOGUE.outcomes.lists}
    names = [(outcome.number, metric.name) for outcome in outcomes for metric in outcome.metrics]
    assert len(set(names)) == len(names)
