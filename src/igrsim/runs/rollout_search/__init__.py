"""Better schedules of a roll-out, sought on some futures and luck and tried on others."""
