"""Write the pages of findings, docs/where_it_loses.md, docs/lever_ladder.md and docs/planners.md, from finished runs of their studies.

python scripts/update_findings.py losses ALL_REGIMES_RESULTS WHERE_IT_LOSES_RESULTS
python scripts/update_findings.py ladder LEVER_LADDER_RESULTS
python scripts/update_findings.py rivals RIVAL_PLANNERS_RESULTS

What stands above the first mark of a page is written by hand and kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

from igrsim import views
from igrsim.report.losing_page import kinds_of_municipalities, paid_more, write_losing
from igrsim.report.rivals_in_words import in_sum, rivals_in_words
from igrsim.results.losing import losing_assumptions, losing_groups, losing_municipalities, losing_spaces, overall
from igrsim.results.results import Results
from igrsim.views.ladder_in_words import ladder_in_words
from igrsim.views.ledger_tables import rand_a_year
from igrsim.views.losers_chart import group_in_words
from igrsim.views.metric import headlines, metric_of
from igrsim.views.numbers import change, difference_unit, level
from igrsim.views.phrases import capital, interval

DOCS = Path(__file__).parents[1] / "docs"
MARK = "<!-- made by scripts/update_findings.py from here on -->"
OFTEN = 0.5
TOLD = 4


def keep_and_write(name: str, made: list[str]) -> None:
    """Replace what stands below the mark of a page."""
    file = DOCS / name
    kept = file.read_text(encoding="utf-8").partition(MARK)[0]
    file.write_text(f"{kept}{MARK}\n\n" + "\n".join(made).rstrip() + "\n", encoding="utf-8", newline="\n")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def run_in_words(results: Results) -> str:
    """Which study this is, in a sentence."""
    m = results.manifest
    return (
        f"*{m['title']}*: {len(m['spaces'])} spaces, {m['months']} months from {m['start']}, {m['worlds']} worlds and "
        f"{m['futures']} futures, seed {m['reproduce']['seed']}."
    )


def losses(country: Results, futures: Results) -> None:
    """The page on where each regime does worse than silos."""
    names = [m.name for m in headlines(futures)]
    arms = [arm for arm in country.arms if arm != country.reference]
    made = ["## Over the whole country", "", run_in_words(country), ""]
    made += [
        "Per cent of runs in which a regime is worse / better than silos by more than 2 per cent of their level.",
        "",
    ]
    whole = overall(country, names).set_index(["arm", "metric"])

    def shares(arm: str, metric: str) -> str:
        if (arm, metric) not in whole.index:
            return "not defined"
        row = whole.loc[(arm, metric)]
        return f"{100 * row['share_worse']:.0f} / {100 * row['share_better']:.0f}"

    made.append(table(["regime", *names], [[arm, *(shares(arm, name) for name in names)] for arm in arms]))
    made += [
        "## In which spaces",
        "",
        f"Spaces (of {len(country.manifest['spaces'])}) worse off in at least half of the runs.",
        "",
    ]
    rows = []
    for arm in arms:
        cells = []
        for name in names:
            found = losing_spaces(country, name, arm)
            worse = found[found["share_worse"] >= OFTEN].sort_values("share_worse", ascending=False, kind="stable")
            some = ", ".join(worse["space"].head(5))
            cells.append(f"{len(worse)}{f' ({some}…)' if len(worse) > 5 else f' ({some})' if some else ''}")
        rows.append([arm, *cells])
    made.append(table(["regime", *names], rows))
    (DOCS / "img").mkdir(exist_ok=True)
    views.losing_tiles(country, "meeting_hours", arms).savefig(DOCS / "img" / "losing_meeting_hours.png", dpi=55)
    made += ["![How often each space has more meeting hours than under silos](img/losing_meeting_hours.png)", ""]
    made += ["## For whom", ""]
    rows = []
    for arm in arms:
        groups = losing_groups(country, "hours_per_need", arm)
        hurt = groups[groups["share_worse"] >= OFTEN]
        people = ", ".join(
            group_in_words(str(d), str(g)) for d, g in zip(hurt["dimension"], hurt["group"], strict=True)
        )
        towns = losing_municipalities(country, "meeting_hours", arm, kinds_of_municipalities())
        kinds = "; ".join(f"{k} {100 * w:.0f}" for k, w in zip(towns["kind"], towns["share_worse"], strict=True))
        rows.append([arm, people or "none", kinds])
    made.append(
        table(
            [
                "regime",
                "people with more hours per need in half of the runs",
                "municipalities with more meeting hours, % of runs",
            ],
            rows,
        )
    )
    made += ["Rand million a year more than under silos, by who bears it (money for items funded twice left out):", ""]
    paid = paid_more(rand_a_year(country), country.reference, arms)
    made.append(table(["borne by", *arms], [[str(r["who"]), *(change(float(r[a]), "") for a in arms)] for r in paid]))
    made += ["## Under which assumptions", "", run_in_words(futures), ""]
    rows = []
    for metric in names:
        for arm in (a for a in futures.arms if a != futures.reference):
            found = losing_assumptions(futures, metric, arm)
            if len(found) == 0:
                continue
            sure = found[found["beyond"].astype(bool)].head(TOLD)
            said = "; ".join(
                f"`{r['parameter']}` ({r['correlation']:+.2f}: worse in {100 * r['in_lowest_third']:.0f} % low, {100 * r['in_highest_third']:.0f} % high)"
                for r in sure.to_dict("records")
            )
            rows.append([metric, arm, f"{100 * found['share_worse'].iloc[0]:.0f}", said or "none beyond chance"])
    made += [
        "Rank correlation over futures of a number with how much worse the regime does; only those beyond what chance gives the strongest of all numbers "
        "tried. Low and high: the number's lowest and highest third.",
        "",
        table(["metric", "regime", "worse in % of futures", "goes with"], rows),
    ]
    keep_and_write("where_it_loses.md", made)
    for results in (country, futures):
        write_losing(
            results.folder, [m.name for m in headlines(results)], [a for a in results.arms if a != results.reference]
        )


def ladder(results: Results) -> None:
    """The page on what each lever contributes."""
    made = [run_in_words(results), ""]
    for one in ladder_in_words(results):
        made += [f"## {one.metric.title}", "", *one.sentences, ""]
        if one.why_not is None:
            unit = one.metric.unit
            rows = [
                [
                    r.lever,
                    change(r.contribution, unit),
                    f"{change(r.low, unit)} to {change(r.high, unit)}",
                    change(r.alone, unit),
                    change(r.last, unit),
                ]
                for r in one.rows
            ]
            made.append(table(["lever", "contributes", "95 % interval", "alone", "last of all"], rows))
    first = metric_of(results, results.manifest["ladder"]["metrics"][0])
    for name in (first.name, "duplicate_spend_share"):
        views.ladder(results, name).savefig(DOCS / "img" / f"ladder_{name}.png", dpi=55)
        made += [f"![{name}, lever by lever](img/ladder_{name}.png)", ""]
    keep_and_write("lever_ladder.md", made)


def rivals(results: Results) -> None:
    """The page on what hubs change under each theory of how officials decide, and where theories agree."""
    tried = rivals_in_words(results)
    made = [run_in_words(results), "", f"**{in_sum(tried)}**", ""]
    arms = list(dict.fromkeys(one.arm for one in tried))
    for metric in dict.fromkeys(one.metric for one in tried):
        mine = [one for one in tried if one.metric == metric]
        made += [f"## {metric.title}", "", f"{capital(difference_unit(metric.unit))}; {metric.meaning}.", ""]
        made += [f"- {one.sentence.partition(', ')[2]}" for one in mine] + [""]
        rows = []
        for rule in (row.planners for row in mine[0].rows):
            cells = []
            for one in mine:
                row = next(r for r in one.rows if r.planners == rule)
                cells += [level(row.mean - row.difference, metric.unit)] if one is mine[0] else []
                reach = interval(row.low, row.high, metric.unit)
                cells.append(f"{change(row.difference, metric.unit)} ({reach}): {row.verdict}")
            rows.append([rule, *cells])
        made.append(
            table(["theory", f"{results.reference}", *(f"{arm} minus {results.reference}" for arm in arms)], rows)
        )
    for arm in arms:
        name = f"rivals_{tried[0].metric.name}_{arm}"
        views.rivals(results, tried[0].metric.name, arm).savefig(DOCS / "img" / f"{name}.png", dpi=55)
        made += [f"![{tried[0].metric.title} of {arm}, theory by theory](img/{name}.png)", ""]
    keep_and_write("planners.md", made)


if __name__ == "__main__":
    what, *folders = sys.argv[1:]
    {"losses": losses, "ladder": ladder, "rivals": rivals}[what](*(Results(Path(f)) for f in folders))
