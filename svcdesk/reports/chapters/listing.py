"""Appendix C: the records themselves, masked, at most 500 of them (5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local
from svcdesk.domain.masking import mask_name
from svcdesk.i18n.labels import code_label
from svcdesk.reports.model import Column, Paragraph, Table
from svcdesk.store import report_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

MOST = 500


def tickets(n: Draft) -> list[Block]:
    """Return the tickets received in the period, the oldest first."""
    t = n.t
    rows = []
    for row in report_lists.received_tickets(n.board, n.period, MOST):
        customer, product, issue, channel = _of(n, row)
        rows.append(
            (row.number, _moment(n, row.received_at), customer, product, issue, channel,
             n.person(row.owner) or "—", code_label("TicketStatus", row.status, t))
        )  # fmt: skip
    heads = (t("Ticket"), t("Issue type"), t("Channel"))
    return _listed(n, t("Tickets of the period"), heads, rows, "ticket_created")


def complaints(n: Draft) -> list[Block]:
    """Return the complaints received in the period, the oldest first."""
    t = n.t
    rows = []
    for row in report_lists.received_complaints(n.board, n.period, MOST):
        customer, product, category, _channel = _of(n, row)
        rows.append(
            (row.number, _moment(n, row.received_at), customer, product, category,
             n.listed(row.department_id) or "—", n.person(row.owner) or "—",
             code_label("ComplaintStatus", row.status, t))
        )  # fmt: skip
    heads = (t("Complaint no."), t("Category"), t("Department"))
    return _listed(n, t("Complaints of the period"), heads, rows, "complaint_received")


def _listed(
    n: Draft, caption: str, heads: tuple[str, str, str], rows: Sequence[tuple[str, ...]],
    metric_id: str,
) -> list[Block]:  # fmt: skip
    """Return a list of records; ``heads``: of number, kind, and where it belongs."""
    t, (number, kind, place) = n.t, heads
    columns = (
        Column(number, share=0.14), Column(t("Received at"), share=0.13),
        Column(t("Customer"), share=0.12), Column(t("Product"), share=0.15),
        Column(kind, share=0.19), Column(place, share=0.09),
        Column(t("Owner"), share=0.09), Column(t("State"), share=0.09),
    )  # fmt: skip
    masked = Paragraph(
        t("Names of people are masked; at most {n} records are listed.").format(n=MOST)
    )
    left = n.count(metric_id) - len(rows)
    notes = (t("… and {n} more").format(n=left),) if left > 0 else ()
    return [masked, Table(caption, columns, tuple(rows), wrap=True, notes=notes)]


def _of(n: Draft, row: report_lists.Listed) -> tuple[str, str, str, str]:
    """Return customer (masked), product, type and channel of a record."""
    return (
        mask_name(row.customer, organisation=row.customer_kind == "company") or "—",
        row.product or "—",
        n.listed(row.type_id) or "—",
        n.listed(row.channel_id) or "—",
    )


def _moment(n: Draft, moment: int) -> str:
    return f"{local(moment, n.board.zone):%m-%d %H:%M}"
