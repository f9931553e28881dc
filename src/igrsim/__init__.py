"""igrsim: how South African government coordinates, and what that does to people."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Lever",
    "Model",
    "Results",
    "Scenario",
    "Story",
    "__version__",
    "compare",
    "diary",
    "journey",
    "project",
    "try_lever",
    "views",
]

# Mesa brings a bar of progress along that asks in every notebook for widgets nothing here needs
warnings.filterwarnings("ignore", message="IProgress not found")

if TYPE_CHECKING:
    from igrsim import views
    from igrsim.levers._base import Lever
    from igrsim.model import IGRModel as Model
    from igrsim.model import Scenario
    from igrsim.results.results import Results
    from igrsim.runs.project_story import project
    from igrsim.runs.session import compare
    from igrsim.runs.stories import Story, diary, journey
    from igrsim.runs.trial import try_lever


def __getattr__(name: str) -> Any:
    """Import what is asked for, when it is asked for: help and lists answer at once."""
    from importlib import import_module

    where = {
        "Model": ("igrsim.model", "IGRModel"),
        "Scenario": ("igrsim.model", "Scenario"),
        "Results": ("igrsim.results.results", "Results"),
        "Lever": ("igrsim.levers._base", "Lever"),
        "Story": ("igrsim.runs.stories", "Story"),
        "compare": ("igrsim.runs.session", "compare"),
        "diary": ("igrsim.runs.stories", "diary"),
        "journey": ("igrsim.runs.stories", "journey"),
        "project": ("igrsim.runs.project_story", "project"),
        "try_lever": ("igrsim.runs.trial", "try_lever"),
    }
    if name == "views":
        return import_module("igrsim.views")
    if name not in where:
        raise AttributeError(f"module 'igrsim' has no attribute {name!r}")
    module, attribute = where[name]
    return getattr(import_module(module), attribute)
