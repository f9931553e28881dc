"""Studies: arms, futures and replications; run, stored and compared."""
