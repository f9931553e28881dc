"""What a challenge found, in sentences that claim no more than futures by lot allow."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from igrsim.results.scenario_discovery import Box
from igrsim.views.numbers import THIN, change, difference_unit, plain, tick
from igrsim.views.phrases import capital, listed, plural

UNBELIEVED = 0.05
"""Probability by lot from which a box is one that chance finds too."""
TOLD = 6


def how_often(row: dict[str, Any], reference: str) -> list[str]:
    """How often the arm loses on one metric: by lot, in the search, by numbers or by luck."""
    name, unit, arm = plain(str(row["metric"])).lower(), str(row["unit"]), str(row["arm"])
    tried, lost = int(row["futures"]), int(row["lost"])
    if not tried:
        return [f"{capital(name)} is defined in none of the futures tried by lot."]
    high = _per_cent(float(row["share_high"]), up=True)
    # a future is lost by its mean over these worlds: others would draw the line elsewhere
    worlds = int(row["worlds"])
    here = f"in {'this' if worlds == 1 else f'these {worlds}'} {plural(worlds, 'world')}"
    if lost == 0:
        said = [
            f"No future was found in which {arm} does worse than {reference} on {name}, of {tried} tried by lot: with 95{THIN}% "
            f"confidence it does in fewer than {high} of plausible futures {here}."
        ]
    else:
        low = _per_cent(float(row["share_low"]), up=False)
        said = [
            f"{capital(arm)} does worse than {reference} on {name} in {lost} of {tried} futures drawn by lot, in "
            f"{int(row['materially_lost'])} of them by more than is material: with 95{THIN}% confidence in "
            + (f"more than {low}" if lost == tried else f"between {low} and {high}")
            + f" of plausible futures {here}."
        ]
    if row.get("undefined"):
        said.append(
            f"In {int(row['undefined'])} further futures a run failed, the metric is undefined or the study leaves them out."
        )
    if row.get("searched") and math.isfinite(row["searched"]):
        said += _search(row, lost, name)
    luck = float(row["variance_of_luck"])
    if math.isfinite(luck):
        said.append(
            f"Every future was lived in the same worlds: of what varies, {_per_cent(1 - luck)} goes with the numbers "
            f"alone and {_per_cent(luck)} with luck, or numbers and luck together."
        )
    said.append(f"On average over futures by lot the difference is {_much(float(row['mean_difference']), unit)}.")
    return said


def _search(row: dict[str, Any], lost: int, name: str) -> list[str]:
    sought, found, unit = int(row["searched"]), int(row["search_lost"]), str(row["unit"])
    worst = _much(float(row["worst"]), unit)
    if not found and not lost:
        said = f"A search of {sought} more, steered to the worst, found none either: the worst difference is {worst}."
    elif not lost:
        said = f"A search steered to the worst found {found} among {sought} more: they exist, and are rare; the worst is {worst}."
    else:
        said = f"A search of {sought} more, steered to the worst, lost in {found}; the worst of all is {worst}."
    said += " The search says what can happen, not how often."
    fresh, again = int(row["fresh_worlds"]), int(row["fresh_lost"])
    if fresh:
        of = "all" if again == fresh else "none" if not again else f"{again}"
        said += f" In {fresh} fresh worlds, the worst future is worse than the reference in {of} of them."
    return [said]


def about_box(box: Box | None, rules: pd.DataFrame, lost: int, tried: int, arm: str) -> list[str]:
    """The rules under which the arm loses, how many losses they cover, and how far they are to be believed."""
    if box is None:
        if min(lost, tried - lost) < 5:
            which = "lost" if lost <= tried - lost else "not lost"
            count = min(lost, tried - lost)
            return [
                f"No rules are sought: {count} of {tried} futures are {which}, and it takes 5 to tell what they share."
            ]
        return ["No rule on the numbers tells the lost futures from the others better than none."]
    parts = [in_words(rule) for rule in rules.to_dict("records")]
    said = [
        f"{capital(arm)} loses where {listed(parts)}: {box.density:.0%} of the futures there are lost, and they are "
        f"{box.coverage:.0%} of all that are lost ({box.lost} of {box.inside}).".replace("%", f"{THIN}%")
    ]
    if math.isfinite(box.by_lot):
        said.append(
            f"Were losses dealt by lot, as good a box would be found with probability {box.by_lot:.2g}: "
            + (
                "chance finds as much, so do not rely on it."
                if box.by_lot > UNBELIEVED
                else "chance seldom finds as much."
            )
        )
    return said


def in_words(rule: dict[str, Any]) -> str:
    """One rule: a number above, below or between values."""
    low, high, name = float(rule["place_low"]), float(rule["place_high"]), str(rule["parameter"])
    least, most = tick(float(rule["low"])), tick(float(rule["high"]))
    if low > 0 and high < 1:
        return f"{name} is between {least} and {most} {rule['unit']}"
    return f"{name} is above {least} {rule['unit']}" if low > 0 else f"{name} is below {most} {rule['unit']}"


def about_few(worst: pd.DataFrame, few: list[tuple[int, float]], unit: str, sign: float) -> list[str]:
    """Whether a handful of numbers is enough to lose, and whether it is known which numbers tell.

    Parameters
    ----------
    few : list of (int, float)
        How many numbers were moved, and the arm's difference there.
    """
    said = []
    for count, difference in few:
        if not math.isfinite(difference):
            continue
        loses = sign * difference > 0
        much = _much(difference, unit)
        if not count:
            said.append(f"With every number at its default it {'loses too' if loses else 'does not lose'}: {much}.")
            continue
        names = [str(name) for name in worst["parameter"].head(count)]
        shown = listed(names[:TOLD] + ([f"{len(names) - TOLD} more"] if len(names) > TOLD else []))
        said.append(
            f"With only {shown} where the worst future has them and all else at its default, it "
            f"{'loses' if loses else 'does not lose'}: {much}."
        )
    beyond = [str(name) for name in worst["parameter"][worst["beyond_chance"]]]
    if beyond:
        shown = listed(beyond[:TOLD] + ([f"{len(beyond) - TOLD} more"] if len(beyond) > TOLD else []))
        said.append(
            f"Of all {len(worst)} numbers {shown} {'goes' if len(beyond) == 1 else 'go'} with losing by more than chance gives the "
            "strongest of so many."
        )
    else:
        said.append(
            f"No number goes with losing by more than chance gives the strongest of {len(worst)}: that these are the ones that "
            "tell is a guess, which more futures would try."
        )
    return said


def _much(value: float, unit: str) -> str:
    return f"{change(value, unit)} {difference_unit(unit)}" if math.isfinite(value) else "not defined"


def _per_cent(share: float, up: bool | None = None) -> str:
    """A share in per cent, rounded outwards where it is a bound."""
    value = 100 * share
    if up is not None:
        scale = 1 if value >= 10 else 10
        value = (math.ceil if up else math.floor)(value * scale - (1e-9 if up else -1e-9)) / scale
        return f"{value:g}{THIN}%"
    return f"{value:.0f}{THIN}%"


def counted(count: int, word: str) -> str:
    """A count and its word."""
    return f"{count} {plural(count, word)}"
