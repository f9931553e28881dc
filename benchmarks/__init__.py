"""Benchmarks: what a citizen-month costs here and elsewhere, and what a run's time goes into. Never timed tests."""
