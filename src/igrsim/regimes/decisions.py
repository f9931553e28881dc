"""Decisions on a regime's levers: what is added or dropped, from a month on, and what is then in force when and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from igrsim.regimes.regime import Regime, Term


@dataclass(frozen=True)
class Addition:
    """A lever added, wholly or by a term."""

    lever: str
    term: Term | None = None

    @property
    def month(self) -> str:
        """From when, ``2021-04``; empty from the beginning."""
        return self.term.start[:7] if self.term else ""

    @property
    def spaces(self) -> tuple[str, ...]:
        """Where; everywhere if none is named."""
        return self.term.spaces if self.term else ()


@dataclass(frozen=True)
class Drop:
    """A lever dropped: from the month of a date on, never in force without one; in some spaces, or everywhere.

    It ends the lever as the regime has it, and as it was added from an earlier month. What is added from its own month on
    stands: a drop and an addition of one month together are a change of dose.
    """

    lever: str
    start: str = ""
    spaces: tuple[str, ...] = ()

    @property
    def month(self) -> str:
        """From when, ``2021-04``; empty from the beginning."""
        return self.start[:7]

    @property
    def whole(self) -> bool:
        """Whether the regime's lever is never in force anywhere."""
        return not self.start and not self.spaces


def decided(base: Regime, added: Sequence[Addition], dropped: Sequence[Drop]) -> Regime:
    """A regime with its levers as they are decided on."""
    own = set(base.levers) - {drop.lever for drop in dropped if drop.whole}
    terms = [term for term in base.terms if term.lever in own]
    # without a term a lever is in force everywhere, always: where it ends, a term says so
    ending = {drop.lever for drop in dropped if not drop.whole}
    terms += [Term(lever) for lever in sorted((own & ending) - {term.lever for term in terms})]
    ended = [_ended(term, [d for d in dropped if d.lever == term.lever and not d.whole]) for term in terms]
    for one in added:
        term = one.term or (Term(one.lever) if one.lever in ending else None)
        if term is not None:
            ended.append(_ended(term, [d for d in dropped if d.lever == term.lever and one.month < d.month]))
    return replace(base, levers=tuple(sorted(own | {one.lever for one in added})), terms=tuple(ended))


def _ended(term: Term, drops: Sequence[Drop]) -> Term:
    """A term that ends where and when drops say so."""
    return replace(term, ends=tuple(sorted((drop.start, drop.spaces) for drop in drops)))


def contradictions(
    regime: Sequence[str], added: Sequence[Addition], dropped: Sequence[Drop]
) -> Iterator[tuple[str, int, str, bool]]:
    """Decisions that cannot be carried out: something is added that is there, or dropped that is not.

    Parameters
    ----------
    regime : sequence of str
        Levers of the regime itself.

    Yields
    ------
    kind : str
        ``add`` or ``drop``.
    number : int
        Its place in the list.
    month : str
        From when, ``2021-04``.
    before : bool
        Whether the lever was there once.
    """
    for lever in dict.fromkeys([drop.lever for drop in dropped] + [one.lever for one in added]):
        mine = [(drop.month, 0, number, drop.spaces) for number, drop in enumerate(dropped) if drop.lever == lever]
        mine += [(one.month, 1, number, one.spaces) for number, one in enumerate(added) if one.lever == lever]
        before = lever in regime
        # by space that is named, and "" for all others
        here = dict.fromkeys({"", *(space for *_, spaces in mine for space in spaces)}, before)
        named_whole = False
        # in one month what is dropped goes first
        for month, adds, number, spaces in sorted(mine):
            stands = [here[space] for space in spaces or here]
            if adds:
                if all(stands):
                    yield "add", number, month, before
                before = True
            elif dropped[number].whole and named_whole:
                # the same name twice says nothing else
                continue
            else:
                named_whole |= dropped[number].whole
                # from a month on what is left may end everywhere
                if not (any if month and not spaces else all)(stands):
                    yield "drop", number, month, before
            here.update(dict.fromkeys(spaces or here, bool(adds)))
