"""`python -m igrsim`: the same command as `igrsim`."""

from igrsim.cli import main

if __name__ == "__main__":
    main()
