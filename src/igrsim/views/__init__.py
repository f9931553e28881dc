"""Results as pictures; nothing here knows the model."""

from igrsim.views.contrast_chart import contrast, contrasts
from igrsim.views.difference_tiles import difference_tiles
from igrsim.views.evaluation_charts import design_of_rollout, power_by_month, what_methods_report
from igrsim.views.gallery import Picture, picture, pictures
from igrsim.views.hours_chart import ledger
from igrsim.views.ladder_chart import ladder
from igrsim.views.lesson_charts import bars, intervals, lines, show, stacked, timeline
from igrsim.views.lesson_tables import table
from igrsim.views.losers_chart import losers
from igrsim.views.losing_reasons import losing_reasons
from igrsim.views.losing_tiles import losing_tiles
from igrsim.views.map_of_differences import difference_map
from igrsim.views.pair_of_maps import maps
from igrsim.views.rivals_chart import rivals
from igrsim.views.sensitivity_chart import sensitivity
from igrsim.views.style import save
from igrsim.views.time_chart import over_time

__all__ = [
    "Picture",
    "bars",
    "contrast",
    "contrasts",
    "design_of_rollout",
    "difference_map",
    "difference_tiles",
    "intervals",
    "ladder",
    "ledger",
    "lines",
    "losers",
    "losing_reasons",
    "losing_tiles",
    "maps",
    "over_time",
    "picture",
    "pictures",
    "power_by_month",
    "rivals",
    "save",
    "sensitivity",
    "show",
    "stacked",
    "table",
    "timeline",
    "what_methods_report",
]
