"""Every picture draws the made-up study, the same bytes each time, and says in words what cannot be drawn."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from igrsim import views
from igrsim.kernel.errors import InputError
from igrsim.places.outlines import load_outlines
from igrsim.results.results import Results
from igrsim.views.ledger_tables import hours_a_year, rand_a_year
from igrsim.views.losses import groups_compared, spaces_worse
from igrsim.views.map_of_differences import nowhere_different
from igrsim.views.tiles import load_tiles
from made_up_study import write_study

ARM = "district-hub-core"
DRAWN = {
    "contrasts": lambda r: views.contrasts(r, ["duplicate_spend_share", "hours_per_need"]),
    "over_time": lambda r: views.over_time(r, ["duplicate_spend_share", "meeting_hours", "ties"]),
    "maps": lambda r: views.maps(r, "meeting_hours", ARM),
    "difference_map": lambda r: views.difference_map(r, "meeting_hours", ARM),
    "ladder": lambda r: views.ladder(r, "meeting_hours"),
    "rivals": lambda r: views.rivals(r, "meeting_hours", ARM),
    "ledger": views.ledger,
    "losers": lambda r: views.losers(r, "hours_per_need", ARM),
    "difference_tiles": lambda r: views.difference_tiles(r, "meeting_hours", [ARM]),
    "losing_tiles": lambda r: views.losing_tiles(r, "meeting_hours", [ARM]),
    "losing_reasons": lambda r: views.losing_reasons(r, "meeting_hours", ARM),
    "sensitivity": lambda r: views.sensitivity(r, "meeting_hours", ARM),
}

OF_AN_EVALUATION = ("power_by_month", "design_of_rollout", "what_methods_report")
"""Drawn from an evaluation's own table (test_evaluation_charts)."""


def _words(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(match=lambda a: hasattr(a, "get_text")))


def test_every_picture_is_registered_with_a_caption() -> None:
    assert set(views.pictures) == {*DRAWN, *OF_AN_EVALUATION, "contrast"}
    assert all(picture.caption.endswith(".") for _, picture in views.pictures.items())


@pytest.mark.parametrize("name", DRAWN)
def test_same_bytes_each_time(name: str, results: Results, tmp_path: Path) -> None:
    for turn in ("first", "second"):
        views.save(DRAWN[name](results), tmp_path / turn, name)
    for ending in ("svg", "png"):
        first, second = ((tmp_path / turn / f"{name}.{ending}").read_bytes() for turn in ("first", "second"))
        assert first == second
    assert b"<dc:date>" not in first


def test_pictures_need_no_window_state() -> None:
    assert "matplotlib.pyplot" not in sys.modules


def test_contrast_draws_on_axes_given(results: Results) -> None:
    ax = Figure().add_subplot()
    assert views.contrast(results, "meeting_hours", ax=ax) is ax
    assert "cannot tell" in " ".join(text.get_text().replace("\n", " ") for text in ax.texts)


def test_unknown_metric_and_arm_are_named(results: Results) -> None:
    with pytest.raises(InputError, match="meeting_hours"):
        views.contrast(results, "meeting_hour")
    with pytest.raises(InputError, match="unknown arm"):
        views.maps(results, "meeting_hours", "nobody")


def test_equal_arms_share_one_label(results: Results) -> None:
    figure = views.over_time(results, ["hours_per_need"])
    assert f"siloed =\n{ARM}" in _words(figure)
    assert "first wave 2020-04" in _words(figure)


def test_a_ladder_says_what_cannot_be_shared_out(results: Results, tmp_path: Path) -> None:
    assert "No lever touches it" in _words(views.ladder(results, "hours_per_need"))
    assert "not defined in every combination" in _words(views.ladder(results, "ties"))
    with pytest.raises(InputError, match="no ladder"):
        views.ladder(Results(write_study(tmp_path)), "ties")


def test_a_ladder_has_a_bar_and_a_number_for_every_lever_and_the_whole(results: Results) -> None:
    figure = views.ladder(results, "meeting_hours")
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "all levers", "task-teams", "spatial-budgeting", "district-hub", "one-plan"
    ]  # fmt: skip
    assert [patch.get_width() for patch in ax.patches] == pytest.approx([4.9, 6.1, -2.0, 1.2, -0.4])
    assert [text.get_text() for text in ax.texts] == ["+4.9", "+6.1", "−2.0", "+1.2", "−0.40"]
    # what is not sure is pale
    assert [patch.get_alpha() for patch in ax.patches] == [1.0, 1.0, 1.0, 1.0, 0.3]


def test_rivals_have_a_mark_and_a_verdict_for_every_theory(results: Results, tmp_path: Path) -> None:
    ax = views.rivals(results, "meeting_hours", ARM).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["need-ranked", "garbage-can", "incentive-based"]
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(mark.get_xdata()[0]) for mark in marks] == [-9.0, -2.0, 6.0]
    # what cannot tell is hollow
    assert [mark.get_markerfacecolor() == "white" for mark in marks] == [False, True, False]
    said = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert said == ["−9.00: lower, better", "−2.00: cannot tell", "+6.00: higher, worse"]
    with pytest.raises(InputError, match="no rival theories"):
        views.rivals(Results(write_study(tmp_path)), "ties", ARM)


def test_no_difference_is_said_in_words(results: Results) -> None:
    why = nowhere_different(results, "hours_per_need", ARM)
    assert why is not None
    assert "exactly the same in every space" in why
    assert why in _words(views.difference_map(results, "hours_per_need", ARM))


def test_a_world_without_outlines_gets_bars(tmp_path: Path) -> None:
    two_towns = Results(write_study(tmp_path, worlds=1, spaces=["TT"]))
    figure = views.maps(two_towns, "meeting_hours", ARM)
    assert len(figure.axes) == 2
    assert "Space TT" in _words(figure)
    views.save(views.difference_map(two_towns, "meeting_hours", ARM), tmp_path, "one")


def test_the_whole_country_gets_tiles_with_codes_and_values(tmp_path: Path) -> None:
    country = Results(write_study(tmp_path, worlds=2, months=14, spaces=sorted(load_tiles())))
    said = _words(views.difference_map(country, "meeting_hours", ARM))
    assert all(code in said.split() for code in load_tiles())


def test_boundaries_must_cover_the_study(results: Results) -> None:
    given = {code: rings for code, rings in load_outlines().items() if code != "ETH"}
    with pytest.raises(InputError, match="ETH"):
        views.maps(results, "meeting_hours", ARM, outlines=given)


def test_undefined_by_space_is_said_in_words(results: Results) -> None:
    bare = Results(results.folder)
    bare.__dict__["spaces"] = results.spaces.drop(columns="ties")
    assert "not defined by space" in _words(views.maps(bare, "ties", ARM))


def test_tiles_are_the_spaces_each_in_a_square_of_its_own() -> None:
    tiles = load_tiles()
    assert set(tiles) == set(load_outlines())
    assert len(set(tiles.values())) == len(tiles) == 52


def test_tiles_lie_roughly_as_the_spaces_do() -> None:
    middle = {code: rings[0].mean(axis=0) for code, rings in load_outlines().items()}
    table = pd.DataFrame(
        [(*load_tiles()[code], -middle[code][1], middle[code][0]) for code in middle], columns=["row", "col", "s", "e"]
    )
    ranks = table.corr(method="spearman")
    assert ranks.loc["row", "s"] > 0.95
    assert ranks.loc["col", "e"] > 0.95


def test_ledger_is_a_year_of_one_run_and_leaves_citizens_hours_out(results: Results) -> None:
    hours = hours_a_year(results)
    assert hours.loc["delivery", "siloed"] == pytest.approx(9000 * 6 * 12)
    assert "travel for services" not in hours.index
    assert rand_a_year(results).loc["citizens: travel for services", "siloed"] == pytest.approx(
        4000 * 6 * 12 * 310 / 1e6
    )


def test_worst_spaces_come_first_and_only_worse_ones(results: Results) -> None:
    worst = spaces_worse(results, "meeting_hours", ARM)
    assert set(worst["space"]) == {"DC15", "DC36", "CPT", "DC6"}
    assert worst["difference"].is_monotonic_decreasing
    assert (worst["hub_from"] == "2020-04").all()


def test_groups_of_people_only_for_metrics_about_people(results: Results) -> None:
    assert groups_compared(results, "meeting_hours", ARM).empty
    groups = groups_compared(results, "hours_per_need", ARM).set_index("group")
    assert bool(groups.loc["rural", "worse"])
    assert not bool(groups.loc["metro", "worse"])


def test_nobody_loses_is_said_in_words(results: Results, tmp_path: Path) -> None:
    same = Results(write_study(tmp_path, same=True))
    assert "no space and no group of people is worse off" in _words(views.losers(same, "hours_per_need", ARM))
    assert "neither higher nor lower is better" in _words(views.losers(results, "ties", ARM))
