"""What decides whether people go, where to, and what awaits them: the numbers."""

from __future__ import annotations

from igrsim.kernel.params import Params, param


class Access(Params, group="access"):
    """How people decide to go, where to, and what awaits them."""

    going: float = param(
        2.5, unit="log-odds", low=1.5, high=3.5, grade="assumed", source="assumption",
        meaning="log-odds of setting out in a month for an office next door without a queue",
    )  # fmt: skip
    per_minute: float = param(
        -0.026, unit="log-odds per minute", low=-0.035, high=-0.015, grade="derived", source="tanser-2006",
        meaning="fall of use with one-way travel time, from an odds ratio of 10 over 90 minutes",
    )  # fmt: skip
    per_rand: float = param(
        -0.004, unit="log-odds per rand", low=-0.010, high=0.0, grade="assumed", source="assumption",
        meaning="fall of use with the fare, for the middle wealth fifth, beyond what time already explains",
    )  # fmt: skip
    per_queue_minute: float = param(
        -0.008, unit="log-odds per minute", low=-0.026, high=0.0, grade="assumed", source="assumption",
        meaning="fall of use with the expected queue",
    )  # fmt: skip
    outings: float = param(
        2, unit="days", low=1, high=4, grade="assumed", source="assumption",
        meaning="days a month that a person can give to offices",
    )  # fmt: skip
    knows_visiting: float = param(
        0.6, unit="share", low=0.3, high=0.9, grade="assumed", source="psc-2010",
        meaning="people near a visiting service who know that it comes, and when",
    )  # fmt: skip
    missing_papers: float = param(
        0.25, unit="share", low=0.10, high=0.45, grade="assumed", source="assumption",
        meaning="first visits to a counter without a paper it asks for",
    )  # fmt: skip
    offline: float = param(
        0.08, unit="share", low=0.02, high=0.20, grade="assumed", source="assumption",
        meaning="visits on which the department's system is offline",
    )  # fmt: skip
    no_show: float = param(
        0.15, unit="share", low=0.05, high=0.30, grade="assumed", source="psc-2010",
        meaning="promised days on which a visiting department does not come",
    )  # fmt: skip
    give_up: float = param(
        0.10, unit="share", low=0.03, high=0.25, grade="assumed", source="assumption",
        meaning="wasted trips after which the need is abandoned",
    )  # fmt: skip
    patience: float = param(
        6, unit="months", low=3, high=12, grade="assumed", source="assumption",
        meaning="months without setting out before people begin to abandon a need",
    )  # fmt: skip
    give_up_waiting: float = param(
        0.10, unit="share a month", low=0.03, high=0.30, grade="assumed", source="assumption",
        meaning="needs abandoned in each month beyond that",
    )  # fmt: skip
    lag_identity: float = param(
        1, unit="months", low=0, high=2, grade="derived", source="sanews-2019",
        meaning="from applying for an identity document to its issue (under ten days to 54 days), in whole months",
    )  # fmt: skip
    lag_birth: float = param(
        2, unit="months", low=1, high=6, grade="assumed", source="assumption",
        meaning="from applying for one's own late birth registration to the certificate, in whole months",
    )  # fmt: skip
    lag_medical: float = param(
        1, unit="months", low=0, high=2, grade="assumed", source="iol-tdg-2020",
        meaning="from a disability assessment to the report, at a later visit, in whole months",
    )  # fmt: skip
    opening_minutes: float = param(
        450, unit="minutes", low=360, high=510, grade="assumed", source="assumption",
        meaning="an office's day, 08:00 to 15:30",
    )  # fmt: skip
    early_start: float = param(
        120, unit="minutes", low=0, high=240, grade="assumed", source="assumption",
        meaning="how long before opening people set out",
    )  # fmt: skip
