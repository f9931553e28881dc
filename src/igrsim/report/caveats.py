"""What a reader must know before the numbers: what the model leaves out, invents and assumes."""

from __future__ import annotations

from typing import Any

from igrsim.report.audit_in_words import failed_checks
from igrsim.report.autopilot_in_words import autopilot_in_words
from igrsim.report.evidence import grades
from igrsim.report.rivals_in_words import in_sum, rivals_in_words
from igrsim.results.results import Results
from igrsim.views.numbers import level, significant, whole
from igrsim.views.phrases import plural
from igrsim.views.tiles import load_tiles


def caveats(results: Results, own_boundaries: bool = False) -> list[tuple[str, str]]:
    """What limits the answer: a word or two, and a sentence or three, each."""
    manifest = results.manifest
    broken = failed_checks(results)
    found = (
        [("A check failed", f"Do not use these numbers before it is known why: {'; '.join(broken)}.")] if broken else []
    )
    found += [
        (
            "Not a forecast",
            "A model says what follows from its rules and numbers when only the arrangements of government differ. It "
            "does not foretell any year or district, and no outcome shown here has been observed.",
        ),
        (
            "Left out",
            "Investors and firms, language and how staff treat people, communities' own power, protest, party "
            "politics, traditional leadership and corruption are not in the model; what coordination does to or "
            "through them it cannot say.",
        ),
    ]
    params = manifest["params"]
    by_grade = grades(params)
    varied = sorted({str(param["name"]) for param in params} & set(results.design.columns))
    found.append(
        (
            "Assumed numbers",
            f"{whole(by_grade.counts['assumed'])} of the {whole(by_grade.total)} numbers the model rests on "
            f"({level(by_grade.share('assumed'), 'share')}) are assumptions without a published figure. "
            f"{_varied(len(varied), int(manifest['futures']))}",
        )
    )
    if calibration := manifest.get("calibration"):
        found.append(("Calibrated numbers", _calibrated(calibration, manifest)))
    if "planners" in manifest:
        found.append(("How officials decide", _theory(results)))
    found.append(("Places and people", _places(results, own_boundaries)))
    if any("2019" in str(arm.get("rollout", "")) for arm in manifest["arms"]):
        found.append(
            (
                "Dates of hubs",
                "The 2019 plan gives how many districts and metros each wave has, not which: who is in which "
                "wave is assumed.",
            )
        )
    found.append(("Intervals", _intervals(manifest)))
    if flown := autopilot_in_words(results):
        found.append(("Number of worlds", flown))
    found.append(
        (
            "Exactly the same",
            "Arms share the same people, needs and luck. If a metric is exactly equal in two arms, no lever of the arm "
            "touches it in the months simulated; that is a statement about the model, not a finding about the country.",
        )
    )
    status = results.design["status"]
    failed = int((status != "done").sum())
    if failed:
        found.append(
            (
                "Failed runs",
                f"{failed} of {len(status)} {plural(len(status), 'run')} failed and are left out; "
                "failures.csv lists them.",
            )
        )
    return found


def _theory(results: Results) -> str:
    """On which theory of official behaviour the numbers rest, and whether others were tried."""
    said = f"In every run officials decide as one theory says ({results.manifest['planners']}). "
    tried = rivals_in_words(results)
    if not tried:
        return (
            said
            + "Whether a result holds under another theory was not tried here; [rivals] in the study file tries it."
        )
    return f"{said}Rival theories were tried beside it. {in_sum(tried)}"


def _varied(count: int, futures: int) -> str:
    if not count or futures < 2:
        return "No number was varied between runs: the intervals hold luck alone and understate what is not known."
    return (
        f"{whole(count)} {plural(count, 'number')} {'was' if count == 1 else 'were'} varied together over {futures} "
        f"plausible futures; the others stayed as they are, and the intervals do not cover them."
    )


def _calibrated(calibration: dict[str, Any], manifest: dict[str, Any]) -> str:
    known = {str(param["name"]): param for param in manifest["params"]}
    moved = [
        f"{name} from {known[name]['default']:g} to {value:g}" for name, value in sorted(calibration["set"].items())
    ]
    count = len(moved)
    said = (
        f"{whole(count)} {plural(count, 'number')} of {calibration['file']} {'stands' if count == 1 else 'stand'} in place of "
        f"defaults in every arm: {'; '.join(moved) or 'none'}. Calibration moves numbers so that known patterns come out: "
        f"those patterns are no test of these results."
    )
    if calibration.get("model") and calibration["model"] != manifest["versions"]["model"]:
        said += " They were found with another version of the model: whether the patterns still come out is not known."
    return said


def _places(results: Results, own_boundaries: bool) -> str:
    manifest = results.manifest
    people = f"{whole(float(manifest['citizens']))} simulated people"
    if not all(str(space["code"]) in load_tiles() for space in manifest["spaces"]):
        return f"An invented world, for teaching and tests, with {people}: nothing in it is a real place."
    each = significant(float(manifest["represents"]), 4)
    said = (
        f"{people}, each standing for {each} of the Census of 2011; population, age and settlements have moved since. "
        f"Service points are synthetic: placed by published counts and the rank of settlements, they are not the real "
        f"offices, so distances hold on average, not for a given village."
    )
    if not own_boundaries:
        said += " Outlines on the maps are computed from settlement points and are not legal boundaries."
    return said


def _intervals(manifest: dict[str, object]) -> str:
    worlds, futures = int(str(manifest["worlds"])), int(str(manifest["futures"]))
    together = int(str(manifest.get("futures_together", 1)))
    if not together:
        return (
            "None is given: the futures are steps of a screening, on the ends of ranges and one number apart, no sample of "
            "plausible futures. Means over them are means of what was tried."
        )
    units = futures // max(together, 1)
    blocks = f", in {units} independent {plural(units, 'block')}" if together > 1 else ""
    return (
        f"Each 95 % interval is where the difference of one more plausible world would lie, given {worlds} "
        f"{plural(worlds, 'world')} (luck) and {futures} {plural(futures, 'future')} (parameter values{blocks}). It does not "
        f"narrow to nothing as runs are added. Errors in the model's rules are outside it."
    )
