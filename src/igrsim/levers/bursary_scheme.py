"""One bursary scheme."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class BursaryScheme(Lever):
    """Bursaries go where one analysis finds posts vacant.

    One bursary scheme for the province, its fields chosen by a common analysis of needs. Here bursaries go to functions
    in proportion to vacant posts, among those its funder may fund, instead of to what each funder likes, as far as the
    provincial centre has hours for the analysis.
    """

    id = "bursary-scheme"
    summary = "one bursary scheme by a coordinated analysis of needs"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.2(i)"
    touches = "which functions bursaries feed, as far as the provincial centre finds hours for the analysis; its graduates fill posts three to four years later"
    costs = "hours of the provincial centre for the analysis"
    limits = "students' own wishes, school results and universities' places are left out; no bursary is added, funders fund only what their mandates name, and a study shorter than a degree sees costs only"
    numbers = (
        "bursaries.popular",
        "bursaries.study_months",
        "bursaries.study_spread",
        "bursaries.stays",
        "staffing.graduate",
        "bursaries.analysis_hours",
        "support.centre_hours",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, bursary_scheme=max(ruling.bursary_scheme, dose))
