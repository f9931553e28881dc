"""The gallery: every picture announces itself here with its name and caption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from igrsim.kernel.registry import Registry
from igrsim.views.style import styled

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Picture:
    """A function that draws results, and what to write beneath its drawing."""

    name: str
    draw: Callable[..., Any]
    caption: str


pictures: Registry[Picture] = Registry("picture", "igrsim.views")


def picture(caption: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Announce a drawing function under its own name, drawn in the house style."""

    def announce(draw: Callable[P, R]) -> Callable[P, R]:
        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
            with styled():
                return draw(*args, **kwargs)

        pictures.add(draw.__name__, Picture(draw.__name__, drawn, caption))
        return drawn

    return announce
