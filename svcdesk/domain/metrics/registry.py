"""Every metric, in the order of ``domain.md 3``; checked when this module is imported."""

from __future__ import annotations

from svcdesk.domain.metrics.complaints import COMPLAINTS
from svcdesk.domain.metrics.definition import MetricDef, integrity_problems
from svcdesk.domain.metrics.manual import MANUAL, key_of, unknown
from svcdesk.domain.metrics.resolution import RESOLUTION
from svcdesk.domain.metrics.response import RESPONSE
from svcdesk.domain.metrics.satisfaction import SATISFACTION
from svcdesk.domain.metrics.service import LOOP, SERVICE
from svcdesk.domain.metrics.volume import VOLUME
from svcdesk.system.errors import UserError

METRICS: tuple[MetricDef, ...] = (
    *VOLUME, *RESPONSE, *RESOLUTION, *SERVICE, *SATISFACTION, *COMPLAINTS, *LOOP, *MANUAL,
)  # fmt: skip
BY_ID: dict[str, MetricDef] = {metric.id: metric for metric in METRICS}

_problems = integrity_problems(METRICS)
if _problems:  # a declaration is wrong: nothing computed from it would be right
    raise AssertionError("; ".join(_problems))


def metric(metric_id: str) -> MetricDef:
    """Return the metric called ``metric_id``; refuse an unknown one.

    Of a team's own typed figure only the id is known here; a board describes it from the file.
    """
    found = BY_ID.get(metric_id)
    if found is None and key_of(metric_id):
        return unknown(metric_id)
    if found is None:
        raise UserError(
            "There is no metric “{value}”. “svcdesk metrics --json” lists them.",
            code="metric",
            value=metric_id,
        )
    return found


def with_parts(metric_ids: list[str]) -> list[MetricDef]:
    """Return the metrics that must be counted for ``metric_ids``, parts of others included."""
    needed: dict[str, MetricDef] = {}

    def add(metric_id: str) -> None:
        definition = metric(metric_id)
        for part in definition.parts:
            add(part)
        needed[metric_id] = definition

    for metric_id in metric_ids:
        add(metric_id)
    return list(needed.values())
