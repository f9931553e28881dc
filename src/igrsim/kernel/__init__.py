"""What the house stands on: errors, clock, keyed draws, parameters, registry. Knows no government."""
