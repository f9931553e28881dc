"""One bursary scheme."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class BursaryScheme(Lever):
    """Bursaries go where one analysis finds posts vacant."""

    id = "bursary-scheme"
    summary = "one bursary scheme by a coordinated analysis of needs"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.2(i)"
    touches = "which functions bursaries feed; its graduates come years later"
    costs = "hours of the provincial centre for the analysis"
    limits = "students' own wishes, school results and universities' places are left out"

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, bursary_scheme=max(ruling.bursary_scheme, dose))
