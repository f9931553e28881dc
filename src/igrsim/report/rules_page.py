"""The rules of a space in one month as a page worth projecting: which lever set which, in every arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from igrsim.report.projector import Arm, Band, Card, Figure, ProjectorPage
from igrsim.runs.rules_told import RuleTold, Setting
from igrsim.views.phrases import capital, plural


def rules_page(
    arms: Mapping[str, Sequence[RuleTold]],
    about: Mapping[str, str],
    name: str,
    month: str,
    kicker: str,
    command: str,
) -> ProjectorPage:
    """The page.

    Parameters
    ----------
    arms : mapping of str to RuleTold
        Each arm's rules.
    about : mapping of str to str
        Each arm in words.
    name : str
        Of the space.
    """
    columns, told, sources = [], [], {}
    for arm, rules in arms.items():
        changed = [rule for rule in rules if rule.settings]
        columns.append(
            Arm(
                arm,
                about.get(arm, ""),
                (Figure(f"{len(changed)} of {len(rules)}", "rules set by a lever", len(changed) / max(len(rules), 1)),),
            )
        )
        first = min((s.since for rule in changed for s in rule.settings), default="")
        told.append(
            f"{arm} has changed {len(changed)} of {len(rules)} rules, the first in {first}"
            if changed
            else f"{arm} leaves every rule as in silos"
        )
        for rule in changed:
            for setting in rule.settings:
                sources |= setting.sources
    rows = list(zip(*arms.values(), strict=True))
    # what a lever sets stands first
    rows.sort(key=lambda row: not any(rule.settings for rule in row))
    bands = [
        Band(capital(row[0].rule.replace("_", " ")), tuple(_cards(rule) for rule in row), row[0].meaning)
        for row in rows
    ]
    cited = [f"{key}: {words}" for key, words in sources.items() if words]
    return ProjectorPage(
        title=f"Whose rules hold in {name}, {month}",
        answer=f"By {month}: {'; '.join(told)}.",
        arms=tuple(columns),
        bands=tuple(bands),
        caveats=(
            "A rule says what the arrangements allow, not what comes of it: what hubs and departments do with it is simulated.",
            "A lever's dose is how far it is rolled out in this space, from 0 to 1.",
            *cited,
        ),
        command=command,
        kicker=kicker,
        wide_labels=True,
    )


def _cards(rule: RuleTold) -> tuple[Card, ...]:
    if not rule.settings:
        return (Card(f"{rule.value:g}", "as in silos", mark="quiet"),)
    return tuple(_card(rule, setting) for setting in rule.settings)


def _card(rule: RuleTold, setting: Setting) -> Card:
    choices = ", ".join(f"{name} = {value:g}" for name, value in setting.choices.items())
    keys = [key for key in setting.sources if key]
    parts = [
        capital(setting.summary),
        f"chosen: {choices}" if choices else "",
        f"last changed {setting.last}" if setting.last != setting.since else "",
        f"{plural(len(keys), 'source')}: {', '.join(keys)}" if keys else "",
    ]
    alone = len(rule.settings) == 1
    value = f"{setting.after:g}, in silos {rule.silo:g}" if alone else f"from {setting.before:g} to {setting.after:g}"
    dose = "full dose" if setting.dose == 1 else f"dose {setting.dose:g}"
    return Card(value, "; ".join(part for part in parts if part), f"since {setting.since}", f"{setting.lever}, {dose}")
