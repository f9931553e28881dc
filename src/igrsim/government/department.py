"""A national or provincial department: what it may fund, whom it asks, which meetings it calls."""

from __future__ import annotations

from typing import Any

from igrsim.government.actor import Actor


class Department(Actor):
    """One national department, or one province's department of a type.

    Attributes
    ----------
    code : str
        ``DWS``, or with its province ``WC-COGTA``.
    kind : str
        Code in the table of departments.
    seat : int
        Its column among the departments that a space knows.
    province : str or None
        None for a national department.
    key : int
        Stable key of its code.
    """

    def __init__(
        self, model: Any, *, code: str, kind: str, seat: int, sphere: str, province: str | None, key: int
    ) -> None:
        super().__init__(model)
        self.code = code
        self.kind = kind
        self.seat = seat
        self.sphere = sphere
        self.province = province
        self.key = key
