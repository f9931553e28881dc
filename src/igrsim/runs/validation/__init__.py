"""What `igrsim validate` tries: known answers, nulls, conservation and patterns, each with what was expected and found."""

from __future__ import annotations

import pandas as pd

from igrsim.runs.validation.access_patterns import access_patterns
from igrsim.runs.validation.conservation import conservation
from igrsim.runs.validation.finding import Finding
from igrsim.runs.validation.known_answers import known_answers
from igrsim.runs.validation.nulls import frozen_nulls, nulls
from igrsim.runs.validation.patterns import patterns
from igrsim.runs.validation.people_answers import people_answers
from igrsim.runs.validation.relations import relations
from igrsim.runs.validation.support_answers import support_answers

COLUMNS = ("name", "expected", "found", "passed", "kind")


def validate(quick: bool) -> pd.DataFrame:
    """Try the model against what is known of it.

    Parameters
    ----------
    quick : bool
        Known answers and nulls only, without the null that freezes benefits over several futures.

    Returns
    -------
    DataFrame
        One row a trial: name, expected, found, passed, kind. A failing pattern stays as a row that did not pass.
    """
    found: list[Finding] = [*known_answers(), *people_answers(), *support_answers(), *nulls()]
    if not quick:
        found += [*frozen_nulls(), *relations(), *conservation(), *patterns(), *access_patterns()]
    return pd.DataFrame([[getattr(f, c) for c in COLUMNS] for f in found], columns=list(COLUMNS))
