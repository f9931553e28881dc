"""A study run from the command line: its contrasts, checks and what else it says, and where its report is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from igrsim.cli.output import Format, progress, say, show

if TYPE_CHECKING:
    from igrsim.results.results import Results
    from igrsim.runs.study import Study


def run_and_tell(
    study: Study,
    out: Path,
    text: str | None,
    command: str,
    boundaries: Path | None = None,
    format: Format = Format.table,
) -> int:
    """Run a study, print its contrasts, write its report; gives back the exit code."""
    from igrsim.report import write_report
    from igrsim.report.audit_in_words import audit_in_words, failed_checks
    from igrsim.report.autopilot_in_words import autopilot_in_words
    from igrsim.report.rivals_in_words import rivals_in_words
    from igrsim.runs.session import run_study
    from igrsim.runs.study import check_places
    from igrsim.views.ladder_in_words import ladder_in_words

    def write(results: Results) -> None:
        if not results.lost_arms():
            write_report(results.folder, boundaries)

    check_places(study)
    with progress() as tell:
        outcome = run_study(study, out, text, command, tell, report=write)
    effects = outcome.results.effects()
    show(effects, format, columns=["arm", "metric", "unit", "mean", "difference", "low", "high", "pairs", "verdict"])
    for check in outcome.results.checks().itertuples():
        say(f"{'ok  ' if check.passed else 'FAIL'} {check.name}: {check.found}")
    if broken := failed_checks(outcome.results):
        say(
            f"{len(broken)} {'CHECK' if len(broken) == 1 else 'CHECKS'} FAILED: do not use these numbers before it is known why"
        )
    if flown := autopilot_in_words(outcome.results):
        say(flown)
    for words in audit_in_words(outcome.results):
        say(words)
    for shared in ladder_in_words(outcome.results):
        say(" ".join(shared.sentences))
    for tried in rivals_in_words(outcome.results):
        say(tried.sentence)
    if outcome.failures:
        say(
            f"{len(outcome.failures)} of {outcome.results.manifest['cells']} cells failed: {outcome.folder}/failures.csv"
        )
    lost = outcome.results.lost_arms()
    if lost:
        say(f"no report: every cell of {', '.join(lost)} failed")
    else:
        params = outcome.results.manifest["params"]
        assumed = sum(p["grade"] == "assumed" for p in params)
        say(f"{assumed} of the {len(params)} numbers behind this ({assumed / len(params):.0%}) are assumed")
        say(f"report: {outcome.folder / 'report.html'}")
    say(f"results: {outcome.folder}")
    return 1 if outcome.failures else 0
