"""Columns, views and filters of all callbacks and of survey answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.callback import CallbackKind, CallbackResult, CallbackState, RecoveryResult
from svcdesk.domain.survey import SurveyMethod
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services.queries import CallbackRow, Op, Query, SurveyRow
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.pages.callbacks.queue import KIND_FACE, due_cell, is_own
from ui.pages.periods import period_choices
from ui.pages.wording import Words
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

STATE_FACE = {
    "planned": ("clock", "text-2"),
    "in_progress": ("phone-call", "accent"),
    "completed": ("circle-check", "ok"),
    "unreachable": ("phone-off", "text-3"),
    "refused": ("ban", "text-3"),
    "cancelled": ("circle-x", "text-3"),
}


class CallbackCells:
    """Makes the cells of callbacks and answers."""

    def __init__(self, desk: Desk) -> None:
        self._words = Words(desk)

    def kind(self, row: CallbackRow) -> Cell:
        """Return why we call."""
        icon, tone = KIND_FACE[row.kind]
        ink = "text-2" if tone == "neutral" else tone
        return Cell(code_label("CallbackKind", row.kind), icon, icon_colour=ink)

    def customer(self, row: CallbackRow | SurveyRow) -> Cell:
        """Return the masked customer."""
        return Cell(self._words.customer(row.customer, row.customer_kind))

    def state(self, row: CallbackRow) -> Cell:
        """Return the state."""
        icon, ink = STATE_FACE[row.state]
        return Cell(code_label("CallbackState", row.state), icon, icon_colour=ink)

    def subject(self, row: CallbackRow) -> Cell:
        """Return the case."""
        return Cell(row.title or "—", tip=row.title or "")

    def case(self, row: CallbackRow) -> Cell:
        """Return the number of the case."""
        return Cell(row.ticket_number or row.complaint_number or "—", colour="text-2")

    def due(self, row: CallbackRow) -> Cell:
        """Return the due time."""
        if row.state not in {"planned", "in_progress"}:
            return Cell(self._words.time(row.due_at), colour="text-2")
        cell = due_cell(row, self._words)
        return Cell(cell.text, cell.icon, cell.colour, tip=self._words.full_time(row.due_at))

    def caller(self, row: CallbackRow) -> Cell:
        """Return who calls, marked when that one handled the case."""
        name = self._words.person(row.assignee_id)
        if not is_own(row):
            return Cell(name, colour="text" if row.assignee_id else "text-3")
        tip = _("This caller handled the case.")
        return Cell(name, "triangle-alert", icon_colour="warn", tip=tip)

    def result(self, row: CallbackRow) -> Cell:
        """Return what came of it."""
        parts = []
        if row.result:
            parts.append(code_label("CallbackResult", row.result))
        if row.recovery_result:
            parts.append(code_label("RecoveryResult", row.recovery_result))
        if row.new_ticket:
            parts.append(row.new_ticket)
        return Cell(" · ".join(parts) or "—", colour="text" if parts else "text-3")

    def done(self, row: CallbackRow) -> Cell:
        """Return when it was done."""
        return Cell(self._words.time(row.completed_at), colour="text-2")

    def score(self, row: SurveyRow) -> Cell:
        """Return the satisfaction."""
        if row.csat is None:
            return Cell("—", colour="text-3")
        low = row.csat <= 2
        word = code_label("CsatScore", str(row.csat))
        return Cell(
            f"{row.csat}  {word}", "circle-alert" if low else "", "danger" if low else "text"
        )

    def nps(self, row: SurveyRow) -> Cell:
        """Return the recommendation."""
        return Cell(
            "—" if row.nps is None else str(row.nps),
            colour="text" if row.nps is not None else "text-3",
        )

    def method(self, row: SurveyRow) -> Cell:
        """Return how the answer came."""
        return Cell(code_label("SurveyMethod", row.method), colour="text-2")

    def agent(self, row: SurveyRow) -> Cell:
        """Return who handled the case."""
        return Cell(self._words.person(row.agent_id))

    def comment(self, row: SurveyRow) -> Cell:
        """Return the customer's words."""
        return Cell(row.comment or "", tip=row.comment or "")

    def answered(self, row: SurveyRow) -> Cell:
        """Return when the answer came."""
        return Cell(self._words.time(row.responded_at), colour="text-2")

    def survey_case(self, row: SurveyRow) -> Cell:
        """Return the number of the ticket."""
        return Cell(row.ticket_number or "—", colour="text-2")


def callback_columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list of all callbacks."""
    cells = CallbackCells(desk)
    return [
        ColumnDef("number", _("Callback no."), lambda r: Cell(r.number), 118, sort="number"),
        ColumnDef("kind", _("Kind"), cells.kind, 150, sort="kind", elide=True),
        ColumnDef("customer", _("Customer"), cells.customer, 100, sort="customer", elide=True),
        ColumnDef("subject", _("Case"), cells.subject, 200, stretch=True, elide=True),
        ColumnDef("case", pgettext("column", "Case no."), cells.case, 118, drop=2),
        ColumnDef("state", _("Status"), cells.state, 120, sort="state"),
        ColumnDef("caller", _("Caller"), cells.caller, 96, sort="assignee_id", elide=True),
        ColumnDef(
            "attempts", _("Attempts"), lambda r: Cell(str(r.attempts)), 76, right=True, drop=1
        ),
        ColumnDef("result", _("Result"), cells.result, 150, drop=1, elide=True),
        ColumnDef("due", _("Due"), cells.due, 148, sort="due_at", elide=True),
        ColumnDef("done", _("Done"), cells.done, 96, right=True, sort="completed_at"),
    ]


def callback_views() -> list[TabDef]:
    """Return the views of the list of all callbacks."""
    return [
        TabDef("open", _("Open callbacks")),
        TabDef("overdue", _("Overdue"), "circle-alert", "danger"),
        TabDef("low", pgettext("view", "Recoveries"), "heart-handshake"),
        TabDef("own", pgettext("view", "Own cases"), "triangle-alert"),
        TabDef("unreachable", _("Unreachable, refused")),
        TabDef("done", _("Completed")),
        TabDef("all", _("All callbacks")),
    ]


def callback_query(desk: Desk, view: str) -> Query:
    """Return the query of a view."""
    base = Query("callback", sort="due_at", descending=False)
    if view == "overdue":
        return base.where("overdue", Op.OVERDUE, desk.clock.now())
    done = Query("callback", sort="completed_at", descending=True)
    if view == "low":
        return base.ordered("due_at", descending=True).where("kind", Op.IN, "low_score")
    if view == "own":
        return done.where("own_ticket", Op.IN, 1)
    if view == "unreachable":
        return done.where("state", Op.IN, "unreachable", "refused")
    if view == "done":
        return done.where("state", Op.IN, "completed")
    return base.ordered("due_at", descending=True) if view == "all" else base.where("open", Op.OPEN)


def callback_filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions on callbacks."""
    words = Words(desk)
    return [
        FilterDef(
            "kind", _("Kind"), lambda: words.codes("CallbackKind", CallbackKind), pinned=True
        ),
        FilterDef(
            "state", _("Status"), lambda: words.codes("CallbackState", CallbackState), pinned=True
        ),
        FilterDef("assignee_id", _("Assigned to"), words.people),
        FilterDef("result", _("Result"), lambda: words.codes("CallbackResult", CallbackResult)),
        FilterDef(
            "recovery_result",
            _("Recovery"),
            lambda: words.codes("RecoveryResult", RecoveryResult),
        ),
        FilterDef("due_at", _("Due"), lambda: period_choices(desk), many=False),
    ]


def survey_columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list of answers."""
    cells = CallbackCells(desk)
    return [
        ColumnDef("number", _("Survey no."), lambda r: Cell(r.number), 118, sort="number"),
        ColumnDef("customer", _("Customer"), cells.customer, 100, sort="customer", elide=True),
        ColumnDef("csat", _("Satisfaction"), cells.score, 128, sort="csat"),
        ColumnDef("nps", _("NPS"), cells.nps, 56, right=True, sort="nps"),
        ColumnDef("comment", _("Customer's words"), cells.comment, 220, stretch=True, elide=True),
        ColumnDef("agent", pgettext("column", "Agent"), cells.agent, 76, sort="agent_id", drop=1),
        ColumnDef("case", _("Ticket no."), cells.survey_case, 118, drop=2),
        ColumnDef(
            "method",
            pgettext("column", "Way"),
            cells.method,
            110,
            sort="method",
            drop=3,
            elide=True,
        ),
        ColumnDef(
            "answered",
            pgettext("column", "Answered"),
            cells.answered,
            96,
            right=True,
            sort="responded_at",
        ),
    ]


def survey_views() -> list[TabDef]:
    """Return the views of the answers."""
    return [
        TabDef("answered", _("Answers")),
        TabDef("low", pgettext("view", "Low scores"), "circle-alert", "danger"),
        TabDef("waiting", _("Not answered")),
    ]


def survey_query(desk: Desk, view: str) -> Query:
    """Return the query of a view."""
    base = Query("survey", sort="responded_at", descending=True)
    if view == "low":
        low = int(desk.reference.settings["low_score"])
        return base.where("csat", Op.BETWEEN, 1, low + 1)
    if view == "waiting":
        return Query("survey", sort="sent_at", descending=True).where("open", Op.OPEN)
    return base.where("responded_at", Op.BETWEEN, 0, None)


def survey_filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions on answers."""
    words = Words(desk)
    scores = [Choice(n, f"{n}  {code_label('CsatScore', str(n))}") for n in range(5, 0, -1)]
    return [
        FilterDef("csat", _("Satisfaction"), lambda: scores, pinned=True),
        FilterDef("agent_id", pgettext("column", "Agent"), words.people, pinned=True),
        FilterDef(
            "method", pgettext("column", "Way"), lambda: words.codes("SurveyMethod", SurveyMethod)
        ),
        FilterDef("channel_id", _("Channel"), lambda: words.items("channel")),
        FilterDef(
            "responded_at",
            pgettext("column", "Answered"),
            lambda: period_choices(desk),
            many=False,
            pinned=True,
        ),
    ]
