"""A version of a report as the desk of reports shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.services import report_desk
from svcdesk.system.errors import AppError

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.services.report_desk import Made, Seal
    from svcdesk.system.job import JobContext


@dataclass(frozen=True)
class Opened:
    """A version as it is shown; ``problem``: why its PDF is not."""

    made: Made
    before: dict[str, str]
    seal: Seal
    pdf: Path | None
    problem: object = None


def opened(desk: Desk, key: int, context: JobContext) -> Opened:
    """Read a version with all that stands beside it."""
    version = report_desk.find(desk, key)
    made = report_desk.texts_of(desk, version, context)
    before = report_desk.texts_before(desk, version.kind, version.period)
    seal = report_desk.seal(desk, version)
    try:
        return Opened(made, before, seal, report_desk.pdf(desk, version))
    except AppError as error:  # what it says can be read and exported still
        return Opened(made, before, seal, None, error)
