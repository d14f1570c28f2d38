"""What a month proposes to improve: repeats, groups, exposure, vital few, failed checks (4.1–4.7).

A proposal names its subject (a category, a group, a line of a quality form) and the records behind
it. It is gone when an item covers it or somebody declined it; an item about the same subject that
is open gets the month as a further occurrence, never a second item.

What makes a subject worth proposing, in one month:

* repeat: ``FEWEST_REPEATS`` repeat complaints of a category, or one third complaint for the same
  (4.1: from the third on the case is grave);
* group: every group complaint (4.3); the close of the month raises the item itself;
* exposure: every category with a complaint exposed on social media (4.4);
* pareto: a vital-few category that rose by 20 % or more with at least 5 cases (4.7);
* quality: a line of the form failed in ``FEWEST_FAILURES`` checks, a critical one once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.i18n.labels import LABELS, code_label
from svcdesk.services import closing_evaluation, dashboards, improvements, sheet_drill, targets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import OVER, metric_name
from svcdesk.services.queries import Op, Query
from svcdesk.store import improvements as rows
from svcdesk.store import proposal_rows as found_rows
from svcdesk.store import quality
from svcdesk.store.given_figures import scope_of
from svcdesk.store.group_names import item_name
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.domain.evaluation import Evaluation
    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.proposal_rows import CaseRow, GroupRow
    from svcdesk.store.unit_of_work import UnitOfWork

FEWEST_REPEATS = 3
FEWEST_FAILURES = 3
THIRD = 3  # chain: the third complaint of a customer for the same

_REPEAT = N_("{category}: {n} repeat complaints")
_EXPOSED = N_("{category}: {n} complaints exposed on social media")
_GROUP = N_("Group complaint {number} {product}: {n} complaints of {customers} customers")
_RISE = N_("{metric}, {group}: {n} cases after {before} the month before")
_FAILED = N_("Quality check “{line}”: failed {n} times")


@dataclass(frozen=True)
class Proposal:
    """One thing worth an item. ``records`` are (entity, key); ``count`` is what was counted."""

    kind: str
    subject: str
    period: str
    title: str
    count: int
    records: tuple[tuple[str, int], ...] = ()
    metric: str | None = None
    scope: str = targets.WHOLE_DESK
    before: int | None = None
    item_id: int | None = None  # an open item about the same subject, which would get the month


# -- finding -------------------------------------------------------------------------------------


def find(desk: Desk, month: str, t: Translator | None = None) -> list[Proposal]:
    """Return what a month proposes and nobody has taken up or declined yet."""
    words, period = t or current(), dashboards.period_of(desk, month)
    with dashboards.board(desk) as board:
        connection = board.run.connection
        present = _records(desk, connection, period, words)
        if board.has_data(period):
            rising = closing_evaluation.frequent(board, period)
            present += [_rise(desk, one, period.code, words) for one in rising]
        return _open_ones(connection, present)


def _records(
    desk: Desk, connection: Connection, period: Period, t: Translator
) -> list[Proposal]:  # fmt: skip
    start, end = period.start_at, period.end_at
    found = [_group(one, period.code, t) for one in found_rows.groups(connection, start, end)]
    for category, cases in _by_category(found_rows.repeats(connection, start, end)).items():
        if len(cases) >= FEWEST_REPEATS or any(one.chain >= THIRD for one in cases):
            found.append(_cases(desk, "repeat", _REPEAT, category, cases, period.code, t))
    for category, cases in _by_category(found_rows.exposures(connection, start, end)).items():
        found.append(_cases(desk, "exposure", _EXPOSED, category, cases, period.code, t))
    return found + _failed(connection, period, t)


def _by_category(cases: Iterable[CaseRow]) -> dict[int, list[CaseRow]]:
    found: dict[int, list[CaseRow]] = {}
    for one in cases:
        found.setdefault(one.category_id, []).append(one)
    return found


def _cases(
    desk: Desk, kind: str, text: str, category: int, cases: Sequence[CaseRow], period: str,
    t: Translator,
) -> Proposal:  # fmt: skip
    item = desk.reference.items.get(category)
    name = str(category) if item is None else item_name(item, t)
    return Proposal(
        kind, scope_of("category", category), period,
        t(text).format(category=name, n=len(cases)), len(cases),
        tuple(("complaint", one.id) for one in cases),
    )  # fmt: skip


def _group(one: GroupRow, period: str, t: Translator) -> Proposal:
    told = t(_GROUP).format(
        number=one.number, product=one.product, n=one.complaints, customers=one.customers
    )
    return Proposal("group", one.number, period, told.replace("  ", " "), one.complaints,
                    (("complaint_group", one.id),))  # fmt: skip


def _failed(connection: Connection, period: Period, t: Translator) -> list[Proposal]:
    names = quality.item_names(connection, chinese=t.chinese)
    checks: dict[str, list[int]] = {}
    grave: set[str] = set()
    for line in found_rows.failed_lines(connection, period.start_at, period.end_at):
        checks.setdefault(line.item, []).append(line.check_id)
        if line.critical:
            grave.add(line.item)
    found = []
    for item, keys in checks.items():
        if len(keys) < FEWEST_FAILURES and item not in grave:
            continue
        known = item in LABELS["QualityItem"]
        name = names.get(item) or (code_label("QualityItem", item, t) if known else item)
        found.append(Proposal(
            "quality", f"line:{item}", period.code, t(_FAILED).format(line=name, n=len(keys)),
            len(keys), tuple(("quality_check", key) for key in keys),
        ))  # fmt: skip
    return found


def _rise(desk: Desk, one: Evaluation, period: str, t: Translator) -> Proposal:
    before = int(one.before[0] or 0) if one.before else 0
    item = desk.reference.items.get(int(one.scope.rpartition(":")[2]))
    group = targets.named(desk, one.scope, t) if item is None else item_name(item, t)
    told = t(_RISE).format(
        metric=metric_name(one.metric, t), group=group, n=one.n, before=before
    )  # fmt: skip
    return Proposal("pareto", f"{one.metric}:{one.scope}", period, told, one.n, (),
                    one.metric, one.scope, before)  # fmt: skip


def _open_ones(connection: Connection, present: Sequence[Proposal]) -> list[Proposal]:
    """Leave out what was declined or is covered; name the open item that would go on."""
    declined, linked = found_rows.declined(connection), found_rows.linked(connection)
    found = []
    for one in present:
        if (one.kind, one.subject, one.period) in declined:
            continue
        items = found_rows.items_about(connection, one.kind, one.subject)
        if one.metric is not None:
            items += rows.about(connection, one.metric, one.scope)
        if any(one.period in found_rows.counted_periods(connection, i["id"]) for i in items):
            continue
        if one.records and all(record in linked for record in one.records):
            continue
        going_on = next((i for i in items if i["status"] not in OVER), None)
        found.append(replace(one, item_id=None if going_on is None else int(going_on["id"])))
    return found


def records_behind(desk: Desk, one: Proposal) -> Query | None:
    """Return the list of the records that speak for a proposal; ``None`` when no list shows them.

    Failed checks are listed by their tickets.
    """
    if one.metric is not None:
        period, group = dashboards.period_of(desk, one.period), one.scope.replace(":", "=")
        return sheet_drill.records_behind(desk, one.metric, period, group)
    if one.kind == "group":
        return Query("complaint").where("group_id", Op.IN, *(key for _entity, key in one.records))
    entity = {"complaint": "complaint", "quality_check": "ticket"}.get(one.records[0][0])
    if entity is None:
        return None
    return sheet_drill.numbered(
        entity, [improvements.number_of(desk, kind, key) for kind, key in one.records]
    )


# -- taking up or declining -------------------------------------------------------------------


def take_up(desk: Desk, one: Proposal) -> Outcome[int]:
    """Make an item of a proposal, or append its month to the open item about the same."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    with desk.write(N_("Take up “{title}”"), title=one.title) as uow:
        key = _take_up(uow, desk, one)
    return Outcome(key, uow.changes)


def _take_up(uow: UnitOfWork, desk: Desk, one: Proposal) -> int:
    current_ones = _open_ones(uow.connection, [one])
    if not current_ones:
        raise UserError("“{title}” was taken up or declined meanwhile.", code="taken",
                        title=one.title)  # fmt: skip
    going_on = current_ones[0].item_id
    if going_on is None:
        return improvements.insert(uow, desk, {
            "title": one.title, "source": one.kind, "metric": one.metric, "scope": one.scope,
            "period": one.period, "baseline": float(one.count), "baseline_n": one.count,
            "links": one.records,
            "snapshot": {"proposal": one.kind, "subject": one.subject, "period": one.period,
                         "value": str(one.count), "n": one.count, "before": one.before},
        })  # fmt: skip
    uow.insert("improvement_occurrence", {"item_id": going_on, "period": one.period,
                                          "value": float(one.count), "n": one.count})  # fmt: skip
    for entity, key in one.records:
        improvements.link_row(uow, going_on, entity, key, "")
    return going_on


def decline(desk: Desk, one: Proposal, reason: str) -> Outcome[int]:
    """Say no to a proposal; it does not come back for this month."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    if not reason.strip():
        raise ProblemsError([Problem("reason", "required", N_("Write why nothing is needed."))])
    with desk.write(N_("Decline “{title}”"), title=one.title) as uow:
        key = found_rows.decline(uow, one.kind, one.subject, one.period, reason.strip())
    return Outcome(key, uow.changes)


def raise_groups(uow: UnitOfWork, desk: Desk, period: Period) -> list[int]:
    """Make an item of every group complaint of a month that has none yet (4.3)."""
    t = current()
    present = [
        _group(one, period.code, t)
        for one in found_rows.groups(uow.connection, period.start_at, period.end_at)
    ]
    return [_take_up(uow, desk, one) for one in _open_ones(uow.connection, present)]
