"""A page for a room: arms side by side in large type, the same months in a line, fetching nothing."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

MARKS = ("", "better", "worse", "quiet")
"""How a card may be marked; a mark is drawn as an edge and always goes with a tag in words."""


@dataclass(frozen=True)
class Card:
    """One thing that happened, or that holds: a meeting, a trip, a rule.

    Attributes
    ----------
    what : str
        In a few words.
    detail : str
        A smaller line below it.
    figure : str
        A number with its unit, at the right.
    tag : str
        A word or two that say how it went.
    mark : {"", "better", "worse", "quiet"}
    """

    what: str
    detail: str = ""
    figure: str = ""
    tag: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that sums an arm up.

    Attributes
    ----------
    value, label : str
        As shown, with unit.
    share : float or None
        Length of its bar, 0 to 1, on one scale in all arms; None for no bar.
    """

    value: str
    label: str
    share: float | None = None


@dataclass(frozen=True)
class Arm:
    """A column of the page: an arm, or any other thing compared."""

    name: str
    about: str = ""
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Band:
    """A row of the page: one label, and the cards of each arm beside it.

    Attributes
    ----------
    label : str
        A month, a rule, a need.
    cards : tuple of tuple of Card
        One tuple for each arm, in the order of the arms; an empty one is shown as `nothing`.
    about : str
        A smaller line below the label.
    nothing : str
    """

    label: str
    cards: tuple[tuple[Card, ...], ...]
    about: str = ""
    nothing: str = "nothing"


@dataclass(frozen=True)
class ProjectorPage:
    """All that stands on a page.

    Attributes
    ----------
    title : str
    answer : str
        What the page shows, in one sentence.
    arms : tuple of Arm
    bands : tuple of Band
    points : tuple of str
        What differs between arms, a sentence each.
    caveats : tuple of str
        What must be known before anything is concluded.
    command : str
        What reproduces the page.
    kicker : str
        A line above the title: which place, which study.
    wide_labels : bool
        Whether the bands' labels are sentences rather than months.
    """

    title: str
    answer: str
    arms: tuple[Arm, ...]
    bands: tuple[Band, ...]
    points: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    command: str = ""
    kicker: str = ""
    wide_labels: bool = False


def draw_page(page: ProjectorPage) -> str:
    """The page as HTML that fetches nothing; whatever a name holds is escaped.

    Raises
    ------
    ValueError
        A band that has not one tuple of cards for each arm, a mark that is none.
    """
    for band in page.bands:
        if len(band.cards) != len(page.arms):
            raise ValueError(f"band {band.label!r} has cards for {len(band.cards)} of {len(page.arms)} arms")
        for card in (card for cards in band.cards for card in cards):
            if card.mark not in MARKS or (card.mark in MARKS[1:3] and not card.tag):
                raise ValueError(f"card {card.what!r}: mark {card.mark!r} is unknown or has no tag")
    environment = Environment(
        loader=FunctionLoader(lambda name: (files("igrsim.report") / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("projector.html.j2").render(page=page)


def write_page(page: ProjectorPage, file: Path) -> Path:
    """Write a page; its folder is made if there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(draw_page(page), encoding="utf-8", newline="\n")
    return file
