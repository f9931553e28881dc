"""Everything an author may get wrong: studies and tables, each with one fault, on a study that is otherwise in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

STUDY = """\
title = "Two towns"
[world]
scope = "two-towns"
start = 2019-04-01
months = 3
citizens = 60
[arms.siloed]
regime = "siloed"
[arms.hub]
regime = "district-hub-core"
rollout = "all-at-once"
set = { "district-hub.posts" = 3 }
add = ["imbizo", { lever = "leadership", dose = 0.5, from = 2020-01-01, scope = ["DC15"] }]
drop = ["one-plan"]
[futures]
n = 2
vary = ["travel.fare_per_km", "trust.initial"]
[replication]
seed = 1
worlds = 2
[analysis]
primary = ["meeting_hours"]
audit = false
[[event]]
kind = "budget-shock"
date = 2019-05-01
share = -0.1
[runtime]
workers = 1
"""
POINTS = """\
code,service,name,settlement,municipality,space,lat,lon,kind,site,desks,days_per_month,synthetic
clinic-A,clinic,Clinic Alpha,TT-A,TT1,TT,-29.0,24.0,office,TT-A/1,9,21,yes
clinic-B,clinic,Clinic Beta,TT-B,TT2,TT,-29.0,25.2339,office,TT-B/1,6,21,yes
police-A,police,Police Alpha,TT-A,TT1,TT,-29.0,24.0,office,TT-A/1,1,30,yes
"""
FORUMS = """\
forum,convener,members,dates,rhythm,hours,venue,sectors,level,place
District forum,district,locals;district,2019-05-14;2019-08-13,,5,seat,water;housing,space,TT
Managers' forum,district,locals;district,,quarterly,4,seat,health,space,TT
"""
ROLLOUT = """\
space,start
TT,2019-05-01
"""
FUTURES = """\
travel.fare_per_km,trust.initial
1.0,0.5
1.2,0.4
"""
CALIBRATED = """\
[about]
seed = 1
[set]
"reporting.silence" = 0.4
engagement.convening = 6.5
"""
BASE = 'title = "Base"\n[arms.siloed]\nregime = "siloed"\n'


@dataclass(frozen=True)
class Case:
    """One fault.

    Attributes
    ----------
    files : dict of str to bytes
        By name, in a folder of their own.
    command : tuple of str
        What is asked.
    prepare : callable, optional
        What else there is in the folder.
    """

    files: dict[str, bytes]
    command: tuple[str, ...] = ("check", "study.toml")
    prepare: Callable[[Path], object] | None = field(default=None, compare=False)


CASES: dict[str, Case] = {}


def add(name: str, case: Case) -> None:
    assert name not in CASES, name
    CASES[name] = case


def changed(text: str, given: str, instead: str) -> str:
    assert given in text, given
    return text.replace(given, instead, 1)


def study(name: str, given: str, instead: str, *command: str, **files: str) -> None:
    """A study with one thing in place of another."""
    beside = {f"{key}.toml": text.encode() for key, text in files.items()}
    add(
        name, Case({"study.toml": changed(STUDY, given, instead).encode(), **beside}, ("check", "study.toml", *command))
    )


def whole(name: str, content: bytes | str, **files: str) -> None:
    """A study file of any content."""
    raw = content if isinstance(content, bytes) else content.encode()
    add(name, Case({"study.toml": raw, **{f"{key}.toml": text.encode() for key, text in files.items()}}))


def table(key: str, name: str, content: bytes | str) -> None:
    """A user's own table, named by a study."""
    file, given, instead = {
        "points": ("points.csv", "months = 3", 'months = 3\npoints = "points.csv"'),
        "forums": ("forums.csv", "months = 3", 'months = 3\nforums = "forums.csv"'),
        "rollout": ("rollout.csv", '"all-at-once"', '"rollout.csv"'),
        "futures": ("futures.csv", STUDY[STUDY.index("n = 2") : STUDY.index("[replic")], 'method = "table"\ntable = "futures.csv"\n'),
        "calibration": ("calibrated.toml", "months = 3", 'months = 3\ncalibration = "calibrated.toml"'),
    }[key]  # fmt: skip
    raw = content if isinstance(content, bytes) else content.encode()
    add(f"{key}: {name}", Case({"study.toml": changed(STUDY, given, instead).encode(), file: raw}))


MONTHS, START, SCOPE, CITIZENS = "months = 3", "start = 2019-04-01", 'scope = "two-towns"', "citizens = 60"
SILOED, HUB, N = 'regime = "siloed"', 'regime = "district-hub-core"', "n = 2"
VARY = 'vary = ["travel.fare_per_km", "trust.initial"]'
WORLDS, SEED, SHARE, KIND, DATE = "worlds = 2", "seed = 1", "share = -0.1", 'kind = "budget-shock"', "date = 2019-05-01"
SET, TERM, DROP = 'set = { "district-hub.posts" = 3 }', 'lever = "leadership", dose = 0.5', 'drop = ["one-plan"]'
BOTH = f"{N}\n{VARY}"

# keys: unknown, misspelt, twice, missing
study("key misspelt", MONTHS, "mnths = 3")
study("key misspelt at the top", 'title = "Two', 'titel = "Two')
study("table misspelt", "[world]", "[wrld]")
study("table of another name", "[futures]", "[sweep]")
study("key of an arm misspelt", SILOED, "regme = 'siloed'")
study("key of a term misspelt", "dose = 0.5", "doze = 0.5")
study("key of an event misspelt", SHARE, "shre = -0.1")
study("key of another kind of event", SHARE, "share = -0.1\ntimes = 2")
study("key in capitals", MONTHS, "Months = 3")
study("key in quotes misspelt", MONTHS, '"month s" = 3')
study("key dotted and misspelt", "[world]", "world.mnths = 2\n[other]")
study("key twice", MONTHS, f"{MONTHS}\n{MONTHS}")
study("key twice, once in quotes", MONTHS, f'{MONTHS}\n"months" = 3')
study("table twice", "[replication]", "[world]")
study("arm twice", "[arms.hub]", "[arms.siloed]")
study("parameter twice, with and without quotes", SET, 'set = { "district-hub.posts" = 3, district-hub.posts = 4 }')
study("same key right in one table and wrong in another", SEED, "seed = 1\nmonths = 3")
study("no title", 'title = "Two towns"\n', "")
study("no regime", f"{SILOED}\n", "")
study("no kind of event", f"{KIND}\n", "")
study("no date of an event", f"{DATE}\n", "")
study("key with a line break", MONTHS, '"mon\\nths" = 3')
study("key with a colour", MONTHS, '"\\u001b[31mmonths" = 3')
study("key of 10 000 letters", MONTHS, f"{'x' * 10_000} = 3")
study("an empty key", MONTHS, '"" = 3')

# types, signs, ranges
study("word for a number", MONTHS, 'months = "three"')
study("number in quotes", MONTHS, 'months = "3"')
study("truth for a number", MONTHS, "months = true")
study("fraction of a month", MONTHS, "months = 2.5")
study("number for a word", 'title = "Two towns"', "title = 2")
study("table for a number", MONTHS, "months = { from = 1 }")
study("list for a number", MONTHS, "months = [3, 6, 12]")
study("list for worlds", WORLDS, "worlds = [2, 4]")
study("list for a seed", SEED, "seed = [1, 2]")
study("list for a regime", SILOED, 'regime = ["siloed", "one-stop"]')
study("list for a parameter of an arm", SET, 'set = { "district-hub.posts" = [3, 6] }')
study("list for a dose", "dose = 0.5", "dose = [0.5, 1.0]")
study("no months", MONTHS, "months = 0")
study("negative months", MONTHS, "months = -3")
study("10^30 months", MONTHS, f"months = {10**30}")
study("nobody", CITIZENS, "citizens = 0")
study("people in words", CITIZENS, 'citizens = "all"')
study("nan people", CITIZENS, "citizens = nan")
study("no worlds", WORLDS, "worlds = 0")
study("negative worlds", WORLDS, "worlds = -2")
study("negative seed", SEED, "seed = -1")
study("seed of 10^30", SEED, f"seed = {10**30}")
study("no futures", N, "n = 0")
study("1e400 for a parameter", SET, 'set = { "district-hub.posts" = 1e400 }')
study("nan for a parameter", SET, 'set = { "district-hub.posts" = nan }')
study("10^30 for a parameter", SET, f'set = {{ "district-hub.posts" = {10**30} }}')
study("negative parameter", SET, 'set = { "district-hub.posts" = -3 }')
study("parameter in quotes", SET, 'set = { "district-hub.posts" = "3" }')
study("percent for a share", SET, 'set = { "district-hub.retire" = 50 }')
study("percent for a share, in quotes", SET, 'set = { "district-hub.retire" = "50 %" }')
study("percent for a dose", "dose = 0.5", "dose = 50")
study("percent for a share of an event", SHARE, "share = -10")
study("percent sign", SHARE, "share = -10%")
study("decimal comma", SHARE, "share = -0,1")
study("thousands mark", CITIZENS, "citizens = 60 000")
study("money in rand", CITIZENS, "citizens = R60")
study("no workers", "workers = 1", "workers = 0")
study("workers in words", "workers = 1", 'workers = "many"')
study("truth in words", "audit = false", 'audit = "no"')

# names
study("unknown scope", SCOPE, 'scope = "two-town"')
study("empty scope", SCOPE, 'scope = ""')
study("no space", SCOPE, "scope = []")
study("unknown space", SCOPE, 'scope = ["DC15", "DC99"]')
study("unknown space among several", SCOPE, 'scope = "DC15,DC366"')
study("unknown province", SCOPE, 'scope = "province:Gautneg"')
study("space in small letters", SCOPE, 'scope = ["dc15"]')
study("unknown regime", HUB, 'regime = "district-hub-cor"')
study("regime in capitals", HUB, 'regime = "DISTRICT-HUB"')
study("unknown roll-out", '"all-at-once"', '"all-at-onec"')
study("unknown lever", '"imbizo"', '"imbiso"')
study("unknown lever in part", 'lever = "leadership"', 'lever = "leedership"')
study("unknown lever dropped", DROP, 'drop = ["one-plam"]')
study("lever that is there", '"imbizo"', '"district-hub"')
study("lever twice", '"imbizo"', '"imbizo", "imbizo"')
study("lever twice, once in part", '"imbizo"', '"leadership"')
study("lever that is not there", DROP, 'drop = ["bursary-scheme"]')
study("lever added and dropped", DROP, 'drop = ["imbizo"]')
study("lever dropped before the study", DROP, 'drop = [{ lever = "one-plan", from = 2018-04-01 }]')
study("lever dropped in the first month", DROP, 'drop = [{ lever = "one-plan", from = 2019-04-01 }]')
study("lever dropped after the study", DROP, 'drop = [{ lever = "one-plan", from = 2019-07-01 }]')
study("lever dropped twice", DROP, 'drop = ["one-plan", { lever = "one-plan", from = 2019-05-01 }]')
study(
    "lever dropped from a month, twice",
    DROP,
    'drop = [{ lever = "one-plan", from = 2019-05-01 }, { lever = "one-plan", from = 2019-06-01 }]',
)
study("unknown lever dropped from a month", DROP, 'drop = [{ lever = "imbiso", from = 2019-05-01 }]')
study("lever dropped that is added later", DROP, 'drop = [{ lever = "leadership", from = 2019-05-01 }]')
study(
    "lever there already, dropped later",
    f'"imbizo", {{ {TERM}, from = 2020-01-01, scope = ["DC15"] }}]\n{DROP}',
    '{ lever = "one-plan", from = 2019-05-01 }]\ndrop = [{ lever = "one-plan", from = 2019-06-01 }]',
)
study("key of a drop misspelt", DROP, 'drop = [{ lever = "one-plan", form = 2019-05-01 }]')
study("no such date of a drop", DROP, 'drop = [{ lever = "one-plan", from = "2019-05-41" }]')
study("number for a drop", DROP, "drop = [3]")
study("dose of a drop", DROP, 'drop = [{ lever = "one-plan", from = 2019-05-01, dose = 0.5 }]')
study("unknown space of a drop", DROP, 'drop = [{ lever = "one-plan", scope = ["DC150"] }]')
study("unknown space of a term", '["DC15"]', '["DC150"]')
study("unknown space of a shared hub", DROP, 'shared_hubs = [["DC15", "DC150"]]')
study("space in two shared hubs", DROP, 'shared_hubs = [["DC15", "DC36"], ["DC15"]]')
study("unknown parameter", SET, 'set = { "district-hub.post" = 3 }')
study("unknown parameter, dotted", SET, "set.district-hub.post = 3")
study("group for a parameter", SET, "set.district-hub = 3")
study("unknown metric", "meeting_hours", "meeting_hour")
study("two references", SILOED, f"{SILOED}\nreference = true\n[arms.more]\n{SILOED}\nreference = true")
study("unknown kind of event", KIND, 'kind = "budget-shok"')
study("unknown sphere", SHARE, f'{SHARE}\nsphere = "local"')
study("unknown sector", SHARE, f'{SHARE}\nsectors = ["watr"]')
study("unknown place of an event", SHARE, f'{SHARE}\nspaces = ["DC366"]')
study("unknown province of an event", SHARE, f'{SHARE}\nprovinces = ["Gautneg"]')
study("unknown office", f"{KIND}\n{DATE}\n{SHARE}", f'kind = "office-closes"\n{DATE}\noffice = "sassa-TTB"')
study("unknown need", f"{KIND}\n{DATE}\n{SHARE}", f'kind = "demand-surge"\n{DATE}\nneed = "disability_grnt"\ntimes = 2')
study("arm of a formula", "[arms.hub]", '[arms."=hub"]')
study("arm above the folder", "[arms.hub]", '[arms."../hub"]')
study("arm of an absolute path", "[arms.hub]", '[arms."/etc/hub"]')
study("arm called CON", "[arms.hub]", "[arms.CON]")
study("arm called nul", "[arms.hub]", "[arms.nul]")
study("arm of 300 letters", "[arms.hub]", f"[arms.{'x' * 300}]")
study("arm without a name", "[arms.hub]", '[arms.""]')
study("arm with a mark", "[arms.hub]", '[arms."<b>hub</b>"]')
study("arm with an accent", "[arms.hub]", '[arms."hôpital"]')
study("no arms", STUDY[STUDY.index("[arms.siloed]") : STUDY.index("[futures]")], "[arms]\n")
study("title of 300 letters", "Two towns", "x" * 300)
study("title of two lines", "Two towns", "Two\\ntowns")
study("title of nothing", "Two towns", " ")

# dates
study("31 February", START, "start = 2019-02-31")
study("31 February in quotes", START, 'start = "2019-02-31"')
study("day and month the other way round", START, 'start = "01/04/2019"')
study("hour for a day", START, "start = 2019-04-01T09:00:00")
study("middle of a month", START, "start = 2019-04-02")
study("year 1", START, "start = 0001-01-01")
study("end of time", START, "start = 9999-12-01")
study("ends too late", f"{START}\n{MONTHS}", "start = 2199-01-01\nmonths = 600")
study("event before the start", DATE, "date = 2019-03-31")
study("event on 31 February", DATE, 'date = "2019-02-31"')
study("dates reversed", f"{KIND}\n{DATE}\n{SHARE}", 'kind = "lockdown"\ndate = 2019-05-01\nuntil = 2019-04-30')
study("term from 31 February", "from = 2020-01-01", 'from = "2020-02-31"')

# futures
study("unknown method", N, 'n = 2\nmethod = "lsh"')
study("unknown pairing", N, 'n = 2\npairing = "cross"')
study("unknown future", "trust.initial", "trust.initil")
study("choice among futures", "trust.initial", "district-hub.posts")
study("parameter varied twice", "trust.initial", "travel.fare_per_km")
study("one word for what varies", VARY, 'vary = "trust.initial"')
study("values without a grid", VARY, "values.trust.initial = [0.4, 0.5]")
study("grid without values", BOTH, 'method = "grid"')
study("grid with a number of futures", BOTH, 'method = "grid"\nn = 4\nvalues.trust.initial = [0.4, 0.5]')
study("grid of one value", BOTH, 'method = "grid"\nvalues.trust.initial = 0.4')
study("grid of none", BOTH, 'method = "grid"\nvalues.trust.initial = []')
study("grid of words", BOTH, 'method = "grid"\nvalues.trust.initial = ["low"]')
study("grid of a value twice", BOTH, 'method = "grid"\nvalues.trust.initial = [0.4, 0.40]')
study("grid outside a range", BOTH, 'method = "grid"\nvalues.trust.initial = [0.4, 40]')
study("grid of nan", BOTH, 'method = "grid"\nvalues.trust.initial = [nan]')
study("grid of a choice", BOTH, 'method = "grid"\nvalues.district-hub.posts = [3, 4]')
study("grid of an unknown parameter", BOTH, 'method = "grid"\nvalues.trust.initail = [0.4]')
study("grid cycled", BOTH, 'method = "grid"\npairing = "cycled"\nvalues.trust.initial = [0.3, 0.4, 0.5]')
study("grid of 10^9 cells", BOTH, 'method = "grid"\n[futures.values]\n' + "".join(
    f'"{name}" = [{", ".join(f"{low + step * i:.6f}" for i in range(1000))}]\n'
    for name, low, step in (("travel.fare_per_km", 0.7, 0.0005), ("trust.initial", 0.4, 0.0002), ("reporting.silence", 0.3, 0.0004))
))  # fmt: skip
study("zip of two lengths", BOTH, 'method = "zip"\nvalues = { trust.initial = [0.4, 0.5], travel.fare_per_km = [1.0] }')
study(
    "zip of a future twice",
    BOTH,
    'method = "zip"\nvalues = { trust.initial = [0.4, 0.4], travel.fare_per_km = [1.0, 1] }',
)
study("table without a file", BOTH, 'method = "table"')
study("table and values", BOTH, 'method = "table"\ntable = "f.csv"\nvalues.trust.initial = [0.4]')
study("sobol of no power of two", N, 'method = "sobol"\nn = 6')
study("sobol cycled", N, 'method = "sobol"\nn = 4\npairing = "cycled"')
study("sobol with levels", N, 'method = "sobol"\nn = 4\nlevels = 4')
study("sobol of nothing", BOTH, 'method = "sobol"\nn = 4\nvary = []')
study(
    "sobol of 10^9 cells",
    f"{N}\n{VARY}\n[replication]\n{SEED}\n{WORLDS}",
    f'method = "sobol"\nn = 8192\n{VARY}\n[replication]\nworlds = 10000',
)
study("morris of one trajectory", N, 'method = "morris"\nn = 1')
study("morris of odd levels", N, 'method = "morris"\nn = 4\nlevels = 5')
study("lhs with levels", N, "n = 4\nlevels = 4")
study(
    "10^9 cells",
    f"{BOTH}\n[replication]\n{SEED}\n{WORLDS}",
    f'n = 10000\npairing = "crossed"\n[replication]\n{SEED}\nworlds = 100000',
)

# what is taken over, what is left out
EXTENDS = 'title = "Two towns"', 'title = "Two towns"\nextends = "base.toml"'
study("extends nothing", EXTENDS[0], f'{EXTENDS[0]}\nextends = "bsae.toml"', base=BASE)
study("extends itself", EXTENDS[0], f'{EXTENDS[0]}\nextends = "study.toml"')
study("extends in a circle", *EXTENDS, base='extends = "other.toml"\n', other='extends = "study.toml"\n')
study("extends a list", EXTENDS[0], f'{EXTENDS[0]}\nextends = ["base.toml"]', base=BASE)
study("extends a folder", EXTENDS[0], f'{EXTENDS[0]}\nextends = "."')
study("extends what is no TOML", *EXTENDS, base="a = ")
study("extends a study with a fault", *EXTENDS, base=BASE + "[world]\nmnths = 3\n")
study("extends a study with an unknown lever", *EXTENDS, base=BASE + 'add = ["imbiso"]\n')
study("arm extends nothing", DROP, f'{DROP}\n[arms.thin]\nextends = "hbu"')
study("arm extends itself", DROP, f'{DROP}\n[arms.thin]\nextends = "thin"')
study("arms extend in a circle", DROP, f'{DROP}\nextends = "thin"\n[arms.thin]\nextends = "hub"')
study("arm extends two", DROP, f'{DROP}\n[arms.thin]\nextends = ["hub", "siloed"]')
study(
    "arm that extends, with a fault", DROP, f'{DROP}\n[arms.thin]\nextends = "hub"\nset = {{ district-hub.posts = 99 }}'
)
EXCLUDE = "[runtime]", "[[exclude]]\n{}\n[runtime]"
for label, lines in {
    "nothing": "",
    "an unknown arm": 'arms = ["hbu"]',
    "the reference": 'arms = ["siloed"]',
    "everything": 'when = "trust.initial > 0"',
    "by an unknown name": 'when = "trust.initil > 0.5"',
    "by a name that does not vary": 'when = "reporting.silence > 0.5"',
    "by no comparison": 'when = "trust.initial"',
    "by one equals sign": 'when = "trust.initial = 0.5"',
    "by code": "when = \"__import__('os').getcwd()\"",
    "by a percentage": 'when = "trust.initial > 50%"',
    "by an open bracket": 'when = "(trust.initial > 0.5"',
    "by a deep nest": f'when = "{"(" * 60}trust.initial > 0.5{")" * 60}"',
    "by a long text": f'when = "{"trust.initial > 0.5 and " * 60}trust.initial > 0.5"',
    "by a list": 'when = ["trust.initial > 0.5"]',
    "by a misspelt key": 'wen = "trust.initial > 0.5"',
}.items():
    study(f"exclude {label}", EXCLUDE[0], EXCLUDE[1].format(lines))

# when to stop, what must hold
study("worlds reversed", WORLDS, "worlds = { min = 4, max = 2 }")
study("worlds without a most", WORLDS, "worlds = { min = 4 }")
study("worlds with a misspelt key", WORLDS, "worlds = { min = 2, mx = 4 }")
study("worlds in words", WORLDS, 'worlds = { min = "2", max = 4 }')
study("stop without a range of worlds", WORLDS, 'worlds = 2\nstop = { on = "meeting_hours", half_width = 0.5 }')
study(
    "stop on an unknown metric",
    WORLDS,
    'worlds = { min = 2, max = 4 }\nstop = { on = "meeting_hour", half_width = 0.5 }',
)
study("stop at no width", WORLDS, 'worlds = { min = 2, max = 4 }\nstop = { on = "meeting_hours", half_width = 0 }')
study("margin of an unknown metric", "audit = false", "audit = false\nmargin = { meeting_hour = 1.0 }")
study("margin of nothing", "audit = false", "audit = false\nmargin = { meeting_hours = 0 }")
study("metric twice", '["meeting_hours"]', '["meeting_hours", "meeting_hours"]')
for label, lines in {
    "of an unknown arm": 'it = "x"\nexpect = "diff == 0"\narm = "hbu"',
    "of an unknown metric": 'it = "x"\nexpect = "diff == 0"\nmetric = "meeting_hour"',
    "of an unknown name": 'it = "x"\nexpect = "abs(dif) == 0 while month < first_wave"',
    "of an unknown name in its while": 'it = "x"\nexpect = "abs(diff) == 0 while mnth < first_wave"',
    "of two whiles": 'it = "x"\nexpect = "diff == 0 while month < 1 while month < 2"',
    "without words": 'expect = "diff == 0"',
    "without a condition": 'it = "x"',
    "of the reference": 'it = "x"\nexpect = "diff == 0"\narm = "siloed"',
}.items():
    study(f"check {label}", EXCLUDE[0], f"[[check]]\n{lines}\n[runtime]")

# the command line
for label, setting in {
    "without a value": "world.months",
    "without a key": "=3",
    "of an unknown key": "world.mnths=3",
    "of a wrong value": "world.months=three",
    "of a list": "world.months=[1,2]",
    "within a text": "title.x=3",
    "of a table": "world=3",
    "of an unknown parameter": "arms.hub.set.district-hub.post=3",
    "of no key": "a b=3",
    "of extends": "extends=base.toml",
    "of a deep nest": "x=" + "[" * 5000,
}.items():
    add(f"-s {label}", Case({"study.toml": STUDY.encode()}, ("check", "study.toml", "-s", setting)))

# files
whole("empty", b"")
whole("only a comment", "# nothing yet\n")
whole("only a title", 'title = "x"\n')
whole("a list of arms", 'title = "x"\narms = ["siloed"]\n')
whole("UTF-16", STUDY.encode("utf-16"))
whole("UTF-16 without its mark", STUDY.encode("utf-16-le"))
whole("Latin-1", STUDY.replace("Two", "Tw\u00f4").encode("latin-1"))
whole("zero byte", STUDY.replace("Two towns", "Two\0towns"))
whole("half a letter", STUDY.replace("Two towns", "\\ud800"))
whole("line ends of an old Mac", STUDY.replace("\n", "\r"))
whole("deep nesting of lists", "title = " + "[" * 50_000)
whole("deep nesting of tables", "x = " + "{a=" * 2_000 + "1" + "}" * 2_000)
whole("a list 90 deep", STUDY.replace('"Two towns"', "[" * 90 + "]" * 90))
whole("a value of 90 000 letters", STUDY.replace("months = 3", f'months = "{"x" * 90_000}"'))
whole("JSON", '{"title": "x"}')
whole("YAML", "title: x\narms:\n  - siloed\n")
whole("no closing quote", STUDY.replace('"Two towns"', '"Two towns'))
whole("no closing bracket", STUDY.replace("[world]", "[world"))
whole("no value", STUDY.replace("months = 3", "months ="))
whole("a number of 10 000 digits", STUDY.replace("months = 3", f"months = {'9' * 10_000}"))
add("folder", Case({}, ("check", "."), None))
add("missing", Case({}, ("check", "none.toml"), None))
add("name of 300 letters", Case({}, ("check", "x" * 300)))
add("100 MB", Case({}, ("check", "big.toml"), lambda folder: _large(folder / "big.toml")))
add("link to itself", Case({}, ("check", "loop.toml"), lambda folder: (folder / "loop.toml").symlink_to("loop.toml")))
add("a table for a study", Case({"points.csv": POINTS.encode()}, ("check", "points.csv")))


def _large(file: Path) -> None:
    with file.open("wb") as handle:
        handle.truncate(100_000_000)


# tables of the user's own
KINDS = {"points": POINTS, "forums": FORUMS, "rollout": ROLLOUT, "futures": FUTURES}
for kind, text in KINDS.items():
    lines = text.splitlines()
    table(kind, "empty", b"")
    table(kind, "header only", lines[0] + "\n")
    table(kind, "UTF-16", text.encode("utf-16"))
    table(kind, "Latin-1", (text + "\u00e9").encode("latin-1"))
    table(kind, "zero byte", text + "\0")
    if kind != "rollout":
        # there, columns may be divided as spreadsheets of some countries do
        table(kind, "semicolons", text.replace(";", "/").replace(",", ";"))
    if kind != "futures":
        # there, one column is as good as two
        table(kind, "first column missing", "\n".join(",".join(line.split(",")[1:]) for line in lines))
    if kind != "rollout":
        # there, notes may stand beside
        table(kind, "unknown column", "\n".join([f"{lines[0]},colour", *(f"{line},red" for line in lines[1:])]))
    table(kind, "column twice", "\n".join(f"{line},{line.split(',')[1]}" for line in lines))
    table(kind, "row twice", text + lines[1] + "\n")
    table(kind, "row too short", text + lines[1].rsplit(",", 1)[0] + "\n")
    table(kind, "open quote", text + '"' + lines[1] + "\n")
    table(kind, "20 MB", text + "x" * 20_100_000)
for name, given, instead in (
    ("unknown service", "clinic-A,clinic,", "clinic-A,clinc,"),
    ("unknown settlement", "Alpha,TT-A,TT1", "Alpha,TT-X,TT1"),
    ("unknown municipality", "TT-A,TT1,", "TT-A,TT9,"),
    ("municipality of another", "TT-A,TT1,", "TT-A,TT2,"),
    ("unknown space", "TT1,TT,", "TT1,DC15,"),
    ("unknown kind", ",office,", ",ofice,"),
    ("latitude and longitude swapped", "-29.0,24.0", "24.0,-29.0"),
    ("outside the country", "-29.0,24.0", "51.5,24.0"),
    ("latitude without its sign", "-29.0,24.0", "29.0,24.0"),
    ("decimal comma", "-29.0,24.0", '"-29,0",24.0'),
    ("decimal comma without quotes", "-29.0,24.0", "-29,0,24.0"),
    ("thousands mark", ",9,21", ',"9,000",21'),
    ("space in a number", ",9,21", ",9 000,21"),
    ("underscore in a number", ",9,21", ",9_0,21"),
    ("1e400", "-29.0,24.0", "1e400,24.0"),
    ("nan", "-29.0,24.0", "nan,24.0"),
    ("no desks", ",9,21", ",0,21"),
    ("half a desk", ",9,21", ",9.5,21"),
    ("40 days a month", ",9,21", ",9,40"),
    ("formula", "Clinic Alpha", "=1+1"),
    ("formula of a name", "clinic-A,", "@SUM(A1),"),
    ("empty code", "clinic-A,clinic", ",clinic"),
    ("neither yes nor no", "21,yes", "21,true"),
    ("quote that is not closed", "Clinic Alpha", '"Clinic Alpha'),
    ("mark for a service", "clinic-A,clinic,", "clinic-A,<clinic>,"),
    ("dollar for a number", ",9,21", ",$9,21"),
    ("accent in a code", "Alpha,TT-A,", "Alpha,TT-\u00c0,"),
):
    table("points", name, changed(POINTS, given, instead))
for name, given, instead in (
    ("unknown sector", "water;housing", "watr;housing"),
    ("sector twice", "water;housing", "water;Water"),
    ("unknown level", ",space,TT\nM", ",spce,TT\nM"),
    ("unknown place", ",space,TT\nM", ",space,TX\nM"),
    ("unknown rhythm", "quarterly", "quartely"),
    ("no date", "2019-05-14", "14 May 2019"),
    ("31 February", "2019-05-14", "2019-02-31"),
    ("neither dates nor rhythm", "quarterly", ""),
    ("no hours", ",4,seat", ",,seat"),
    ("no time", ",4,seat", ",0,seat"),
    ("hours in words", ",4,seat", ",four,seat"),
    ("30 hours", ",4,seat", ",30,seat"),
    ("no members", "locals;district,,", ",,"),
    ("unknown member", "locals;district,,", "locals;distrct,,"),
    ("member of a formula", "locals;district,,", "=locals,,"),
    ("formula for a name", "District forum", "=District forum"),
    ("full-width formula", "District forum", "\uff1dDistrict forum"),
    ("name of the model's own", "District forum", "ad-hoc"),
    ("same name in other letters", "Managers' forum", "DISTRICT FORUM"),
    ("colour in a name", "District forum", "\x1b[31mDistrict forum"),
    ("unknown convener", "District forum,district", "District forum,distrct"),
):
    table("forums", name, changed(FORUMS, given, instead))
for name, given, instead in (
    ("unknown space", "TT,2019", "TX,2019"),
    ("31 February", "2019-05-01", "2019-02-31"),
    ("day and month the other way round", "2019-05-01", "01/05/2019"),
    ("formula", "2019-05-01", "=TODAY()"),
    ("no start at all", "2019-05-01", ""),
    ("misspelt column", "space,start", "space,strat"),
):
    table("rollout", name, changed(ROLLOUT, given, instead))
for name, given, instead in (
    ("unknown parameter", "trust.initial", "trust.initail"),
    ("choice", "trust.initial", "district-hub.posts"),
    ("outside its range", "1.2,0.4", "1.2,40"),
    ("decimal comma", "1.2,0.4", '1.2,"0,4"'),
    ("decimal comma without quotes", "1.2,0.4", "1.2,0,4"),
    ("formula", "1.2,0.4", "1.2,=0.4"),
    ("percent", "1.2,0.4", "1.2,40%"),
    ("empty cell", "1.2,0.4", "1.2,"),
    ("nan", "1.2,0.4", "1.2,nan"),
    ("1e400", "1.2,0.4", "1.2,1e400"),
):
    table("futures", name, changed(FUTURES, given, instead))
for name, content in {
    "empty": "",
    "no TOML": "[set]\nx = = 1\n",
    "no values": "[about]\nseed = 1\n",
    "values that are no table": "set = 3\n",
    "misspelt table": CALIBRATED.replace("[set]", "[sets]"),
    "unknown parameter": CALIBRATED.replace("silence", "silense"),
    "outside its range": CALIBRATED.replace("0.4", "40"),
    "choice": CALIBRATED.replace('"reporting.silence"', '"district-hub.posts"'),
    "list": CALIBRATED.replace("0.4", "[0.3, 0.4]"),
    "quotes": CALIBRATED.replace("0.4", '"0.4"'),
    "twice": CALIBRATED + "reporting.silence = 0.3\n",
    "a study": STUDY,
}.items():
    table("calibration", name, content)
table("calibration", "UTF-16", CALIBRATED.encode("utf-16"))
for key in ("points", "forums"):
    study(f"{key}: missing", MONTHS, f'{MONTHS}\n{key} = "none.csv"')
    study(f"{key}: a folder", MONTHS, f'{MONTHS}\n{key} = "."')
study("rollout: missing", '"all-at-once"', '"none.csv"')
study("rollout: a zero byte in its name", '"all-at-once"', '"a\\u0000b.csv"')
study("futures: missing", BOTH, 'method = "table"\ntable = "none.csv"')
study("futures: a folder", BOTH, 'method = "table"\ntable = "."')
study("calibration: missing", MONTHS, f'{MONTHS}\ncalibration = "none.toml"')
study("calibration: a number", MONTHS, f"{MONTHS}\ncalibration = 3")
add("forums audit: missing", Case({}, ("forums", "audit", "none.csv")))
add("forums audit: no forums", Case({"f.csv": b"a,b\n1,2\n"}, ("forums", "audit", "f.csv")))
