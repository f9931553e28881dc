"""`igrsim rollout`: where hubs go first."""

from __future__ import annotations

import typer

from igrsim.cli.rollout_search import search

rollout = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Where hubs go first.")


@rollout.callback()
def _group() -> None:
    """Where hubs go first."""


rollout.command()(search)
