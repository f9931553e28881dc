"""A study: world, arms, futures, replications and what is compared; one TOML, strict at the door."""

from igrsim.runs.study.checking import check_places
from igrsim.runs.study.parts import FuturesPart, Study
from igrsim.runs.study.reading import make_study, read_study, write_resolved
from igrsim.runs.study.whereabouts import Whereabouts

__all__ = ["FuturesPart", "Study", "Whereabouts", "check_places", "make_study", "read_study", "write_resolved"]
