"""Scopes: which part of the country a name means."""

from __future__ import annotations

import pytest

from igrsim.kernel.errors import InputError
from igrsim.places.geography import load_geography
from igrsim.places.scopes import PILOTS, open_scope

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("scope", "codes"),
    [
        ("pilots", PILOTS),
        ("two-towns", ("TT",)),
        ("DC15", ("DC15",)),
        ("ETH, DC15", ("DC15", "ETH")),
        (["ETH", "DC15", "ETH"], ("DC15", "ETH")),
        ("province:Gauteng", ("DC42", "DC48", "EKU", "JHB", "TSH")),
        ("province:GT", ("DC42", "DC48", "EKU", "JHB", "TSH")),
    ],
)
def test_what_a_scope_means(scope: str | list[str], codes: tuple[str, ...]) -> None:
    geography, points = open_scope(scope)
    assert geography.spaces.codes == codes
    assert set(points.space) == set(codes)
    assert set(points.settlement) <= set(geography.settlements.codes)


def test_the_country_is_everything() -> None:
    geography, points = open_scope("country")
    assert geography is load_geography()
    assert (len(geography.spaces), len(set(points.space))) == (52, 52)


def test_provinces_share_the_country_out() -> None:
    country = load_geography()
    parts = [open_scope(f"province:{name}")[0].spaces.codes for name in country.provinces.names]
    assert sorted(code for part in parts for code in part) == sorted(country.spaces.codes)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("two-town", "did you mean 'two-towns'"),
        ("Country", "did you mean 'country'"),
        ("DC99", "unknown scope 'DC99'"),
        ("DC15,DC99", "unknown space 'DC99'"),
        ("DC15,", "unknown space ''"),
        ("", "unknown scope"),
        ([], "no space is given"),
        (["dc15"], "unknown space 'dc15'"),
        ("province:", "unknown province ''"),
        ("province:Gautneg", "did you mean 'Gauteng'"),
        ("TT", "unknown scope 'TT'"),
    ],
)
def test_an_unknown_scope_is_refused(scope: str | list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        open_scope(scope)
    assert words in caught.value.message
