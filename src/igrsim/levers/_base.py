"""What a lever is: a bundle of numbers with a source, and optional hooks that change the rules, never an outcome.

A lever must give `id`, `summary`, `seed`, `passage`, `touches`, `costs` and `limits`. It gives the
`numbers` on which it turns, if its own choices are not all. It may give `establish`, `amend` and `act`.
It must not import a metric, write an outcome or its direct driver (data quality, trust, salience), or look
at which regime it is part of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from igrsim.kernel.registry import Registry
from igrsim.world.ruling import Ruling

if TYPE_CHECKING:
    from igrsim.kernel.params import ParamSet
    from igrsim.world.world import World

levers: Registry[type[Lever]] = Registry("lever", "igrsim.levers")


class Lever:
    """One coordination arrangement of the source documents.

    Parameters
    ----------
    announced : bool
        Of a subclass: whether studies know it by its name. One that is only tried (`igrsim.try_lever`) says
        ``class Mine(Lever, announced=False)``.

    Attributes
    ----------
    id : str
        Its name in studies.
    summary : str
        What it is, in a sentence.
    seed : str
        Keys of the sources that describe it, ``;`` between them.
    passage : str
        Where in the sources: section, recommendation, lesson.
    touches : str
        Which mechanisms it changes.
    costs : str
        What it costs, whom.
    limits : str
        What of it is left out.
    numbers : tuple of str
        Addresses of the model's parameters, other than its own choices, on which it turns: first those of what it is good
        for, then those of what it costs.
    """

    id: ClassVar[str]
    summary: ClassVar[str]
    seed: ClassVar[str]
    passage: ClassVar[str]
    touches: ClassVar[str]
    costs: ClassVar[str]
    limits: ClassVar[str]
    numbers: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, announced: bool = True) -> None:
        if announced:
            levers.add(cls.id, cls)

    def __init__(self, params: ParamSet) -> None:
        self.params = params

    def establish(self, world: World, space: int) -> None:
        """Set up, once, in the month in which the lever's dose in a space first exceeds zero."""

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        """The space's ruling with this lever at a dose; pure, and the ruling itself at dose 0."""
        return ruling

    def act(self, world: World, space: int, dose: float, after: str) -> None:
        """What is done each month after a named phase."""
