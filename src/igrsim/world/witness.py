"""Someone who sees what happens to one municipality and writes it down; being seen changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from igrsim.government.municipality import Invitation
    from igrsim.world.world import World


class Witness(Protocol):
    """What the phases tell of one municipality; a witness reads and never writes to the world.

    Attributes
    ----------
    municipality : int
        Place in the run's list of municipalities.
    """

    municipality: int

    def invited(
        self,
        world: World,
        meetings: Any,
        invitations: list[Invitation],
        answers: list[tuple[int, int, int]],
        displaced: int,
    ) -> None:
        """See the month's invitations and how they were answered, in the order in which they were weighed."""

    def asked(self, world: World, reply: Any) -> None:
        """See the month's requests and what was answered."""
