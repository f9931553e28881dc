"""The whole state of one run, the rules in force, and how both are built."""
