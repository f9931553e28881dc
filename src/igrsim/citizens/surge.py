"""What befalls people where a need surges: more of it, and everybody else's luck as before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.month import Book

F64 = NDArray[np.float64]


def surged(hazard: F64, book: Book, more: F64 | None) -> tuple[F64, Book]:
    """Events in a surge: further ones after the usual ones, so that nobody else's luck changes.

    Parameters
    ----------
    hazard : (bands, fifths, events) float
        Cumulated over the usual events.
    more : (events,) float, optional
        What comes to each event's usual rate, as a multiple of it; nothing where there is no surge.

    Returns
    -------
    hazard : (bands, fifths, events) float
        Cumulated over the usual and the further events.
    book : Book
    """
    if more is None:
        return hazard, book
    which = np.flatnonzero(more)
    usual = np.diff(hazard, axis=2, prepend=0.0)
    further = hazard[:, :, -1:] + np.cumsum(usual[:, :, which] * more[which], axis=2)
    return np.concatenate([hazard, further], axis=2), book._replace(
        event_route=np.concatenate([book.event_route, book.event_route[which]]),
        event_variant=np.concatenate([book.event_variant, book.event_variant[which]]),
    )
