"""`igrsim app`: the page, served on this machine or written as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from igrsim.cli.output import say
from igrsim.kernel.errors import InputError


def serve(
    results: Annotated[
        list[Path] | None, typer.Option("--results", help="saved results to answer from at once; may be repeated")
    ] = None,
    export: Annotated[Path | None, typer.Option("--export", help="write the page as this one HTML file")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free")] = 8420,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="open it in the browser")] = True,
    lan: Annotated[bool, typer.Option("--lan", help="serve the local network too; asks everyone for a PIN")] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="processes; as many as cores without it")] = None,
    out: Annotated[Path, typer.Option("--out", help="where computed cells are kept")] = Path("results/app"),
) -> int:
    """Compare regimes on a page: served on this machine, or written with saved results as one HTML file."""
    from igrsim.app.export import saved_studies, write_export

    if export is not None:
        size = write_export(export, results or [])
        say(f"page: {export} ({size / 1e6:.1f} MB; opens without Python, server or internet)")
        return 0
    try:
        from igrsim.app.serving import serve as serve_page
    except ImportError:
        raise InputError("the app needs its extra: pip install 'igrsim[app]'", code="E380") from None
    return serve_page(saved_studies(results or []), out, port, open_, lan, workers, say)
