"""Coordination regimes: a bundle of levers and when each space gets them."""
