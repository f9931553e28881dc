"""Stories and trials for Python: arms by name, one project through its months, a lever that nobody else meets."""

from __future__ import annotations

import pytest

import igrsim as igr
from igrsim.kernel.errors import InputError
from igrsim.levers._base import levers
from igrsim.runs.chosen import arms_by_regime
from igrsim.runs.project_story import FATES
from igrsim.world.ruling import Ruling, amend

ARMS = {"silos": "siloed", "maps": {"regime": "siloed", "add": ["spatial-budgeting"]}}
SMALL = {"scope": "two-towns", "months": 30}


class Page(igr.Lever, announced=False):
    """A lever of a lesson."""

    id = "page"
    summary = touches = costs = limits = seed = passage = "made up"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, spatial_reference=max(ruling.spatial_reference, dose))


@pytest.fixture(scope="module")
def twice() -> igr.Story:
    return igr.project(ARMS, since="2020-04", **SMALL)


@pytest.fixture(scope="module")
def trial() -> object:
    return igr.try_lever(Page, worlds=2, citizens=50, **SMALL)


def test_arms_have_the_names_and_terms_they_are_given() -> None:
    chosen = arms_by_regime(ARMS, **SMALL)
    assert [told.arm for told in chosen.runs] == list(ARMS)
    assert "spatial-budgeting" in chosen.runs[1].spec.levers
    with pytest.raises(InputError, match="unknown regime 'silod'"):
        arms_by_regime({"silos": "silod"}, **SMALL)


def test_every_duplicate_of_the_reference_has_one_fate_in_every_arm(twice: igr.Story) -> None:
    totals = twice.sums[list(FATES)].sum(axis=1)
    assert totals.nunique() == 1
    reference = twice.sums.iloc[0]
    assert reference["paid for twice"] + reference["taken back later"] == totals[0] > 0
    assert reference["others paid for twice"] == 0


def test_a_duplicate_is_committed_by_two_and_the_second_could_know_of_the_first(twice: igr.Story) -> None:
    commits = twice.of("silos").query("what == 'commits'")
    assert commits["who"].nunique() >= 2
    later = commits.iloc[-1]
    assert later["knew"].startswith("could learn of ")
    drafts = twice.of("silos").query("what == 'drafts'")
    assert drafts["month"].str[-2:].isin(["03", "09", "04", "07"]).all()


def test_a_project_that_nobody_chose_is_refused() -> None:
    with pytest.raises(InputError, match="unknown among 'twise'"):
        igr.project(ARMS, among="twise", **SMALL)
    with pytest.raises(InputError, match="no such project"):
        igr.project(["siloed"], scope="two-towns", months=2, since="2019-05")


def test_a_diary_and_a_journey_are_tables_with_words() -> None:
    diary = igr.diary(ARMS, "TT2", months=3, scope="two-towns")
    assert list(diary.sums["arm"]) == list(ARMS)
    mine = diary.of("silos")
    assert diary.sums.set_index("arm").loc["silos", "meeting"] == pytest.approx(
        mine.loc[mine["kind"] == "meeting", "minutes"].sum() / 60, abs=0.06
    )
    journey = igr.journey(["siloed", "siloed"], scope="two-towns", months=6, citizens=200)
    assert journey.sums.drop(columns="arm").nunique().eq(1).all()


def test_a_lever_on_trial_changes_nothing_at_dose_nought_and_something_in_full(trial: object) -> None:
    assert trial.nothing_at_nought
    assert list(trial.rules["field"]) == ["spatial_reference"]
    cost = trial.effects.set_index("metric").loc["cost_of_coordination", "difference"]
    assert cost > 0


def test_a_lever_on_trial_leaves_no_trace(trial: object) -> None:
    assert "page" not in levers
    again = igr.try_lever(Page, worlds=1, months=3, citizens=50)
    assert again.nothing_at_nought


def test_a_lever_without_words_or_with_anothers_name_is_refused() -> None:
    class Mute(igr.Lever, announced=False):
        id = "mute"

    class Taken(Page, announced=False):
        id = "district-hub"

    with pytest.raises(InputError, match="summary, seed, passage"):
        igr.try_lever(Mute)
    with pytest.raises(InputError, match="already"):
        igr.try_lever(Taken)
    with pytest.raises(InputError, match="doses"):
        igr.try_lever(Page, doses=(0.0,))
