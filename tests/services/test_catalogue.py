"""The catalogue of procedures: the packaged one is sound, and a faulty one is named."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from igrsim.kernel.errors import InputError
from igrsim.services.catalogue import LAGS, SERVICE_NAMES, SERVICES, load_catalogue, make_catalogue

pytestmark = pytest.mark.fast


def steps(**changes: list[str]) -> pd.DataFrame:
    columns: dict[str, Any] = {
        "step": ["swear", "apply"],
        "service": ["police", "sassa"],
        "requires": ["", "oath"],
        "gives": ["oath", ""],
        "consumes": ["", "oath"],
        "lag": ["", ""],
        "papers": ["no", "yes"],
        "desk_share": [1.0, 0.5],
        "source": "assumption",
        "meaning": "made up",
    }
    return pd.DataFrame({**columns, **changes})


def routes(order: str = "swear;apply") -> pd.DataFrame:
    return pd.DataFrame({"route": ["grant"], "need": ["grant"], "when": [""], "documentary": ["yes"], "steps": [order]})


def test_a_small_catalogue_reads_as_written() -> None:
    made = make_catalogue(steps(), routes())
    assert made.tokens == ("oath",)
    assert [s.service for s in made.steps] == ["police", "sassa"]
    assert made.step_service.tolist() == [SERVICES.index("police"), SERVICES.index("sassa")]
    assert made.step_requires.tolist() == [0, 1]
    assert made.step_gives.tolist() == [1, 0]
    assert made.step_consumes.tolist() == [0, 1]
    assert made.step_papers.tolist() == [False, True]
    assert made.step_desk_share.tolist() == [1.0, 0.5]
    assert made.step_lag.tolist() == [-1, -1]
    assert made.documentary == (True,)
    assert made.path(0, 0) == (0, 1)
    assert made.path(0, made.token("oath")) == (1,)


def test_a_misspelt_service_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown service 'polise' \(did you mean 'police'\?\)"):
        make_catalogue(steps(service=["polise", "sassa"]), routes())


def test_a_misspelt_step_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"route 'grant': unknown step 'aply' \(did you mean 'apply'\?\)"):
        make_catalogue(steps(), routes("swear;aply"))


@pytest.mark.parametrize(
    ("table", "order"),
    [
        (steps(requires=["permit", "oath"], gives=["oath", "permit"]), "swear;apply"),  # each waits for the other
        (steps(requires=["oath", "oath"]), "swear;apply"),  # one waits for itself
        (steps(), "apply;swear"),  # out of order
    ],
)
def test_prerequisites_in_a_circle_are_named(table: pd.DataFrame, order: str) -> None:
    with pytest.raises(InputError) as caught:
        make_catalogue(table, routes(order))
    assert caught.value.code == "E120"
    assert "route 'grant'" in str(caught.value)
    assert "in a circle or out of order" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_packaged_catalogue_can_be_walked_from_nothing_to_every_goal() -> None:
    catalogue = load_catalogue()
    assert set(SERVICE_NAMES) == set(SERVICES)
    # every kernel mask has room
    assert len(catalogue.tokens) <= 16
    assert len(catalogue.routes) <= 16
    assert len(catalogue.steps) <= 32
    for k, route in enumerate(catalogue.routes):
        held: set[str] = set()
        walked = [catalogue.steps[s] for s in catalogue.path(k, 0)]
        assert [s.name for s in walked] == list(route.steps), "no step of a route is superfluous"
        for step in walked:
            assert set(step.requires) <= held
            assert set(step.consumes) <= held
            held -= set(step.consumes)
            held |= {step.gives} if step.gives else set()
            assert step.lag is None or (step.lag in LAGS and step.gives)


def test_the_packaged_catalogue_s_steps_are_all_used_and_sourced() -> None:
    catalogue = load_catalogue()
    used = {name for route in catalogue.routes for name in route.steps}
    assert used == {s.name for s in catalogue.steps}
    assert all(s.source and s.meaning and 0 < s.desk_share <= 1 for s in catalogue.steps)
    assert {r.need for r in catalogue.routes if not r.documentary} == {
        "clinic_visit",
        "grant_collection",
        "unemployment_signing",
    }


def test_what_is_held_shortens_the_path() -> None:
    catalogue = load_catalogue()
    grant = catalogue.route("child_grant")

    def path(*documents: str) -> list[str]:
        held = sum(catalogue.token(d) for d in documents)
        return [catalogue.steps[s].name for s in catalogue.path(grant, held)]

    assert path("identity") == ["apply_child_grant"]
    assert path("birth_certificate") == ["apply_identity", "collect_identity", "apply_child_grant"]
    assert path("identity_applied") == ["collect_identity", "apply_child_grant"]
    assert len(path()) == 5
