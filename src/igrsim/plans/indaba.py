"""The yearly indaba of a space on plans and budgets: when it sits, how long, and how much of it one project takes."""

from __future__ import annotations

from igrsim.kernel.params import Params, param


class Indaba(Params, group="idp-indaba"):
    """How the joint planning space of the spheres is set up; it has no staff of its own."""

    month: float = param(
        9, unit="month of the year", low=1, high=12, grade="assumed", source="s0-wc-so10", choice=True,
        meaning="month in which departments and municipalities meet; a fraction is rounded. Before departments draft (September) by default",
    )  # fmt: skip
    hours: float = param(
        14, unit="hours", low=4, high=24, grade="assumed", source="assumption", choice=True,
        meaning="length of the meeting: two days",
    )  # fmt: skip
    minutes_a_project: float = param(
        6, unit="minutes", low=2, high=20, grade="assumed", source="assumption",
        meaning="of the meeting, to lay one project on the table; what does not fit is not shown",
    )  # fmt: skip
    preparation: float = param(
        8, unit="hours", low=2, high=24, grade="assumed", source="assumption",
        meaning="preparation of each municipal delegate, and of each department that comes",
    )  # fmt: skip
    delegates: float = param(
        3, unit="officials", low=1, high=6, grade="assumed", source="assumption",
        meaning="delegates of each municipality",
    )  # fmt: skip
    laying: float = param(
        0.5, unit="hours a project", low=0.1, high=2, grade="assumed", source="assumption",
        meaning="hours to make one project ready for the table, for whoever means to do it",
    )  # fmt: skip
