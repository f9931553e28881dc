"""The lesson adds up: its clock, its points, its limits; its cards say what the parameters say, its key what the runs said."""

from __future__ import annotations

import itertools
import re
import shlex
from pathlib import Path

import make_teaching
import pandas as pd
import pytest
import teaching_blocks as blocks
import teaching_consequences as consequences
import teaching_page
import teaching_sums as sums
import typer.main

from igrsim.cli.app import app
from igrsim.kernel.params import all_params
from igrsim.places.geography import load_geography
from igrsim.places.travel import Travel
from igrsim.results.verdict import verdict
from igrsim.runs.study import check_places, read_study

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "docs" / "teaching"
PAGES = sorted(TEACHING.glob("*.md"))
ROOM = sums.read_toml("room.toml")
NOT_YET = {"brief", "rollout"}
"""Commands that the guide names only for versions that have them."""


@pytest.fixture(scope="module")
def page() -> str:
    return teaching_page.page()


def test_sheets_guide_and_key_are_what_their_sources_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_teaching.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_a_stale_page_and_a_sentence_that_no_longer_holds_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = consequences.read()
    turned = [
        consequences.Found(**{**vars(f), "difference": -f.difference, "verdict": "higher, worse"})
        if (f.arm, f.metric) == ("hubs-added", "duplicate_spend_share")
        else f
        for f in real
    ]
    monkeypatch.setattr(consequences, "read", lambda *_: turned)
    assert make_teaching.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "printable.html is not what its sources say" in said
    assert "lesson/hubs-added/duplicate_spend_share is 'lower', the run says 'higher'" in said


def test_words_that_are_none_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_teaching.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err


# --- clock, seats, points -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", sums.LENGTHS)
def test_minutes_make_up_the_lesson_without_a_gap(length: int) -> None:
    parts = sums.clock(ROOM["step"], length)
    assert parts[0].begin == 0
    assert parts[-1].end == length
    assert all(a.end == b.begin for a, b in itertools.pairwise(parts))
    assert [p.name for p in parts].index("Round 3: one proposal, and bets") < [p.name for p in parts].index("Reveal")


@pytest.mark.parametrize("length", sums.LENGTHS)
def test_there_is_time_for_what_the_guide_asks_in_each_part(length: int) -> None:
    minutes = {p.name: p.end - p.begin for p in sums.clock(ROOM["step"], length)}
    # eight people of a table read for half a minute each; a minute a bet, and two to count points; without round 2 its bet is left out
    assert minutes["Roles"] >= 8 / 2
    bets = len(ROOM["bet"]) - ("Round 2: who gets a hub first" not in minutes)
    assert minutes["Reveal"] >= bets + 2
    assert minutes["Debrief"] > 5


def test_counts_that_the_guide_says_in_words_are_right() -> None:
    text = " ".join((TEACHING / "guide.md").read_text(encoding="utf-8").split())
    cards = sums.read_toml("cards.toml")["card"]
    counted = {
        "the eighteen slips": (18, len(sums.forum_audit().forums)),
        "the eight bets and six proposals": (14, len(ROOM["bet"]) + len(ROOM["proposal"])),
        "five proposals against leaving things, six outcomes": (11, len(ROOM["proposal"]) - 1 + len(ROOM["outcome"])),
        "Three roles have no hours": (3, sum(card["hours"].startswith("None in the model") for card in cards)),
        "role cards 1 to 6": (6, sum(card["core"] for card in cards)),
        "cards 7 to 12": (12, len(cards)),
        "three of the eight slips": (8, len(ROOM["round_2"]["spaces"])),
        "The purse (13 hubs a year)": (13, ROOM["round_2"]["hubs_a_year"]),
    }
    assert f"With {ROOM['round_2']['hubs_a_year']} hubs a year" in ROOM["bet"][6]["statement"]
    for words, (said, there) in counted.items():
        assert words in text, words
        assert said == there, words


@pytest.mark.parametrize("people", range(12, 31))
def test_everyone_has_a_seat_and_a_card(people: int) -> None:
    seats = sums.tables(people)
    cards = sums.read_toml("cards.toml")["card"]
    assert sum(seats) == people
    assert max(seats) <= 8 <= len(cards)
    # the cards that every table has are dealt first, and never more of them than seats but for one
    core = [card["core"] for card in cards]
    assert core == sorted(core, reverse=True)
    assert min(seats) >= sum(core) - 1


def test_points_reward_what_one_believes() -> None:
    for belief in sums.SAID:
        gain = {s: belief * sums.points(s, True) + (100 - belief) * sums.points(s, False) for s in sums.SAID}
        assert max(gain, key=lambda said: gain[said]) == belief
        assert sorted(gain.values())[-1] > sorted(gain.values())[-2]
    assert sums.points(50, True) == sums.points(50, False) == 0
    assert all(sums.points(s, True) == sums.points(100 - s, False) for s in sums.SAID)


# --- the paper rounds -----------------------------------------------------------------------------------------------------


def test_whoever_has_no_identity_document_goes_to_more_places_than_who_has_one() -> None:
    has, none, swears = (sums.calls(route, held) for route, held in blocks.PERSONS.values())
    assert [c.step for c in has] == ["assess_disability", "apply_disability_grant"]
    assert [c.step for c in none] == ["apply_identity", "collect_identity", *(c.step for c in has)]
    assert {c.service for c in swears} == {"police", "clinic", "sassa"}
    assert {c.service for c in [*has, *none, *swears]} == set(ROOM["journey"]) == set(blocks.DESKS)


def test_a_trip_costs_what_the_assumptions_of_travel_say() -> None:
    way, t = sums.ways(ROOM["journey"])["sassa"], Travel()
    km = ROOM["journey"]["sassa"]["km"]
    minutes = t.rural_access + 60 * (t.local_km / t.rural_speed + (km - t.local_km) / t.open_road_speed)
    assert way.km == 2 * km
    assert way.hours == pytest.approx(2 * minutes / 60)
    assert way.rand == pytest.approx(2 * (t.boarding_fare + km * t.fare_per_km))


def test_round_one_can_be_met_and_not_by_merging_alone() -> None:
    hours = sums.forum_hours()
    assert hours.to_free == pytest.approx(ROOM["round_1"]["free_share"] * hours.all)
    assert hours.merges_save < hours.to_free < hours.may_close
    closing = sorted((r["hours_a_year"] for r in sums.forum_audit().forums if r["basis"] == "custom"), reverse=True)
    # nobody gets there by closing one or two, and six lines of the decision sheet are enough
    assert sum(closing[:2]) < hours.to_free <= sum(closing[:6])


def test_round_two_is_reckoned_from_the_parameters() -> None:
    known = {p.name: p.default for p in all_params().values()}
    found = sums.limits()
    assert found.hub_rand_million == pytest.approx(known["district-hub.posts"] * known["hub.rand_per_post"] * 12 / 1e6)
    assert found.purse_rand_million == pytest.approx(ROOM["round_2"]["hubs_a_year"] * found.hub_rand_million)
    assert found.specialist_hours == 12 * (known["centres.national_hours"] + 9 * known["centres.provincial_hours"])
    assert (
        found.by_hours * found.taking_in_hours <= found.specialist_hours < (found.by_hours + 1) * found.taking_in_hours
    )
    assert (found.binds, found.years) == ("the purse", 4)


def test_orders_take_in_every_space_once_within_the_purse() -> None:
    geography = load_geography()
    poor = dict(zip(geography.spaces.codes, geography.spaces.poor_share, strict=True))
    first, last = (sums.waits()[order] for order in ("poorest-first", "least-poor-first"))
    for wait in (first, last):
        assert set(wait) == set(geography.spaces.codes)
        assert pd.Series(wait).value_counts().to_dict() == dict.fromkeys(range(4), ROOM["round_2"]["hubs_a_year"])
    for year in range(3):
        assert min(poor[s] for s in first if first[s] == year) >= max(poor[s] for s in first if first[s] > year)
        assert max(poor[s] for s in last if last[s] == year) <= min(poor[s] for s in last if last[s] > year)


# --- numbers on cards -----------------------------------------------------------------------------------------------------


def test_numbers_on_cards_are_their_parameters(page: str) -> None:
    known = {p.name: p for p in all_params().values()}
    placed = re.findall(r'<b data-param="([^"]+)">([^<]+)</b>(\*?)', page)
    assert len(placed) > 25
    for name, shown, star in placed:
        value = float(re.sub(r"[^\d.]", "", shown)) / (100 if shown.endswith("%") else 1)
        assert value == pytest.approx(known[name].default), name
        assert (star == "*") == (known[name].grade == "assumed"), name


def test_listed_parameters_are_those_of_the_code() -> None:
    known = all_params()
    for name, row in sums.parameters().items():
        assert row["default"] == known[name].default, name


def test_no_number_is_written_on_a_card_by_hand() -> None:
    for card in sums.read_toml("cards.toml")["card"]:
        for key in ("hours", "rand", "tension", "knows", "goal"):
            bare = re.sub(r"\{\{.*?\}\}", "", card[key])
            # a section of an Act, the year of a document and the number of spaces are names here
            assert not re.search(r"\d", re.sub(r"PFMA s43|\b2001\b|\bAll 52 spaces\b", "", bare)), (card["name"], key)
        assert re.findall(r"Round (\d)", card["may"]) == ["1", "2", "3"]


def test_the_page_fetches_nothing(page: str) -> None:
    assert not re.search(r"(src|href)=|@import|url\(|<script|<img", page)
    assert page.count('<section class="sheet') == 16
    # the cover counts the sheets that follow it
    assert "13 to 16" in page
    assert "{{" not in page


def test_what_a_source_says_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    room = ROOM | {"proposal": [ROOM["proposal"][0] | {"name": "<script>alert(1)</script>"}, *ROOM["proposal"][1:]]}
    read = sums.read_toml
    monkeypatch.setattr(teaching_page, "read_toml", lambda name: room if name == "room.toml" else read(name))
    assert "&lt;script&gt;alert" in teaching_page.page()


# --- what the runs said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("study", consequences.STUDIES)
def test_studies_open_and_their_arms_are_the_proposals(study: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found, _ = read_study(ROOT / consequences.STUDIES[study], [])
    check_places(found)
    kept = {f.arm for f in consequences.read() if f.study == study}
    assert kept == set(found.arms) - {found.reference}
    if study == "lesson":
        assert {p["arm"] for p in ROOM["proposal"]} == set(found.arms)
        assert 4 <= len(kept) <= 6


def test_every_verdict_kept_fits_its_interval() -> None:
    for f in consequences.read():
        assert f.low <= f.difference <= f.high
        alone = verdict(f.difference, f.low, f.high, 0.0, 0.0, "")
        if f.said in ("lower", "higher") and "average" not in f.verdict and "probably" not in f.verdict:
            assert alone == f.said, f
        if f.verdict == "exactly no difference":
            assert f.low == f.high == 0


def test_a_bet_on_lower_is_lost_where_the_table_cannot_tell() -> None:
    lines = consequences.read()
    unsure = next(f for f in lines if f.said == "cannot tell" and f.study == "lesson")
    bet = {"statement": "x", "arm": unsure.arm, "metric": unsure.metric, "says": "lower"}
    assert not consequences.settle([bet], lines)[0].true
    came = {s.true for s in consequences.settle(ROOM["bet"], lines)}
    assert came == {True, False}


def test_what_a_run_says_is_kept_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = [o["metric"] for o in ROOM["outcome"]]
    arms = [p["arm"] for p in ROOM["proposal"]]
    effects = pd.DataFrame(
        [
            {"arm": a, "metric": m, "unit": "share", "mean": 0.5, "difference": -0.1234567, "low": -0.2, "high": 0.1,
             "pairs": 6, "verdict": "cannot tell"}
            for a in arms[1:] for m in metrics
        ]
    )  # fmt: skip

    class Run:
        reference = arms[0]

        def __init__(self, folder: Path) -> None:
            self.arms = arms

        def effects(self) -> pd.DataFrame:
            return effects

    monkeypatch.setattr(consequences, "Results", Run)
    file = tmp_path / "consequences.csv"
    consequences.write(consequences.read_results(tmp_path), file)
    back = consequences.read(file)
    assert len(back) == len(metrics) * (len(arms) - 1)
    assert back[0].base == pytest.approx(0.623457)
    assert (back[0].change, back[0].interval, back[0].level) == ("−12.3", "−20.0 to +10.0", "62.3\u202f%")
    # a study not run anew keeps its lines
    order = [f for f in consequences.read() if f.study == "order"]
    consequences.write(order, file)
    assert {f.study for f in consequences.read(file)} == {"lesson", "order"}


def test_a_run_of_another_study_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Run:
        def __init__(self, folder: Path) -> None:
            self.arms = ["siloed", "district-hub"]

    monkeypatch.setattr(consequences, "Results", Run)
    with pytest.raises(ValueError, match="no run of the lesson's studies"):
        consequences.read_results(tmp_path)


# --- the pages ------------------------------------------------------------------------------------------------------------


def commands() -> list[str]:
    """Every igrsim command that the pages tell, as typed."""
    found = []
    for file in PAGES:
        for quoted in re.findall(r"`(igrsim [^`]+)`|^(igrsim .+)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            found.append("".join(quoted))
    return sorted(set(found))


def give(line: str) -> None:
    """Parse a command as the shell would, without running it."""
    command, words = typer.main.get_command(app), shlex.split(line)[1:]
    while words and words != ["--help"] and hasattr(command, "commands"):
        if words[0] not in command.commands:
            raise LookupError(words[0])
        command = command.commands[words.pop(0)]
    # a command that is only named needs no more than to be there
    if words and words != ["--help"]:
        command.make_context("igrsim", words)


@pytest.mark.parametrize("line", commands())
def test_a_command_that_is_told_can_be_given(line: str) -> None:
    try:
        give(line)
    except LookupError as unknown:
        if unknown.args[0] not in NOT_YET:
            raise
    for word in shlex.split(line):
        if word.startswith(("docs/", "experiments/")):
            assert (ROOT / word).exists(), word


def test_a_command_that_is_none_is_found() -> None:
    with pytest.raises(LookupError, match="jurney"):
        give("igrsim jurney lesson")
    with pytest.raises(Exception, match="No such option: --pikc"):
        give("igrsim journey --pikc rural")


@pytest.mark.parametrize("file", PAGES, ids=lambda f: f.name)
def test_links_lead_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, place = target.partition("#")
        there = (file.parent / path).resolve() if path else file
        assert there.exists(), target
        if place:
            heads = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert place in {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}, target


def test_sources_named_in_the_key_are_listed() -> None:
    listed = set(
        re.findall(r"^\| ([a-z0-9-]+) \|", (ROOT / "docs" / "sources.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    text = (TEACHING / "answers.md").read_text(encoding="utf-8")
    prose = re.sub(r"<!-- made: .*?<!-- /made -->", "", text, flags=re.DOTALL)
    keys = set(re.findall(r"\(`([a-z0-9-]+)`[,)]", prose)) | set(re.findall(r"\| `(s\d-[a-z0-9-]+)` \|", prose))
    assert len(keys) > 8
    assert keys <= listed


def test_every_question_tells_documents_model_and_ignorance_apart() -> None:
    text = (TEACHING / "answers.md").read_text(encoding="utf-8")
    for question in re.split(r"^## (?=\d)", text, flags=re.MULTILINE)[1:]:
        head = question.splitlines()[0]
        assert "**Documents.**" in question, head
        assert "**The model" in question, head
        assert "**Nobody " in question, head
