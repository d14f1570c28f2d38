"""The specimen of every block and chart, as build/specimen.py makes it."""

import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from svcdesk.reports.model import PageFormat, ReportData


@lru_cache(maxsize=1)
def module() -> ModuleType:
    """Return build/specimen.py as a module."""
    path = Path(__file__).resolve().parents[2] / "build" / "specimen.py"
    spec = importlib.util.spec_from_file_location("specimen", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    found = importlib.util.module_from_spec(spec)
    sys.modules["specimen"] = found
    spec.loader.exec_module(found)
    return found


def specimen(language: str = "zh_CN", page: PageFormat = PageFormat.A4) -> ReportData:
    """Return the specimen report."""
    data: ReportData = module().specimen(language, page)
    return data
