"""`igrsim rollout`: where hubs go first: schedules compared, and a schedule to start from."""

from __future__ import annotations

import typer

from igrsim.cli.rollout_compare import compare, template

rollout = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Where hubs go first: schedules of roll-out compared.",
)


@rollout.callback()
def _group() -> None:
    """Where hubs go first."""


rollout.command()(compare)
rollout.command()(template)
