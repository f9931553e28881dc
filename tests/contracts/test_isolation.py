"""A lever in one space changes another only through actors they share: with copies of its own, the other stays as it was.

Two districts in two provinces, far apart: provincial centres and departments, offices and roads are each district's own. What
they share are national forums, national departments' hours for meetings, the national centre's specialists and principals.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from igrsim.levers._base import levers
from igrsim.places.scopes import geography_of
from igrsim.regimes.regime import preset
from igrsim.runs.cell import CellSpec, run_cell
from separate_actors import OWN, separate

HERE, THERE = "DC36", "DC15"
SCOPE = (HERE, THERE)
MONTHS = 18
FEW = (*preset("district-hub-core").levers, "thusong-centres")
ALL = tuple(levers)
EACH = pytest.mark.parametrize("name", list(levers))

REACHES = {
    "alignment-adjudication": ("forums officials",),
    "communication-strategy": ("forums officials",),
    "district-hub": ("forums", "officials"),
    "forum-audit": ("officials",),
    "idp-indaba": ("officials",),
    "impact-zones": ("forums", "officials"),
    "live-information-system": ("officials",),
    "one-plan": ("officials", "specialists"),
    "platform-linkage": ("forums officials",),
    "regional-management": ("officials",),
    "regulated-plan": ("forums officials",),
    "task-teams": ("forums", "officials"),
}
"""Levers that reach another province beside `FEW`, and the shared actors through whom they do: each alone, or only together."""

Tables = dict[str, pd.DataFrame]


def place(code: str) -> int:
    return int(geography_of(list(SCOPE)).spaces.index[code])


def lived(names: tuple[str, ...], share: str, only: tuple[str, str] | None = None) -> Tables:
    """A cell of both districts under some levers, one of them perhaps in one district only.

    Parameters
    ----------
    share : str
        Which kinds of actor they share, with spaces between; of the others each has its own copy. Nothing for none,
        ``all`` for all.
    """
    terms = ((only[0], 1.0, (only[1],), ""),) if only else ()
    spec = CellSpec(
        regime="made up", levers=tuple(sorted({*names, *(t[0] for t in terms)})), rollout="all-at-once", rollout_digest="",
        scope=SCOPE, start="2019-04-01", months=MONTHS, citizens=300, params=(), seed=1, world=0, terms=terms,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        if share != "all":
            separate(patch, but=share.split())
        return run_cell(spec).tables


@cache
def everywhere(names: tuple[str, ...], share: str) -> Tables:
    """The same levers in both districts."""
    return lived(names, share)


@cache
def here_only(name: str, beside: tuple[str, ...], share: str) -> Tables:
    """A lever more in the first district than in the other, or one less if both have it."""
    return lived(beside, share, (name, THERE if name in beside else HERE))


def of_space(tables: Tables, space: int) -> Tables:
    """Every count, ledger entry and amended rule of one district."""
    table = geography_of(list(SCOPE)).municipalities
    mine = {
        "space": tables["space"]["place"] == space,
        "municipality": table.space_row[tables["municipality"]["place"]] == space,
        "ledger": tables["ledger"]["space"] == space,
        "rules": tables["rules"]["space"] == geography_of(list(SCOPE)).spaces.codes[space],
    }
    return {name: tables[name][which].reset_index(drop=True) for name, which in mine.items()}


def differing(one: Tables, other: Tables, space: int) -> list[str]:
    mine, theirs = of_space(one, space), of_space(other, space)
    return [name for name in mine if not mine[name].equals(theirs[name])]


@EACH
@pytest.mark.parametrize("beside", [FEW, ALL], ids=["few", "all"])
def test_with_actors_of_its_own_another_space_stays_as_it_was(name: str, beside: tuple[str, ...]) -> None:
    base, found = everywhere(beside, ""), here_only(name, beside, "")
    assert differing(base, found, place(THERE)) == []
    assert "rules" in differing(base, found, place(HERE))


@EACH
def test_with_shared_actors_only_levers_that_say_so_reach_another_space(name: str) -> None:
    found = differing(everywhere(FEW, "all"), here_only(name, FEW, "all"), place(THERE))
    assert not found or name in REACHES, f"{name} changes {found} of another space: say through which shared actor"


@pytest.mark.parametrize(("name", "ways"), REACHES.items(), ids=REACHES)
def test_a_lever_reaches_another_space_through_the_actors_it_names_and_no_others(
    name: str, ways: tuple[str, ...]
) -> None:
    named = {actor for way in ways for actor in way.split()}
    expected = dict.fromkeys(named, False) | dict.fromkeys(ways, True) | {" ".join(sorted({*OWN} - named)): False}
    found = {
        share: bool(differing(everywhere(FEW, share), here_only(name, FEW, share), place(THERE))) for share in expected
    }
    assert found == expected


@pytest.mark.parametrize(
    ("actor", "name", "beside"),
    [
        ("forums", "district-hub", FEW),
        ("officials", "task-teams", FEW),
        ("specialists", "one-plan", FEW),
        ("principals", "leadership", ALL),
        ("group", "finance-enablement", ALL),
    ],
    ids=["forums", "officials", "specialists", "principals", "group"],
)
def test_each_kind_of_shared_actor_does_carry_a_lever_elsewhere(actor: str, name: str, beside: tuple[str, ...]) -> None:
    assert differing(everywhere(beside, actor), here_only(name, beside, actor), place(THERE))
