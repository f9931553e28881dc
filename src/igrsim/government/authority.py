"""Authority and trust between governments: how strongly each bears on what actors do, and how trust follows experience."""

from __future__ import annotations

from igrsim.kernel.params import Params, param


class Authority(Params, group="authority"):
    """How strongly each moves the odds; negotiated agreements of silos move none. Odds of 1 to 1 become 2.7 to 1 at 1."""

    duty: float = param(
        1.5, unit="log odds", low=0.5, high=3.0, grade="assumed", source="igrfa-ddm-regs-2024",
        meaning="a regulated duty to take part: on laying drafts before the space and writing agreed items into one's own plan",
    )  # fmt: skip
    compact: float = param(
        0.6, unit="log odds", low=0.2, high=1.5, grade="assumed", source="s4-harvester",
        meaning="a compact's standing: on withdrawing an overlap, leaving an item to its owner, writing it into the owner's own plan, paying, and accepting an award in a dispute",
    )  # fmt: skip
    salience: float = param(
        0.8, unit="log odds", low=0.2, high=2.0, grade="assumed", source="s3-ddm-lessons",
        meaning="full attention of principals: on all of these; a minister personally secured departments' data",
    )  # fmt: skip
    partnership: float = param(
        0.8, unit="log odds", low=0.2, high=1.6, grade="assumed", source="s3-ddm-lessons",
        meaning="from a middling to a full partnership in the province, on provincial departments; half of it on others",
    )  # fmt: skip
    trust: float = param(
        1.5, unit="log odds", low=0.3, high=3.0, grade="assumed", source="s4-harvester",
        meaning="from no trust to full trust between the two, on all of these",
    )  # fmt: skip


class Trusting(Params, group="trust"):
    """How trust follows experience."""

    initial: float = param(
        0.35, unit="index 0-1", low=0.15, high=0.6, grade="assumed", source="s4-harvester",
        meaning="trust between a municipality and a department at the start; its lack is called profound and pervasive",
    )  # fmt: skip
    kept: float = param(
        0.03, unit="share", low=0.01, high=0.08, grade="assumed", source="assumption",
        meaning="of the way to full trust that one kept commitment goes",
    )  # fmt: skip
    loss_ratio: float = param(
        2.0, unit="ratio", low=1.0, high=5.0, grade="assumed", source="assumption",
        meaning="what a broken commitment takes over what a kept one gives: 1 is symmetric, more is quick to lose",
    )  # fmt: skip
    meeting: float = param(
        0.004, unit="share", low=0.0, high=0.012, grade="assumed", source="assumption",
        meaning="of the way to full trust that one meeting goes which both attend and which decides something",
    )  # fmt: skip
    newcomer: float = param(
        0.5, unit="share", low=0.2, high=1.0, grade="assumed", source="s0-wc-so10",
        meaning="of the way back to what strangers have, when the official changes",
    )  # fmt: skip
