"""An audit of forums, and a provincial framework in which the Premier's and district forums come first."""

from __future__ import annotations

from igrsim.kernel.params import Params, param
from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class ForumAuditChoices(Params, group="forum-audit"):
    """How far a framework goes."""

    merge: float = param(
        0.75, unit="share", low=0, high=1, grade="assumed", source="assumption", choice=True,
        meaning="share of departments' own forums that overlap a statutory one which the framework merges into it",
    )  # fmt: skip


class ForumAudit(Lever):
    """An audit of forums, and a provincial framework in which the Premier's and district forums come first."""

    id = "forum-audit"
    summary = "an audit of existing forums, then a provincial intergovernmental framework that merges departments' own into the Premier's and district forums"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.4(ii), coordinated intergovernmental engagement"
    touches = "which of departments' own forums still meet, those found dysfunctional first; agenda, length, meetings and seats of the forums they are merged into"
    costs = "hours of the provincial centre, taken from spaces on their way to a plan; conveners' and municipalities' answers; longer and more meetings of the host forums"
    limits = "one audit; forums that law or a framework requires stay as they are, and so do national ones; that members resist the end of a forum is left out"
    numbers = (
        "forum-framework.audit_hours",
        "forum-framework.convener_hours",
        "forum-framework.municipal_hours",
        "forum-framework.framework_hours",
        "forum-framework.framework_months",
        "forum-framework.keeping_hours",
        "forum-framework.carried",
        "forum-framework.longest_hours",
        "forum-framework.represented",
        "forum-framework.recalls",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        merge = self.params[ForumAuditChoices].merge
        return amend(
            ruling,
            forum_audit=max(ruling.forum_audit, dose),
            forums_merged=max(ruling.forums_merged, merge * dose),
        )
