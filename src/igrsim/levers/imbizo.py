"""An imbizo: the President, ministers, premier and mayors meet the people and the stakeholders of a space."""

from __future__ import annotations

from igrsim.levers._base import Lever
from igrsim.world.ruling import Ruling, amend


class Imbizo(Lever):
    """An imbizo: the President, ministers, premier and mayors meet the people and the stakeholders of a space.

    The President, ministers, premier and mayors meet the people of a space, launch the model there and come back. Here,
    once a year, attention to the space leaps and some of its needs come to light as a profile would show them; both
    fade.
    """

    id = "imbizo"
    summary = "Presidential and government imbizos: principals meet the people of a space once a year and follow up"
    seed = "s1-pcc-2019;s3-ddm-lessons"
    passage = "model of 2019, pilot phase (6) and implementation plan, task 1; lessons of the pilots, launch events and engagement"
    touches = "principals' attention to the space, and so what actors do of what was asked or agreed; some of its needs become better known"
    costs = "hours of the nation, the province and every municipality of the space, each year"
    limits = "what is promised at an imbizo, and what it does to people's hopes, is left out"
    numbers = (
        "principals.imbizo_gain",
        "principals.fades",
        "authority.salience",
        "principals.imbizo_hears",
        "planning.profile_error",
        "planning.profile_half_life",
        "principals.imbizo_hours",
        "principals.imbizo_municipal",
    )

    def amend(self, ruling: Ruling, dose: float) -> Ruling:
        return amend(ruling, imbizo=max(ruling.imbizo, dose))
