"""Coordinating centres: the Premier's Office with provincial COGTA and Treasury, and the national committee of ministers."""

from __future__ import annotations

from typing import Any

from igrsim.government.actor import Actor
from igrsim.kernel.params import Params, param


class CentreWork(Params, group="centres"):
    """Hours of the coordinating centres, and how well those in them work together."""

    national_hours: float = param(
        1300, unit="hours a month", low=500, high=2600, grade="assumed", source="s1-pcc-2019",
        meaning="hours of the national project office for profiles, plans and adjudication (about ten posts)",
    )  # fmt: skip
    provincial_hours: float = param(
        260, unit="hours a month", low=80, high=600, grade="assumed", source="s1-pcc-2019",
        meaning="hours of a province's Premier's Office, cooperative governance and Treasury for the same (two posts)",
    )  # fmt: skip
    expert_hours: float = param(
        2600, unit="hours a month", low=800, high=5000, grade="assumed", source="s1-pcc-2019",
        meaning="hours that a dedicated expert unit, retired professionals and the development bank add, over the country",
    )  # fmt: skip
    strengthened: float = param(
        3.0, unit="ratio", low=1.5, high=5, grade="assumed", source="s1-pcc-2019",
        meaning="hours of a provincial centre once provincial cooperative governance is strengthened, over those before",
    )  # fmt: skip
    partnership: float = param(
        0.5, unit="index 0-1", low=0.3, high=0.7, grade="assumed", source="s3-ddm-lessons",
        meaning="mean quality of the partnership of Premier's Office, cooperative governance and Treasury; provinces had varying strengths",
    )  # fmt: skip
    partnership_spread: float = param(
        0.2, unit="standard deviation", low=0.0, high=0.3, grade="assumed", source="s3-ddm-lessons",
        meaning="spread of that quality between provinces",
    )  # fmt: skip
    roles_clear: float = param(
        0.05, unit="share a month", low=0.01, high=0.1, grade="assumed", source="s3-ddm-lessons",
        meaning="how fast a partnership closes the gap to what leadership makes of it, up or back down",
    )  # fmt: skip
    champion_leaves: float = param(
        0.015, unit="share a month", low=0.005, high=0.03, grade="assumed", source="assumption",
        meaning="chance that a province's champion leaves: the partnership starts again where luck puts it, attention is gone",
    )  # fmt: skip


class Principals(Params, group="principals"):
    """What the time of ministers, premiers and mayors does, and how soon it is forgotten."""

    minister_hours: float = param(
        120, unit="hours a month", low=40, high=300, grade="assumed", source="s3-ddm-lessons",
        meaning="hours of the inter-ministerial committee and the minister for all spaces together, under leadership",
    )  # fmt: skip
    premier_hours: float = param(
        40, unit="hours a month", low=10, high=100, grade="assumed", source="s2-mpcc-2001",
        meaning="hours of a premier and members of the executive council for the province's spaces, under leadership",
    )  # fmt: skip
    gain: float = param(
        0.02, unit="per hour", low=0.005, high=0.05, grade="assumed", source="assumption",
        meaning="how far one hour spent on a space brings it to mind",
    )  # fmt: skip
    fades: float = param(
        0.15, unit="share a month", low=0.05, high=0.3, grade="assumed", source="s3-ddm-lessons",
        meaning="attention lost in a month in which nobody spends an hour",
    )  # fmt: skip
    imbizo_gain: float = param(
        0.5, unit="share", low=0.2, high=0.8, grade="assumed", source="s3-ddm-lessons",
        meaning="of the way to full attention that an imbizo goes",
    )  # fmt: skip
    imbizo_hours: float = param(
        900, unit="hours", low=300, high=2500, grade="assumed", source="s3-ddm-lessons",
        meaning="hours of the nation and the province, half each, for one imbizo with its logistics",
    )  # fmt: skip
    imbizo_municipal: float = param(
        60, unit="hours", low=20, high=200, grade="assumed", source="s3-ddm-lessons",
        meaning="hours of each municipality of the space for one imbizo",
    )  # fmt: skip
    imbizo_hears: float = param(
        0.2, unit="share", low=0.05, high=0.5, grade="assumed", source="s3-ddm-lessons",
        meaning="needs of the space that an imbizo brings to light as a profile would",
    )  # fmt: skip
    follow_up: float = param(
        0.05, unit="share", low=0.01, high=0.15, grade="assumed", source="s3-ddm-lessons",
        meaning="of the way to full attention that one task team's meeting goes which can decide",
    )  # fmt: skip


class Centre(Actor):
    """The nation's coordinating centre, or one province's.

    Attributes
    ----------
    code : str
        ``ZA`` or the province.
    key : int
    partnership : float
        How well those in it work together, 0 to 1.
    drawn : float
        What luck gave it, and what it falls back to.
    audited : int
        Minutes of this month that an audit of forums took; what is left is for spaces on their way to a plan.
    """

    def __init__(self, model: Any, *, code: str, key: int, partnership: float) -> None:
        super().__init__(model)
        self.code = code
        self.key = key
        self.partnership = self.drawn = partnership
        self.audited = 0
