"""Regional management of departments: managers whose region is the space, and their offices."""

from __future__ import annotations

from igrsim.kernel.params import Params, param


class Regions(Params, group="regional-management"):
    """How many managers a space gets, what they cost, and what their being there changes."""

    provincial_posts: float = param(
        6, unit="posts a space", low=0, high=12, grade="assumed", source="s0-wc-so10", choice=True,
        meaning="regional managers of provincial departments, one a department; where there are fewer, other departments have no region",
    )  # fmt: skip
    national_posts: float = param(
        4, unit="posts a space", low=0, high=20, grade="assumed", source="s0-wc-so10", choice=True,
        meaning="the same of national departments",
    )  # fmt: skip
    rand_per_post: float = param(
        95_000, unit="rand a month", low=70_000, high=130_000, grade="assumed", source="assumption",
        meaning="cost of a regional manager with support staff's part. Rand of 2021",
    )  # fmt: skip
    office: float = param(
        18_000, unit="rand a month", low=6_000, high=40_000, grade="assumed", source="assumption",
        meaning="office, vehicle and lines of a regional manager. Rand of 2021",
    )  # fmt: skip
    hours_per_post: float = param(
        130, unit="hours a month", low=110, high=150, grade="assumed", source="assumption",
        meaning="working hours of a regional manager",
    )  # fmt: skip
    stay: float = param(
        0.5, unit="share", low=0.1, high=0.8, grade="assumed", source="s0-wc-so10",
        meaning="of the changes of a department's official for a space, those that a region of its own spares: one official for each municipality instead of different ones over time",
    )  # fmt: skip
    way: float = param(
        0.4, unit="ratio", low=0.2, high=0.9, grade="assumed", source="assumption",
        meaning="a department's journey to a meeting in the space from its region over that from head office",
    )  # fmt: skip
