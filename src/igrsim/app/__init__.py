"""The app: one page that asks, compares and replays; served on this machine, or written as one file."""
