"""Desks and queues: who is served in a day, and how long the others wait."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtrc, xlogy

F64 = NDArray[np.float64]


def overflow(arrivals: NDArray[np.int64], capacity: NDArray[np.int64]) -> NDArray[np.int64]:
    """People turned away on a day: those beyond what the desks can serve.

    Parameters
    ----------
    arrivals, capacity : array of int
        People who come and people who can be served, day by day.
    """
    return np.maximum(arrivals - capacity, 0)


def admission(load: F64, capacity: F64) -> F64:
    """Share of the people of an ordinary day who are served, when arrivals are Poisson around their mean.

    A mean below capacity can still overflow on a bad day. The share is the expected one, so it depends on the
    whole population's demand and never on which citizens happen to be sampled.

    Parameters
    ----------
    load : array of float
        Expected people a day.
    capacity : array of float
        People the desks can serve a day; a fraction interpolates between whole numbers.
    """
    load = np.asarray(load, dtype=np.float64)
    capacity = np.asarray(capacity, dtype=np.float64)
    whole = np.floor(capacity)
    # E[(A - c)+] = (m - c) P(A > c) + m P(A = c) for Poisson A with mean m; one more who can be served spares P(A > c)
    more = pdtrc(whole, load)
    as_many = np.exp(xlogy(whole, load) - load - gammaln(whole + 1))
    expected = (load - whole) * more + load * as_many - (capacity - whole) * more
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1.0 - expected / load
    share = np.where(load > 0, share, 1.0)
    return np.clip(np.where(capacity <= 0, 0.0, share), 0.0, 1.0)


def waiting_minutes(load: F64, desks: F64, per_desk_day: F64, day_minutes: float) -> F64:
    """Expected minutes in the queue, before one is served.

    Poisson arrivals, equal service times, `desks` servers (Sakasegawa's approximation halved for the constant
    service time); a full office's queue is bounded by half the day, because those beyond it are turned away.

    Parameters
    ----------
    load : array of float
        Expected people a day.
    desks : array of float
    per_desk_day : array of float
        People one desk serves in a day.
    day_minutes : float
        Opening time.
    """
    service = day_minutes / per_desk_day
    desks = np.maximum(desks, 1.0)
    busy = np.clip(load / np.maximum(desks * per_desk_day, 1e-9), 0.0, 0.995)
    queue = 0.5 * service * busy ** (np.sqrt(2 * (desks + 1)) - 1) / (desks * (1 - busy))
    return np.asarray(np.minimum(queue, day_minutes / 2))
