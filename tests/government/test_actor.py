"""Agents go when their model goes."""

from __future__ import annotations

import gc
import weakref

from igrsim.runs.validation.small_worlds import small_model


def test_a_model_is_not_kept_alive_by_its_agents() -> None:
    model = small_model(months=1)
    model.step()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
