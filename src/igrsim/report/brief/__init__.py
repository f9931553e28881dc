"""The brief: one page for whoever signs, from one content, as HTML and as PDF."""

from igrsim.report.brief.page import write_brief

__all__ = ["write_brief"]
