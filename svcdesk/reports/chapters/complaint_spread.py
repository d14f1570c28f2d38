"""What complaints are about, who complains again, who answers for them (5.3, chapters 3 to 5)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import narrative
from svcdesk.domain.localtime import DAY, local
from svcdesk.domain.masking import mask_name
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import shares_add_up
from svcdesk.i18n.labels import code_label
from svcdesk.reports import tables
from svcdesk.reports.chapters.complaints import department_sentence
from svcdesk.reports.model import Column, Figure, Heading, Note, Table
from svcdesk.store import breakdowns, detection_rows, measures, report_lists, report_rows
from svcdesk.store.group_names import group_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

TOP = 5  # products, sub-categories
LISTED = 20
ROWS = 40  # pairs of category and sub-category
REPEATED = ("repeat_count", "repeat_rate", "repeat_customer_rate", "second_rate", "group_count",
            "group_members", "social_count", "escalated_count")  # fmt: skip


def types(n: Draft) -> list[Block]:
    """Return the chapter: categories with share, the vital few, pain points, products."""
    t = n.t
    count = n.count("complaint_received")
    return [
        n.say("main", n.concentration("complaint_received", "category")),
        Figure(
            n.pareto_chart(t("Complaints by category"), "complaint_received", "category"),
            t("Pareto of complaint categories (n={n}; dark: the vital few, dashed line: 80%)").format(
                n=count),
        ),
        _levels(n),
        Heading(t("What hurts customers")),
        pain(n, count),
        Heading(t("Products")),
        n.share_table(t("Products with most complaints"), t("Product"), "complaint_received",
                      "product", TOP),
    ]  # fmt: skip


def _levels(n: Draft) -> Table:
    """Return both levels of categories: count, share, cumulative share to 100 % (5.8)."""
    t, board = n.t, n.board
    definition = metric("complaint_received")
    found = measures.cross(board.run, definition, n.period, "category", "category_sub")
    first: Counter[Any] = Counter()
    for (key, _), count in found.items():
        first[key] += count
    names = group_names(board, "category", list(first), t)
    subs = group_names(board, "category_sub", list({key for _, key in found}), t)
    order = [group.key for _, group in n.groups("complaint_received", "category")]
    pairs = sorted(
        found.items(),
        key=lambda one: (order.index(one[0][0]), one[0][1] is None, -one[1], subs[one[0][1]]),
    )
    total, so_far = sum(first.values()), 0
    rows: list[tuple[str, ...]] = []
    last: object = pairs
    for (key, sub), count in pairs[:ROWS]:
        so_far += count
        label = "" if key == last else n.counted(names[key], first[key])
        rows.append((label, subs[sub], str(count), n.share_text(count, total),
                     n.share_text(so_far, total)))  # fmt: skip
        last = key
    left = pairs[ROWS:]
    if left:
        count = sum(count for _, count in left)
        rows.append((t("Others ({n})").format(n=len(left)), "", str(count),
                     n.share_text(count, total), n.share_text(total, total)))  # fmt: skip
    if rows:
        rows.append((t("Total"), "", str(total), n.share_text(total, total), ""))
    columns: tuple[Column, ...] = (
        Column(t("Category"), share=0.28), Column(t("Sub-category"), share=0.28),
        Column(t("Complaints"), right=True, adds=True), Column(t("Share"), right=True),
        Column(t("Cumulative share"), right=True),
    )  # fmt: skip
    shares = [Fraction(count, total) for _, count in pairs]
    notes = () if not shares or shares_add_up(shares) else (
        t("Because of rounding, the parts may not add up to 100%."),)  # fmt: skip
    caption = t("Complaints by category and sub-category")
    if all(sub is None for (_, sub), _ in pairs):  # nobody filled in the second level
        caption = t("Complaints by category")
        columns = (Column(t("Category"), share=0.46), *columns[2:])
        shown = [names[key] for (key, _), _ in pairs[:ROWS]]
        rows = [(shown[i] if i < len(shown) else row[0], *row[2:]) for i, row in enumerate(rows)]
    return Table(caption, columns, tuple(rows), total=bool(rows), notes=notes, wrap=True)


def pain(n: Draft, count: int) -> Table:
    """Return the pain points of complaints as shares of all ``count`` complaints."""
    t = n.t
    found = breakdowns.pain_tags(n.board, n.period)
    rows = tuple(
        (n.listed(key), str(times), n.share_text(times, count)) for key, times in found[:LISTED]
    )
    columns = (Column(t("Pain point")), Column(t("Complaints"), right=True),
               Column(t("Of all complaints"), right=True))  # fmt: skip
    return Table(t("Pain points named in complaints"), columns, rows,
                 notes=(t("A complaint may name several."),) if rows else ())  # fmt: skip


def repeated(n: Draft) -> list[Block]:
    """Return the chapter: repeats, group complaints, publications."""
    t = n.t
    second = n.figure("second_rate")
    return [
        n.say(
            "main",
            narrative.repeats(t, n=n.count("repeat_count"), rate=n.figure("repeat_rate").display,
                              second=second.display, provisional=second.provisional)
            if n.count("complaint_received") else "",
            narrative.groups(t, report_rows.group_complaints(n.board, n.period)),
            narrative.exposures(t, n.count("social_count")),
        ),
        n.metric_table(t("Repeat, group and published complaints"), REPEATED),
        Heading(t("Repeat complaints")),
        _repeats(n),
        Heading(t("Group complaints")),
        _groups(n),
        Heading(t("Published complaints")),
        _exposures(n),
    ]  # fmt: skip


def _cut(n: Draft, rows: Sequence[object]) -> tuple[str, ...]:
    left = len(rows) - LISTED
    return (n.t("… and {n} more").format(n=left),) if left > 0 else ()


def _repeats(n: Draft) -> Table:
    t = n.t
    numbers = n.board.drill("repeat_count", n.period, "den")
    rows = tuple(
        (row.number, mask_name(row.customer, organisation=row.customer_kind == "company"),
         n.listed(row.category_id), str(row.chain),
         "—" if row.seconds is None else str(row.seconds // DAY),
         n.listed(row.department_id) or "—", code_label("ComplaintStatus", row.status, t))
        for row in report_lists.repeats(n.board.run.connection, numbers, LISTED)
    )  # fmt: skip
    columns = (
        Column(t("Complaint no."), share=0.15), Column(t("Customer"), share=0.19),
        Column(t("Category"), share=0.17), Column(t("In a row"), right=True, share=0.09),
        Column(t("Days since"), right=True, share=0.11), Column(t("Department"), share=0.17),
        Column(t("State"), share=0.12),
    )  # fmt: skip
    return Table(t("Repeat complaints of the period"), columns, rows, wrap=True,
                 notes=_cut(n, numbers))  # fmt: skip


def _groups(n: Draft) -> Table:
    t, zone, connection = n.t, n.board.zone, n.board.run.connection
    numbers = n.board.drill("group_count", n.period, "den")
    found = detection_rows.groups(connection, report_lists.group_keys(connection, numbers))
    rows = tuple(
        (row.number, row.product or "—", str(row.complaints), str(row.customers),
         f"{local(row.first_at, zone):%m-%d} – {local(row.last_at, zone):%m-%d}",
         row.measures or "—")
        for row in found[:LISTED]
    )  # fmt: skip
    columns = (
        Column(t("Group no.")), Column(t("Product")), Column(t("Complaints"), right=True),
        Column(t("Customers"), right=True), Column(t("First – last")),
        Column(t("Measures"), share=0.3),
    )  # fmt: skip
    return Table(t("Group complaints of the period"), columns, rows, wrap=True,
                 notes=_cut(n, found))  # fmt: skip


def _exposures(n: Draft) -> Table:
    t, zone = n.t, n.board.zone
    numbers = n.board.drill("social_count", n.period, "den")
    rows = tuple(
        (row.number, row.platform or "—",
         code_label("ExposureState", row.state, t) if row.state else "—",
         f"{local(row.since, zone):%m-%d}", "—" if row.reach is None else f"{row.reach:,}")
        for row in report_lists.exposures(n.board.run.connection, numbers, LISTED)
    )  # fmt: skip
    columns = (Column(t("Complaint no.")), Column(t("Platform")), Column(t("State")),
               Column(t("Since")), Column(t("Reach"), right=True))  # fmt: skip
    return Table(t("Complaints published on social media"), columns, rows, notes=_cut(n, numbers))


def departments(n: Draft) -> list[Block]:
    """Return the chapter: departments by category, share, change, liability, speed."""
    t = n.t
    count = n.count("complaint_received")
    groups = n.groups("complaint_received", "department")
    charts: list[Block] = []
    if not groups or any(group.key is not None for _, group in groups):  # else nothing to draw
        charts = [
            n.drawn(
                n.columns_by("complaint_received", "department"),
                t("Complaints by responsible department (n={n})").format(n=count),
            ),
            n.drawn(
                tables.matrix(n, t("Department × category"), "complaint_received", "department",
                              "category"),
                t("Responsible departments and complaint categories (n={n})").format(n=count),
            ),
        ]  # fmt: skip
    return [
        n.say("main", department_sentence(n)),
        *charts[:1],
        n.share_table(t("Complaints by responsible department"), t("Department"),
                      "complaint_received", "department"),
        *charts[1:],
        Heading(t("Speed of the departments")),
        _speed(n),
        Heading(t("Liability")),
        n.share_table(t("Complaints by liability"), t("Liability"), "complaint_received",
                      "liability"),
        *_crossing(n),
    ]  # fmt: skip


def _speed(n: Draft) -> Table:
    t = n.t
    ids = ("handling_mean_days", "timely_rate", "ack_rate")
    n.board.begin_groups(ids, [n.period], "department")
    by = {metric_id: dict(n.groups(metric_id, "department")) for metric_id in ids}
    rows = []
    for name, group in n.groups("complaint_received", "department"):
        cells = [n.in_cell(by[m][name].figure) if name in by[m] else "—" for m in ids]
        rows.append((name, str(group.figure.n), *cells))
    columns = (Column(t("Department")), Column(t("Complaints"), right=True),
               *(Column(n.labelled(m), right=True) for m in ids))  # fmt: skip
    notes = [*n.marks_told(c for row in rows for c in row[2:]),
             *(note for note in n.notes(ids) if note[0] not in "※*")]  # fmt: skip
    return Table(t("Mean handling time and rates by department"), columns, tuple(rows),
                 notes=tuple(notes))  # fmt: skip


def _crossing(n: Draft) -> list[Block]:
    """Return the complaints in which more than one department took part."""
    t = n.t
    numbers = n.board.drill("complaint_received", n.period, "den")
    found = report_lists.crossing(n.board.run.connection, numbers)
    if not found:
        return [Note(t("No complaint of the period involved more than one department."))]
    rows = tuple(
        (row.number, n.listed(row.category_id),
         "、".join(n.listed(key) for key in row.departments) if t.chinese
         else ", ".join(n.listed(key) for key in row.departments),
         code_label("ComplaintStatus", row.status, t))
        for row in found[:LISTED]
    )  # fmt: skip
    columns = (Column(t("Complaint no.")), Column(t("Category")),
               Column(t("Departments"), share=0.45), Column(t("State")))  # fmt: skip
    return [
        Heading(t("Across departments")),
        Table(t("Complaints that involved several departments"), columns, rows, wrap=True,
              notes=_cut(n, found)),
    ]  # fmt: skip
