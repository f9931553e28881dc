"""`igrsim rollout`: where hubs go first, what that costs, what would be better, and who could see what it does."""

from __future__ import annotations

import typer

from igrsim.cli.rollout_compare import compare, template
from igrsim.cli.rollout_evaluate import evaluate
from igrsim.cli.rollout_search import search

rollout = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Where hubs go first, what that costs, what would be better, and what could be seen of it.",
)


@rollout.callback()
def _group() -> None:
    """Where hubs go first, what that costs, what would be better, and what could be seen of it."""


rollout.command()(compare)
rollout.command()(template)
rollout.command()(search)
rollout.command()(evaluate)
