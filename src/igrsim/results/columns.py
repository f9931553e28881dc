"""What every column of every results table means; written beside the tables as ``columns.csv``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of a results table."""

    table: str
    name: str
    unit: str
    type: str
    meaning: str


KEYS = {
    "cell": ("ordinal", "int", "ordinal of the cell in the design"),
    "arm": ("name", "text", "arm of the study"),
    "future": ("ordinal", "int", "which set of plausible parameter values"),
    "world": ("ordinal", "int", "which replication: the luck all arms share"),
    "month": ("YYYY-MM", "text", "month of the study"),
    "space": ("code", "text", "district or metro"),
    "municipality": ("code", "text", "municipality"),
}

_LOWER = "lower end of the 95 % interval of the mean difference"
_UPPER = "upper end of the 95 % interval of the mean difference"

OTHERS = (
    Column("design", "hash", "sha-256", "text", "what the cell was computed from"),
    Column("design", "seed", "integer", "int", "seed of the study"),
    Column("design", "status", "word", "text", "done or failed"),
    Column("pairs", "needs_in_both", "count", "int", "documentary needs resolved in both the arm and the reference"),
    Column("people", "dimension", "name", "text", "place_kind, wealth_fifth or household_head"),
    Column("people", "group", "name", "text", "which of them; wealth fifths from the poorest, 1 to 5"),
    Column("ledger", "account", "name", "text", "what the hours and rand went to"),
    Column("ledger", "bearer", "name", "text", "who bears them: citizens, municipality, province, nation"),
    Column(
        "ledger",
        "hours",
        "hours",
        "float",
        "hours: of officials, or of citizens for bearer citizens (scaled to the whole population)",
    ),
    Column("ledger", "rand", "rand", "float", "rand of 2021: what is paid, and what the hours are worth"),
    Column(
        "milestones",
        "milestone",
        "name",
        "text",
        "what a space reached on its way: taken in, then the end of each stage",
    ),
    Column("milestones", "planned", "YYYY-MM", "text", "month in which the schedule has it; null where it plans none"),
    Column(
        "milestones", "reached", "YYYY-MM", "text", "month in which it was reached; null where not within the study"
    ),
    Column("milestones", "months_late", "months", "int", "reached less planned; null where either is"),
    Column("rollout", "spaces_due", "count", "int", "spaces whose start by the schedule has come"),
    Column("rollout", "spaces_running", "count", "int", "spaces taken in"),
    Column("rollout", "spaces_waiting", "count", "int", "spaces due that wait for money or specialists"),
    Column("rollout", "posts_wanted", "posts", "float", "hub posts of the spaces taken in"),
    Column("rollout", "posts_filled", "posts", "float", "those of them that are filled"),
    Column(
        "rollout", "specialists", "people", "float", "people fit for hub posts in the country; null without a limit"
    ),
    Column("rollout", "hours_available", "hours", "float", "specialists' hours of the national and provincial centres"),
    Column("rollout", "hours_used", "hours", "float", "those of them that went to spaces on their way to a plan"),
    Column("rollout", "rand_million", "rand million", "float", "hub posts paid in the month"),
    Column(
        "rollout",
        "rand_million_limit",
        "rand million",
        "float",
        "a twelfth of the financial year's money for hub posts; null without a limit, or where the scope is a part of the country",
    ),
    Column("rollout", "plans_adopted", "count", "int", "spaces with a One Plan adopted"),
    Column("effects", "arm", "name", "text", "arm compared"),
    Column("effects", "reference", "name", "text", "arm it is compared with"),
    Column("effects", "metric", "name", "text", "what is compared"),
    Column("effects", "unit", "unit", "text", "unit of the metric and of the difference"),
    Column("effects", "mean", "unit", "float", "mean of the arm over worlds and futures"),
    Column("effects", "difference", "unit", "float", "mean paired difference, arm minus reference"),
    Column("effects", "low", "unit", "float", "lower end of where one more plausible world would lie, 95 times in 100"),
    Column(
        "effects", "high", "unit", "float", "upper end of where one more plausible world would lie, 95 times in 100"
    ),
    Column("effects", "pairs", "count", "int", "pairs of runs that share world and future"),
    Column("effects", "verdict", "words", "text", "the difference in words, from a fixed scale"),
    Column("effects", "mean_low", "unit", "float", f"{_LOWER}, over worlds and futures"),
    Column("effects", "mean_high", "unit", "float", f"{_UPPER}, over worlds and futures"),
    Column("effects", "agree", "share", "float", "pairs whose difference has the sign of the mean difference"),
    Column("effects", "contrast", "word", "text", "primary: named before the run and tested together; or exploratory"),
    Column("effects", "margin", "unit", "float", "difference from which it is material"),
    Column(
        "effects", "p", "probability", "float", "of a mean difference so far from nought if there were none (paired t)"
    ),
    Column(
        "effects",
        "p_adjusted",
        "probability",
        "float",
        "the same with all contrasts counted: Holm's over the primary ones, Benjamini's and Hochberg's over the others",
    ),
    Column(
        "effects",
        "p_equal",
        "probability",
        "float",
        "of a mean difference so far within the margin if it were at the margin (two one-sided tests)",
    ),
    Column("effects", "p_equal_adjusted", "probability", "float", "the same with all contrasts counted"),
    Column("effects", "worlds_low", "unit", "float", f"{_LOWER}, over other worlds in the same futures"),
    Column("effects", "worlds_high", "unit", "float", f"{_UPPER}, over other worlds in the same futures"),
    Column("effects", "futures_low", "unit", "float", f"{_LOWER}, over other futures with the same worlds"),
    Column("effects", "futures_high", "unit", "float", f"{_UPPER}, over other futures with the same worlds"),
    Column("effects", "futures_share", "share", "float", "of the variance between pairs, the part between futures"),
    Column("effects", "not_told_apart", "words", "text", "why intervals of worlds or futures alone are not known"),
    Column("audit", "arm", "name", "text", "arm compared"),
    Column("audit", "reference", "name", "text", "arm it is compared with"),
    Column("audit", "metric", "name", "text", "primary metric"),
    Column("audit", "unit", "unit", "text", "unit of the metric"),
    Column("audit", "pairs", "count", "int", "pairs of runs that share world and future"),
    Column("audit", "correlation", "-1 to 1", "float", "of the arm's and the reference's runs over pairs"),
    Column(
        "audit",
        "variance_reduction",
        "times",
        "float",
        "how many times more runs it would take to be as sure without pairs: variance of the difference of unpaired runs over that of paired ones; inf where pairs differ by always the same",
    ),
    Column("audit", "first_month", "YYYY-MM", "text", "first month in which the first pair's runs differ in any count"),
    Column(
        "audit", "first_table", "name", "text", "municipality, space, people or need: the finest table they differ in"
    ),
    Column("audit", "first_place", "code", "text", "first municipality, space, group or need in that table"),
    Column("audit", "first_count", "name", "text", "first count there, by name"),
    Column("audit", "first_figures", "count", "int", "figures (a count of a place) that differ in that month"),
    Column("ladder", "arm", "name", "text", "arm whose levers are told apart"),
    Column(
        "ladder",
        "lever",
        "name",
        "text",
        "one of its levers; last 'all levers': the whole difference from the reference",
    ),
    Column("ladder", "metric", "name", "text", "what the difference is of"),
    Column("ladder", "unit", "unit", "text", "unit of the metric and of its differences"),
    Column(
        "ladder",
        "contribution",
        "unit",
        "float",
        "what the lever changes on joining, mean over orders and pairs of runs (its Shapley value)",
    ),
    Column(
        "ladder", "low", "unit", "float", "lower end of the 95 % interval of that mean, over orders drawn and pairs"
    ),
    Column(
        "ladder", "high", "unit", "float", "upper end of the 95 % interval of that mean, over orders drawn and pairs"
    ),
    Column(
        "ladder",
        "share",
        "share",
        "float",
        "contribution over the whole difference; below 0 where it goes the other way",
    ),
    Column("ladder", "alone", "unit", "float", "difference it makes where no other lever is, mean over pairs"),
    Column("ladder", "last", "unit", "float", "difference it makes where all others are already, mean over pairs"),
    Column(
        "ladder", "beside_others", "words", "text", "whether it does more or less beside the others, from a fixed scale"
    ),
    Column("ladder", "orders", "count", "int", "orders in which the levers joined"),
    Column("ladder", "pairs", "count", "int", "pairs of runs that share world and future"),
    Column("sensitivity", "of", "word", "text", "difference of the arm from the reference, or level of the reference"),
    Column("sensitivity", "method", "word", "text", "morris, sobol or pawn"),
    Column("sensitivity", "parameter", "name", "text", "number that was varied"),
    Column("sensitivity", "grade", "word", "text", "how well the number is known"),
    Column(
        "sensitivity",
        "index",
        "unit",
        "float",
        "mean size of its elementary effects, its total index, or PAWN's median",
    ),
    Column("sensitivity", "low", "unit", "float", "lower end of the 95 % interval of the index"),
    Column("sensitivity", "high", "unit", "float", "upper end of the 95 % interval of the index"),
    Column(
        "sensitivity", "first", "share", "float", "share of the variance it makes alone (Sobol's first-order index)"
    ),
    Column("sensitivity", "mu", "unit", "float", "mean elementary effect, with its sign"),
    Column(
        "sensitivity",
        "sigma",
        "unit",
        "float",
        "spread of its elementary effects: large where other numbers matter for it",
    ),
    Column(
        "sensitivity",
        "floor",
        "unit",
        "float",
        "what chance gives a number that does nothing: of the first-order index, or of PAWN's",
    ),
    Column("sensitivity", "beyond_chance", "truth", "bool", "whether it goes beyond that"),
    Column("sensitivity", "rank", "ordinal", "int", "1 for the number that matters most"),
    Column(
        "sensitivity_shares",
        "share_of",
        "name",
        "text",
        "a grade of evidence, interactions, what measuring would take away, luck of worlds",
    ),
    Column(
        "sensitivity_shares",
        "estimate",
        "share",
        "float",
        "share of the variance; with morris, of squared elementary effects",
    ),
    Column(
        "sensitivity_shares",
        "low",
        "share",
        "float",
        "lower end of its 95 % interval, interactions that cannot be put to one side included",
    ),
    Column("sensitivity_shares", "high", "share", "float", "upper end of its 95 % interval, interactions included"),
    Column("sensitivity_shares", "used", "count", "int", "trajectories, blocks or futures analysed"),
    Column(
        "sensitivity_shares", "left_out", "count", "int", "those left out: a run failed, or the metric is undefined"
    ),
    Column("coalitions", "levers", "names", "text", "levers of the arm that are there, beside the reference's"),
    Column("coalitions", "status", "word", "text", "done or failed"),
    Column("coalitions", "hash", "sha-256", "text", "what the cell was computed from"),
    Column("rivals", "arm", "name", "text", "arm compared"),
    Column("rivals", "reference", "name", "text", "arm it is compared with"),
    Column("rivals", "metric", "name", "text", "what is compared"),
    Column("rivals", "unit", "unit", "text", "unit of the metric and of the difference"),
    Column(
        "rivals", "planners", "name", "text", "theory of how officials decide; last 'all rules': whether they agree"
    ),
    Column("rivals", "mean", "unit", "float", "mean of the arm over worlds and futures, under that theory"),
    Column(
        "rivals", "difference", "unit", "float", "mean paired difference, arm minus reference, both under that theory"
    ),
    Column("rivals", "low", "unit", "float", "lower end of the 95 % interval over worlds and futures"),
    Column("rivals", "high", "unit", "float", "upper end of the 95 % interval over worlds and futures"),
    Column("rivals", "pairs", "count", "int", "pairs of runs that share world and future"),
    Column("rivals", "verdict", "words", "text", "the difference, or whether theories agree on it, from a fixed scale"),
    Column("rivals", "mean_low", "unit", "float", "lower end of the 95 % interval of the mean difference"),
    Column("rivals", "mean_high", "unit", "float", "upper end of the 95 % interval of the mean difference"),
    Column("rivals", "agree", "share", "float", "pairs whose difference has the sign of the mean difference"),
    Column(
        "rivals", "beyond_own", "unit", "float", "difference under that theory less that under the study's own, paired"
    ),
    Column("rivals", "beyond_own_low", "unit", "float", "lower end of the 95 % interval of that mean"),
    Column("rivals", "beyond_own_high", "unit", "float", "upper end of the 95 % interval of that mean"),
    Column("rivals", "status", "word", "text", "of the runs (rivals.parquet): done or failed"),
    Column("rivals", "hash", "sha-256", "text", "of the runs: what the cell was computed from"),
)
