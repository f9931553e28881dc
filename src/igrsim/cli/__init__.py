"""The command line: `igrsim run`, `compare`, `report` and the rest."""

from __future__ import annotations

import sys
from typing import Any

from igrsim.kernel.errors import InputError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns its exit code.

    0 done; 1 some cells failed; 2 bad input; 4 out of disk or memory; 130 interrupted.
    """
    import click

    from igrsim.cli.app import app

    try:
        code: Any = app(args=arguments, standalone_mode=False, prog_name="igrsim")
        status = int(code) if isinstance(code, int) else 0
    except InputError as error:
        print(error, file=sys.stderr)
        status = 2
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        status = 2
    except click.ClickException as error:
        print(f"error E001: {error.format_message()}", file=sys.stderr)
        status = 2
    except (click.exceptions.Abort, KeyboardInterrupt):
        print("interrupted: what was finished is kept", file=sys.stderr)
        status = 130
    except BrokenPipeError:
        status = 0
    except MemoryError:
        print("error E401: out of memory: fewer citizens or workers (--workers 1) need less", file=sys.stderr)
        status = 4
    except OSError as error:
        if error.errno == 28:
            print("error E402: the disk is full: what was finished is kept", file=sys.stderr)
            status = 4
        else:
            print(f"error E403: {error.strerror}: {error.filename}", file=sys.stderr)
            status = 2
    if arguments is None:
        sys.exit(status)
    return status
