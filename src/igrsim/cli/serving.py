"""`igrsim app`: the page, served on this machine or written as one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

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
    person: Annotated[
        list[str] | None, typer.Option("--person", help="tell of this person in every saved study: median, 160010/3")
    ] = None,
    municipality: Annotated[
        list[str] | None,
        typer.Option("--municipality", help="tell of this one in every saved study that has it: EC157"),
    ] = None,
) -> int:
    """Compare regimes on a page: served on this machine, or written with saved results as one HTML file."""
    from igrsim.app.export import saved_studies, write_export
    from igrsim.app.papers import Papers

    stories = _stories(person or [], municipality or [])
    if export is not None:
        size = write_export(export, results or [], compose_brief, stories)
        say(f"page: {export} ({size / 1e6:.1f} MB; opens without Python, server or internet)")
        return 0
    try:
        from igrsim.app.serving import serve as serve_page
    except ImportError:
        raise InputError("the app needs its extra: pip install 'igrsim[app]'", code="E380") from None
    papers = Papers(compose_brief)
    return serve_page(saved_studies(results or [], papers, stories), out, port, open_, lan, workers, say, papers)


def compose_brief(folder: Path) -> dict[str, bytes]:
    """A study's brief, written beside nothing of the study's: its folder stays as it is."""
    from igrsim.report.brief import write_brief
    from igrsim.results.results import Results

    with TemporaryDirectory(prefix="igrsim-") as there:
        page, sheet, _ = write_brief(Results(folder), Path(there))
        return {page.name: page.read_bytes(), sheet.name: sheet.read_bytes()}


def _stories(people: list[str], municipalities: list[str]) -> Callable[[Path], list[dict[str, Any]]] | None:
    """What tells the chosen stories of a study; a study that has not such a person or municipality goes without."""
    if not people and not municipalities:
        return None
    from igrsim.app.stories import Whose, story_of_folder

    chosen = [Whose("person", name) for name in people] + [Whose("municipality", code) for code in municipalities]

    def tell(folder: Path) -> list[dict[str, Any]]:
        found = []
        for whose in chosen:
            say(f"telling of {whose.name} in {folder.name}")
            try:
                found.append(story_of_folder(folder, whose))
            except InputError as error:
                say(f"not told: {error}")
        return found

    return tell
