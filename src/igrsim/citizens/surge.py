"""What befalls people where a need surges: more of it, and everybody else's luck as before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from igrsim.citizens.terms import Book

F64 = NDArray[np.float64]


def surged(hazard: F64, book: Book, more: F64 | None, settlements: int) -> tuple[F64, NDArray[np.int32], Book]:
    """Events in a surge: further ones after the usual ones, so that nobody else's luck changes.

    Parameters
    ----------
    hazard : (bands, fifths, events) float
        Cumulated over the usual events.
    more : (settlements, events) float, optional
        What comes to each event's usual rate, as a multiple of it; nothing where there is no surge.

    Returns
    -------
    hazards : (kinds of place, bands, fifths, events) float
        Cumulated over the usual and the further events.
    hazard_of : (settlements,) int32
        Which of them befalls the people of each settlement.
    book : Book
    """
    if more is None:
        return hazard[None], np.zeros(settlements, dtype=np.int32), book
    which = np.flatnonzero(more.any(axis=0))
    kinds, hazard_of = np.unique(more[:, which], axis=0, return_inverse=True)
    usual = np.diff(hazard, axis=2, prepend=0.0)
    further = hazard[..., -1:] + np.cumsum(usual[:, :, which] * kinds[:, None, None, :], axis=3)
    usually = np.broadcast_to(hazard, (len(kinds), *hazard.shape))
    return (
        np.concatenate([usually, further], axis=3),
        hazard_of.ravel().astype(np.int32),
        book._replace(
            event_route=np.concatenate([book.event_route, book.event_route[which]]),
            event_variant=np.concatenate([book.event_variant, book.event_variant[which]]),
        ),
    )
