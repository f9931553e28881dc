"""The written report: results in sentences, tables and pictures on one page."""

from igrsim.report.losing_page import write_losing
from igrsim.report.page import write_report

__all__ = ["write_losing", "write_report"]
