"""One entry point in the province for what is asked of municipalities, and a central database that passes it on."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class SingleReportingChannel(Lever):
    """One entry point in the province for what is asked of municipalities, and a central database that passes it on."""

    id = "single-reporting-channel"
    summary = "all requests for information to municipalities go through one department of the province, whose central database passes on what was given once"
    seed = "s0-wc-so10"
    passage = "strategic objective 10, section 3.4(i), coordinated information gathering and dissemination"
    touches = "whether an indicator asked again under a common definition is answered from a database; a queue of its own, which makes answers stale"
    costs = "the provincial department's hours, as far as they are used, and the database (province)"
    limits = "what an Act owes a department municipalities still send it themselves; own definitions are not made common (that is realistic-indicators); departments read as many answers as before"
    numbers = (
        "reporting-channel.hours",
        "reporting-channel.entry_minutes",
        "reporting-channel.answer_minutes",
        "reporting-channel.patience",
        "reporting-channel.staleness",
        "reporting-channel.setup_months",
        "reporting-channel.setup_rand",
        "reporting-channel.running_rand",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, reporting_channel=max(ruling.reporting_channel, dose))
