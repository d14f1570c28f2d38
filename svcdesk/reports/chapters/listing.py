"""Appendix C: the records themselves, masked, at most 500 of them (5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local
from svcdesk.domain.masking import mask_name
from svcdesk.i18n.labels import code_label
from svcdesk.reports.model import Column, Paragraph, Table
from svcdesk.store import report_lists

if TYPE_CHECKING:
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
    columns = (
        Column(t("Ticket"), share=0.14), Column(t("Received at"), share=0.13),
        Column(t("Customer"), share=0.12), Column(t("Product"), share=0.15),
        Column(t("Issue type"), share=0.19), Column(t("Channel"), share=0.09),
        Column(t("Owner"), share=0.09), Column(t("State"), share=0.09),
    )  # fmt: skip
    table = Table(t("Tickets of the period"), columns, tuple(rows), wrap=True,
                  notes=_rest(n, "ticket_created", len(rows)))  # fmt: skip
    return [_masked(n), table]


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
    columns = (
        Column(t("Complaint no."), share=0.14), Column(t("Received at"), share=0.13),
        Column(t("Customer"), share=0.12), Column(t("Product"), share=0.15),
        Column(t("Category"), share=0.19), Column(t("Department"), share=0.09),
        Column(t("Owner"), share=0.09), Column(t("State"), share=0.09),
    )  # fmt: skip
    table = Table(t("Complaints of the period"), columns, tuple(rows), wrap=True,
                  notes=_rest(n, "complaint_received", len(rows)))  # fmt: skip
    return [_masked(n), table]


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


def _rest(n: Draft, metric_id: str, listed: int) -> tuple[str, ...]:
    left = n.count(metric_id) - listed
    return (n.t("… and {n} more").format(n=left),) if left > 0 else ()


def _masked(n: Draft) -> Paragraph:
    return Paragraph(
        n.t("Names of people are masked; at most {n} records are listed.").format(n=MOST)
    )
