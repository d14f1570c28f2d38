"""The complaints tab: what is overdue and why, classes, causes, departments, chains (S3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.complaint import ComplaintClass
from svcdesk.domain.localtime import DAY, local
from svcdesk.domain.masking import mask_name
from svcdesk.domain.metrics.registry import metric
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import code_label
from svcdesk.reports.crossed import complaint_channels
from svcdesk.services.sheet_charts import (
    bars,
    counts,
    link_of,
    listed,
    matrix,
    pareto,
    received,
    share,
    split,
    trend,
)
from svcdesk.services.sheet_tables import (
    COMPLAINT,
    GROUP,
    LISTED,
    SheetRow,
    SheetTable,
    distribution,
    money,
    ratios,
    so_far,
)
from svcdesk.store import detection_rows, measures, report_lists

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.domain.chart import ChartSpec
    from svcdesk.reports.figures import Numbers

CLASSES = tuple(f"complaint_{code}" for code in ComplaintClass)
RATIOS = (
    "timely_rate", "completion_rate", "closure_rate", "clearance_ratio", "ack_rate",
    "handling_mean_h", "handling_mean_days", "complaint_overdue", "repeat_count", "repeat_rate",
    "repeat_customer_rate", "second_rate", "complaint_resolution_rate", "handling_csat_mean",
    "handling_csat_rate", "upheld_rate", "group_count", "group_members", "social_count",
    "escalated_count", "compensation_sum", "complaint_per_1k", "complaint_share",
)  # fmt: skip


def _title(n: Numbers, text: str, count: int) -> str:
    return f"{n.t(text)} ({count})" if not n.t.chinese else f"{n.t(text)}（{count}）"


def overdue(n: Numbers) -> SheetTable:
    """Return what is overdue and open at the cut-off, of whatever age, with reason and plan."""
    t, reference = n.t, n.board.reference
    numbers = n.board.drill("complaint_overdue_open", so_far(n), "den")
    cut = min(n.period.end_at, n.board.as_of)
    rows = [
        SheetRow(
            (
                row.number, reference.name(row.category_id), reference.name(row.department_id) or "—",
                str(max(0, -(-(cut - row.due_at) // DAY))), reference.name(row.reason_id) or "—",
                row.plan or "—", row.owner or "—",
            ),
            (COMPLAINT, str(row.id)),
        )
        for row in report_lists.overdue(n.board.run.connection, numbers, LISTED)
    ]  # fmt: skip
    heads = (
        N_("Complaint no."),
        N_("Category"),
        N_("Department"),
        N_("Days overdue"),
        N_("Reason"),
        N_("Plan"),
        N_("Owner"),
    )
    return SheetTable(
        _title(n, N_("Overdue and open"), len(numbers)), tuple(t(head) for head in heads), tuple(rows),
        note=t("the {n} longest overdue").format(n=LISTED) if len(numbers) > LISTED else "",
        empty=t("Nothing is overdue."), right=frozenset({3}), wide=True, first=True,
    )  # fmt: skip


def chains(n: Numbers) -> SheetTable:
    """Return the repeat complaints of the period with their chains."""
    t, reference = n.t, n.board.reference
    numbers = n.board.drill("repeat_count", n.period, "den")
    rows = [
        SheetRow(
            (
                row.number, mask_name(row.customer, organisation=row.customer_kind == "company"),
                reference.name(row.category_id), reference.name(row.department_id) or "—",
                str(row.chain), "—" if row.seconds is None else str(row.seconds // DAY),
                code_label("ComplaintStatus", row.status, t),
            ),
            (COMPLAINT, str(row.id)),
        )
        for row in report_lists.repeats(n.board.run.connection, numbers, LISTED)
    ]  # fmt: skip
    heads = (
        N_("Complaint no."),
        N_("Customer"),
        N_("Category"),
        N_("Department"),
        N_("In a row"),
        N_("Days since"),
        N_("State"),
    )
    return SheetTable(
        _title(n, N_("Repeat complaints"), len(numbers)), tuple(t(head) for head in heads),
        tuple(rows), empty=t("Nobody complained again."), right=frozenset({4, 5}),
    )  # fmt: skip


def groups(n: Numbers) -> SheetTable:
    """Return the group complaints triggered in the period."""
    t, connection = n.t, n.board.run.connection
    covered = n.board.covers(metric("group_count"))
    numbers = n.board.drill("group_count", n.period, "den") if covered else []
    found = detection_rows.groups(connection, report_lists.group_keys(connection, numbers))
    zone = n.board.zone
    rows = [
        SheetRow(
            (
                row.number, row.product or "—", str(row.complaints), str(row.customers),
                f"{local(row.first_at, zone):%m-%d} – {local(row.last_at, zone):%m-%d}",
                row.measures or "—",
            ),
            (GROUP, str(row.id)),
        )
        for row in found[:LISTED]
    ]  # fmt: skip
    heads = (
        N_("Group no."),
        N_("Product"),
        N_("Complaints"),
        N_("Customers"),
        N_("First – last"),
        N_("Measures"),
    )
    return SheetTable(
        _title(n, N_("Group complaints"), len(found)), tuple(t(head) for head in heads), tuple(rows),
        empty=t("No group complaint in this period."), right=frozenset({2, 3}),
    )  # fmt: skip


def exposures(n: Numbers) -> SheetTable:
    """Return the publications of the period with their state."""
    t, zone = n.t, n.board.zone
    numbers = n.board.drill("social_count", n.period, "den")
    rows = [
        SheetRow(
            (
                row.number, row.platform or "—",
                code_label("ExposureState", row.state, t) if row.state else "—",
                f"{local(row.since, zone):%m-%d}",
                "—" if row.reach is None else f"{row.reach:,}", row.handler or "—",
            ),
            (COMPLAINT, str(row.id)),
        )
        for row in report_lists.exposures(n.board.run.connection, numbers, LISTED)
    ]  # fmt: skip
    heads = (
        N_("Complaint no."),
        N_("Platform"),
        N_("State"),
        N_("Since"),
        N_("Reach"),
        N_("Owner"),
    )
    return SheetTable(
        _title(n, N_("Social-media exposures"), len(numbers)), tuple(t(head) for head in heads),
        tuple(rows), empty=t("Nothing was published."), right=frozenset({4}),
    )  # fmt: skip


def escalations(n: Numbers) -> SheetTable:
    """Return the escalated complaints of the period by level and cause."""
    t = n.t
    numbers = n.board.drill("escalated_count", n.period, "den")
    end = min(n.period.end_at, n.board.as_of)
    rows = [
        SheetRow(
            (code_label("EscalationLevel", row.level, t), code_label("EscalationCause", row.cause, t),
             str(row.complaints)),
            ("escalated_count", ""),
        )
        for row in report_lists.escalations(n.board.run.connection, numbers, end)
    ]  # fmt: skip
    return SheetTable(
        _title(n, N_("Escalated complaints"), len(numbers)), (t("Level"), t("Cause"), t("Complaints")),
        tuple(rows), empty=t("Nothing was escalated."), right=frozenset({2}),
    )  # fmt: skip


def compensation(n: Numbers) -> SheetTable:
    """Return what was granted by kind of remedy; a complaint may have several kinds."""
    t = n.t
    paid = measures.spread(n.board.run, metric("compensation_sum"), n.period, "remedy")
    rows = [
        SheetRow(
            (code_label("Remedy", str(kind), t), str(tally.n), money(tally.total)),
            ("compensation_sum", link_of(remedy=kind)),
        )
        for kind, tally in sorted(paid.items(), key=lambda one: (-one[1].total, str(one[0])))
    ]
    whole = n.board.tally("compensation_sum", n.period)
    if rows:
        cells = (t("Total, each complaint once"), str(whole.n), money(whole.total))
        rows.append(SheetRow(cells, ("compensation_sum", ""), strong=True))
    return SheetTable(
        t("Compensation by remedy"), (t("Remedy"), t("Complaints"), t("Yuan")), tuple(rows),
        empty=t("No compensation in this period."), right=frozenset({1, 2}),
    )  # fmt: skip


def channels(n: Numbers) -> SheetTable:
    """Return complaints by channel with on- and offline, the change, and the usual category."""
    t = n.t
    found = complaint_channels(n)
    known = n.board.has_data(n.period.previous)
    total = sum(channel.count for channel in found)
    rows = tuple(
        SheetRow(
            (
                channel.name, channel.side, str(channel.count), n.share_text(channel.count, total),
                str(channel.before) if known else "—", f"{channel.category} {channel.times}",
            ),
            ("complaint_received", link_of(channel=channel.key)),
        )
        for channel in found
    )  # fmt: skip
    heads = (N_("Channel"), N_("Online or offline"), N_("This period"), N_("Share"), N_("Last period"),
             N_("Most frequent category"))  # fmt: skip
    return SheetTable(
        t("Complaints by channel"), tuple(t(head) for head in heads), rows,
        right=frozenset({2, 3, 4}),
    )  # fmt: skip


CHARTS: tuple[Callable[[Numbers], ChartSpec], ...] = (
    lambda n: split(
        n, n.t("Complaints by outcome"), CLASSES, link="complaint_received"
    ),
    lambda n: pareto(n, "complaint_received", "category", n.t("Complaints by category")),
    lambda n: matrix(n, n.t("Department × category"), "complaint_received", "department",
                     "category"),
    lambda n: pareto(n, "complaint_overdue", "overdue_reason", n.t("Reasons for delay")),
    received,
    lambda n: share(n, "timely_rate"),
    lambda n: bars(n, "timely_rate", "department", n.t("On-time rate by department")),
    lambda n: pareto(n, "complaint_received", "department", n.t("By responsible department")),
    lambda n: bars(n, "complaint_received", "severity", n.t("Complaints by severity")),
    lambda n: bars(n, "ack_rate", "severity", n.t("First contact on time by severity")),
    lambda n: bars(n, "complaint_received", "channel_group", n.t("Online and offline")),
    lambda n: listed(n, n.t("Pain points"), "complaint_received", "pain_tag"),
    lambda n: bars(n, "complaint_received", "product", n.t("Complaints by product")),
    lambda n: bars(n, "complaint_received", "liability", n.t("Complaints by liability")),
    lambda n: trend(n, "second_rate"),
    lambda n: counts(n, "handling_csat_mean", "handling_csat", n.t("Handling satisfaction scores")),
)  # fmt: skip
TABLES: tuple[Callable[[Numbers], SheetTable], ...] = (
    overdue,
    lambda n: distribution(n, n.t("Complaints by outcome"), n.t("Result of handling"), CLASSES,
                           "complaint_received"),
    channels,
    lambda n: ratios(n, n.t("All figures of complaints"), RATIOS),
    chains,
    groups,
    exposures,
    escalations,
    compensation,
)  # fmt: skip
