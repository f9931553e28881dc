"""Many contrasts at once: probabilities adjusted so that chance does not pass for a finding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def holm(p: F64) -> F64:
    """Holm's: at most one study in twenty calls any contrast found that is not, whatever the dependence between them.

    The smallest is multiplied by their number, the next by one less, and so on, none below the one before it. Those not
    known (NaN) count in the number, which is fixed beforehand, and stay so.
    """
    order = np.argsort(p, kind="stable")
    ordered = np.where(np.isfinite(p[order]), p[order], 1.0)
    found = np.empty(len(p))
    found[order] = np.minimum(np.maximum.accumulate(ordered * (len(p) - np.arange(len(p)))), 1.0)
    return np.where(np.isfinite(p), found, np.nan)


def benjamini_hochberg(p: F64) -> F64:
    """Benjamini's and Hochberg's: of the contrasts called found, at most one in twenty on average is not.

    Holds where contrasts are independent or move together. Those not known (NaN) are left out and stay so.
    """
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    ordered = p[order] * len(order) / (1 + np.arange(len(order)))
    found = np.full(len(p), np.nan)
    found[order] = np.minimum(np.minimum.accumulate(ordered[::-1])[::-1], 1.0)
    return found
