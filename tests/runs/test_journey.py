"""One person in every arm: the right person, the same person, a true story, and a plain word where nothing differs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from igrsim.citizens.terms import GAVE_UP, GOT
from igrsim.kernel.errors import InputError
from igrsim.runs.chosen import Chosen, arms_by_regime, arms_of_study
from igrsim.runs.journey import Journey, Person, differences, follow, tell
from igrsim.runs.journey_words import AGES, FIFTHS, PLACES, lines, sums, who
from igrsim.runs.lived_arms import PICKS, LivedArm, compare_offers, live_arm, named, pick
from igrsim.runs.needs_in_words import DOCUMENTS, NEEDS, STEPS
from igrsim.services.catalogue import load_catalogue
from small_study import STUDY, Said, igrsim, no_traceback, without_report, write

CALM = '[arms.calm]\nregime = "siloed"\nset = { "access.missing_papers" = 0.1 }\n[futures]'
WIDER = (
    STUDY.replace("citizens = 60", "citizens = 4000").replace("months = 3", "months = 12").replace("[futures]", CALM)
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study with an arm that changes access, and one that does not."""
    folder = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        without_report(patch)
        return igrsim("run", write(folder, WIDER), "--out", folder / "out").folder


@pytest.fixture(scope="module")
def chosen(study: Path) -> Chosen:
    return arms_of_study(study)


@pytest.fixture(scope="module")
def arms(chosen: Chosen) -> list[LivedArm]:
    return [live_arm(told) for told in chosen.runs]


def test_everyone_meant_is_of_the_kind_meant(arms: list[LivedArm], chosen: Chosen) -> None:
    base, places = arms[0], chosen.geography.settlements
    people, minutes = base.citizens, base.citizens.lives.minutes
    found = {wish: pick(wish, arms, places) for wish in PICKS}
    went = np.sort(minutes[minutes > 0])
    assert minutes[found["worst"]] == went[-1]
    assert minutes[found["median"]] == went[(len(went) - 1) // 2]
    assert went[0] <= minutes[found["best"]] <= minutes[found["median"]]
    assert places.rural[people.settlement[found["rural"]]]
    assert not places.rural[people.settlement[found["urban"]]]
    assert people.fifth[found["poorest"]] == 0

    def story(wish: str):  # type: ignore[no-untyped-def]
        return tell(base, found[wish], chosen.geography, chosen.clock)

    assert story("best").papers["resolved"] > 0
    assert story("abandoned").papers["given_up"] > 0
    home = story("stayed-home")
    assert home.papers["arisen"] > 0
    assert home.papers["trips"] == 0
    grant = story("grant-without-id")
    assert not base.tokens[found["grant-without-id"]] & base.book.identity_token
    assert any("grant" in need.need for need in grant.needs)
    spread = [abs(int(a.citizens.lives.minutes[found["different"]]) - int(minutes[found["different"]])) for a in arms]
    assert max(spread) > 0


def test_everyone_said_to_have_given_up_did_and_nobody_else(arms: list[LivedArm], chosen: Chosen) -> None:
    base = arms[0]
    got, gave_up = (base.citizens.lives.fate & bit > 0 for bit in (GOT, GAVE_UP))
    assert 0 < gave_up.sum() < base.citizens.count
    for citizen in range(0, base.citizens.count, 13):
        papers = tell(base, citizen, chosen.geography, chosen.clock).papers
        assert bool(papers["given_up"]) == gave_up[citizen]
        assert bool(papers["resolved"]) == got[citizen]


def test_needs_add_up_to_the_sums(arms: list[LivedArm], chosen: Chosen) -> None:
    for arm in arms:
        for citizen in (pick(wish, arms, chosen.geography.settlements) for wish in PICKS):
            story = tell(arm, citizen, chosen.geography, chosen.clock)
            for name in ("trips", "metres", "minutes", "cents"):
                assert sum(getattr(need, name) for need in story.needs) == story.papers[name]
            states = [need.state for need in story.needs]
            assert states.count("resolved") == story.papers["resolved"]
            assert states.count("given up") == story.papers["given_up"]
            assert states.count("open") == story.papers["open"]


def test_the_same_person_with_the_same_needs_in_every_arm(arms: list[LivedArm], chosen: Chosen) -> None:
    who = pick("different", arms, chosen.geography.settlements)
    stories = {arm.told.arm: tell(arm, who, chosen.geography, chosen.clock) for arm in arms}
    assert stories["hub"].moments == stories["siloed"].moments
    assert stories["calm"].moments != stories["siloed"].moments
    risen = [[(m.month, m.need) for m in s.moments if m.kind in ("arises", "joins")] for s in stories.values()]
    assert risen[0] == risen[1] == risen[2]


EVENTS = """
[[event]]
kind = "demand-surge"
date = 2019-07-01
need = "identity"
times = 20
months = 2
municipalities = ["TT1"]
source = "made up"
grade = "assumed"
[[event]]
kind = "lockdown"
date = 2019-09-01
until = 2019-10-15
offices_closed = 0.8
source = "made up"
grade = "assumed"
"""


def test_a_surge_and_a_lockdown_are_lived_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_report(monkeypatch)
    folder = igrsim("run", write(tmp_path, WIDER + EVENTS), "--out", tmp_path / "out").folder
    struck = arms_of_study(folder)
    arm = live_arm(struck.runs[0])
    surges = [lived.surge is not None and bool(lived.surge.any()) for lived in arm.lived]
    assert surges == [month in (3, 4) for month in range(12)]
    risen = 0
    # each is checked to come out as in the run
    for citizen in range(0, arm.citizens.count, 5):
        story = tell(arm, citizen, struck.geography, struck.clock)
        risen += sum(m.kind == "arises" and m.need == "identity" and m.month == "2019-07" for m in story.moments)
    assert risen > 5


def test_where_nothing_differs_it_says_so_and_why(arms: list[LivedArm], chosen: Chosen) -> None:
    by_name = {arm.told.arm: arm for arm in arms}
    who = pick("different", arms, chosen.geography.settlements)
    stories = {name: tell(arm, who, chosen.geography, chosen.clock) for name, arm in by_name.items()}
    offers = {name: compare_offers(arm, by_name["siloed"]) for name, arm in by_name.items()}
    assert offers["hub"].month is None
    assert (offers["hub"].points, offers["hub"].people) == (0, 0)
    assert offers["calm"].month == 0
    assert offers["calm"].people > 10
    same = differences([stories["siloed"], stories["hub"]], offers, chosen.clock, "4000 people simulated")
    assert "nothing was different" in same[0]
    assert "no life of the 4000 people simulated differs" in same[1]
    assert "spatial-budgeting" in same[2]
    other = differences([stories["siloed"], stories["calm"]], offers, chosen.clock, "4000 people simulated")
    assert "instead of" in other[0]
    # somebody in an arm that offers something else may still live as before
    idle = int(np.flatnonzero(by_name["siloed"].citizens.lives.minutes == 0)[0])
    lucky = [tell(by_name[name], idle, chosen.geography, chosen.clock) for name in ("siloed", "calm")]
    if lucky[0].moments == lucky[1].moments:
        assert "nothing that this person met" in differences(lucky, offers, chosen.clock, "4000 people simulated")[1]


def test_offices_that_change_are_found(chosen: Chosen) -> None:
    base, arm = live_arm(chosen.runs[0]), live_arm(chosen.runs[0])
    assert compare_offers(arm, base).month is None
    wait = arm.lived[5].offices.wait.copy()
    wait[[2, 4]] += 1
    arm.lived[5].offices = arm.lived[5].offices._replace(wait=wait)
    found = compare_offers(arm, base)
    assert (found.month, found.points, found.people) == (5, 2, 0)


def test_a_person_is_found_by_name_in_any_sample(chosen: Chosen, arms: list[LivedArm]) -> None:
    places = chosen.geography.settlements
    people = arms[0].citizens
    for citizen in (0, 17, people.count - 1):
        name = f"{places.codes[people.settlement[citizen]]}/{people.ordinal[citizen]}"
        assert named(name, places, people.count) == citizen
    for wrong, words in (("nobody", "E180"), ("X1/0", "E181"), (f"{places.codes[0]}/99999", "E182")):
        with pytest.raises(InputError) as refused:
            named(wrong, places, people.count)
        assert refused.value.code == words


def test_the_same_seed_tells_the_same_story() -> None:
    def told() -> Journey:
        return follow(arms_by_regime(["siloed"], scope="two-towns", months=6, citizens=800), None, "worst")

    one, other = told(), told()
    assert json.dumps(one.plain()) == json.dumps(other.plain())
    assert one.differences == []
    again = follow(arms_by_regime(["siloed"], scope="two-towns", months=6, citizens=800), one.person.citizen)
    assert again.arms == one.arms


def test_every_word_of_the_catalogue_is_known() -> None:
    from igrsim.citizens.population import BANDS
    from igrsim.citizens.population import FIFTHS as HOW_MANY
    from igrsim.places.geography import SETTLEMENT_KINDS

    catalogue = load_catalogue()
    assert set(NEEDS) == set(catalogue.needs)
    assert set(STEPS) == {step.name for step in catalogue.steps}
    assert set(DOCUMENTS) == set(catalogue.tokens)
    assert set(AGES) == set(BANDS)
    assert set(PLACES) == set(SETTLEMENT_KINDS)
    assert len(FIFTHS) == HOW_MANY


def test_rows_hold_the_sums(arms: list[LivedArm], chosen: Chosen) -> None:
    found = follow(arms_by_regime(["siloed"], scope="two-towns", months=9, citizens=800), None, "worst")
    (story,), (row,) = found.arms, sums(found)
    rows = lines(story, everything=True)
    assert row["trips"] + row["other trips"] == sum(r["what"] == "trip" for r in rows)
    assert sum(r["km"] for r in rows if r["km"]) == pytest.approx(row["km"] + row["other km"], abs=0.05 * len(rows))
    assert all(r["happened"] for r in rows)


def said(*arguments: str | Path | int) -> Said:
    return igrsim("journey", *arguments)


SMALL = ("--scope", "two-towns", "--months", 6, "--citizens", 800)


def test_the_command_in_every_format(tmp_path: Path) -> None:
    shown = said("--arms", "siloed,district-hub-core", *SMALL, "--pick", "worst", "--out", tmp_path)
    assert shown.code == 0, shown.err
    assert "district-hub-core: as in siloed" in shown.out
    assert "nothing was different for this person" in shown.out
    (page,) = tmp_path.glob("journey-*.html")
    (story,) = tmp_path.glob("journey-*.json")
    told = json.loads(story.read_text(encoding="utf-8"))
    again = said(
        "--arms", "siloed,district-hub-core", *SMALL, "--citizen", told["person"]["citizen"], "--format", "json"
    )
    assert json.loads(again.out)["arms"] == told["arms"]
    assert [arm["arm"] for arm in told["arms"]] == ["siloed", "district-hub-core"]
    rows = said("--arms", "siloed", *SMALL, "--pick", "worst", "--format", "csv").out.splitlines()
    assert rows[0] == "arm,month,what,need,where,happened,km,rand,hours"
    text = page.read_text(encoding="utf-8")
    assert "partly synthetic" in text
    for foreign in ("http:", "https:", "<script", "<link"):
        assert foreign not in text
    assert f"--citizen {told['person']['citizen']}" in text


def test_a_study_s_folder_gives_its_arms_world_and_future(study: Path) -> None:
    found = said(study, "--pick", "different", "--world", 1, "--format", "json")
    assert found.code == 0, found.err
    told = json.loads(found.out)
    assert [arm["arm"] for arm in told["arms"]] == ["siloed", "hub", "calm"]
    assert (told["world"], told["future"], told["people"]) == (1, 1, 4000)
    two = json.loads(said(study, "--arms", "calm,siloed", "--pick", "worst", "--format", "json").out)
    assert [arm["arm"] for arm in two["arms"]] == ["siloed", "calm"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--arms", "siloed,distrct-hub-core"), "did you mean 'district-hub-core'?"),
        (("--arms", "siloed", *SMALL, "--pick", "wrost"), "did you mean 'worst'?"),
        (("--arms", "siloed", *SMALL, "--pick", "different"), "nobody's hours differ"),
        (("--arms", "siloed", *SMALL, "--citizen", "7"), "a settlement's code and a number are needed"),
        (("--arms", "siloed", *SMALL, "--citizen", "../x/0"), "unknown settlement '../x'"),
        (("--arms", "siloed", "--citizen", "16000/0"), "did you mean '160010'?"),
        (("--arms", "siloed", "--citizen", "160001/999999"), "of 200000 people simulated"),
        (("--arms", "siloed", *SMALL, "--citizen", "A/0", "--pick", "worst"), "one of the two"),
        (("--arms", "siloed", "--scope", "two-twons"), "two-towns"),
        ((), "name a study's folder, or regimes"),
        (("nowhere",), "holds no finished study"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments: tuple[str | int, ...], words: str) -> None:
    found = said(*arguments)
    assert found.code == 2
    assert words in found.err
    assert "Traceback" not in found.err
    assert len([line for line in found.err.splitlines() if not line.startswith("living ")]) == 1


def test_an_arm_the_study_has_not_is_refused(study: Path) -> None:
    no_traceback(said(study, "--arms", "siloed,clam"), 2)
    no_traceback(said(study, "--months", 3), 2)
    no_traceback(said(study, "--world", 9), 2)


def test_a_need_that_a_campaign_stirred_is_told_as_such() -> None:
    """Needs that people would not have asked for without it arise in one arm alone, and nobody is said to have joined one."""
    chosen = arms_by_regime(["siloed", "one-stop"], scope="DC36", months=24, citizens=20_000)
    silos, shops = (live_arm(told) for told in chosen.runs)

    def papers(arm: LivedArm) -> np.ndarray:  # type: ignore[type-arg]
        return (arm.citizens.lives.opened > 0).any(axis=1)

    more = np.flatnonzero(papers(shops) & ~papers(silos))
    name = f"{chosen.geography.settlements.codes[shops.citizens.settlement[more[0]]]}/{shops.citizens.ordinal[more[0]]}"
    told = follow(chosen, citizen=name).differences
    assert any("did not arise in siloed" in line for line in told)
    assert not any("still open." in line and "stood alone" in line for line in told)


@pytest.mark.parametrize(
    ("band", "said"),
    [("child", "under 16 years old, of "), ("adult", "25 to 59 years old, of "), ("old", "60 years old or older, of ")],
)
def test_an_age_is_said_in_plain_words(band: str, said: str) -> None:
    person = Person("A/0", "A", "town", "B", "C", "D", band, 1, "woman", ())
    assert who(person).startswith(said)
