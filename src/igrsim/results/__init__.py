"""Tidy tables and their passport: what a run leaves behind."""
