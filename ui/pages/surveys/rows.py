"""Columns, views and filters of the surveys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.survey import SurveySource, SurveyState, survey_state
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services.queries import Op, Query, SurveyRow
from ui.models.columns import Cell, ColumnDef
from ui.pages.callbacks.rows import CallbackCells, survey_columns, survey_filters
from ui.pages.wording import DASH, Words
from ui.widgets.filter_bar import FilterDef
from ui.widgets.tabs import TabDef

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

DAY = 86400
STATE_FACE = {
    SurveyState.SENT: ("clock", "text-2"),
    SurveyState.ANSWERED: ("circle-check", "ok"),
    SurveyState.EXPIRED: ("circle-pause", "text-3"),
}
SHOWN = ("number", "customer", "csat", "nps", "comment", "agent", "case", "method")


class SurveyCells(CallbackCells):
    """Makes the cells of one survey."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def survey_state(self, row: SurveyRow) -> Cell:
        """Return what became of it, or that it is left out."""
        if row.invalid:
            return Cell(_("Invalid"), "ban", "text-3")
        days = int(self._desk.reference.settings["survey_days"])
        state = survey_state(row.sent_at, row.responded_at, self._desk.clock.now(), days)
        icon, ink = STATE_FACE[state]
        return Cell(code_label("SurveyState", state), icon, icon_colour=ink)

    def loop(self, row: SurveyRow) -> Cell:
        """Return how far the recovery of a low score is."""
        if row.loop_state is None:
            return Cell("")
        if row.loop_state == "completed":
            in_time = (row.loop_done or 0) <= (row.loop_due or 0)
            return Cell(_("Recovered in time") if in_time else _("Recovered late"),
                        "circle-check" if in_time else "clock-alert",
                        icon_colour="ok" if in_time else "warn")  # fmt: skip
        if row.loop_state in {"planned", "in_progress"}:
            left = (row.loop_due or 0) - self._desk.clock.now()
            words = Words(self._desk)
            if left < 0:
                text = _("{time} late").format(time=words.calendar_time(-left))
                return Cell(text, "circle-alert", "danger", icon_colour="danger")
            return Cell(_("{time} left").format(time=words.calendar_time(left)), "clock")
        return Cell(code_label("CallbackState", row.loop_state), "phone-off", "text-2")

    def voice(self, row: SurveyRow) -> Cell:
        """Return who speaks."""
        return Cell(code_label("SurveySource", row.source), colour="text-2")

    def sent(self, row: SurveyRow) -> Cell:
        """Return when it was sent."""
        return Cell(self._words.time(row.sent_at), colour="text-2")

    def team(self, row: SurveyRow) -> Cell:
        """Return the team at the time of closing."""
        return Cell(row.team or DASH, colour="text-2")


def columns(desk: Desk) -> list[ColumnDef]:
    """Return the columns of the list."""
    cells = SurveyCells(desk)
    known = {column.key: column for column in survey_columns(desk)}
    first = [known[key] for key in SHOWN[:2]]
    return [
        *first,
        ColumnDef("state", _("Status"), cells.survey_state, 104, drop=1),
        *(known[key] for key in SHOWN[2:5]),
        ColumnDef("loop", pgettext("column", "Loop"), cells.loop, 118, elide=True),
        *(known[key] for key in SHOWN[5:]),
        ColumnDef("voice", _("Who speaks"), cells.voice, 110, hidden=True),
        ColumnDef("team", _("Team"), cells.team, 90, hidden=True),
        ColumnDef("sent", pgettext("column", "Sent"), cells.sent, 96, right=True, sort="sent_at",
                  drop=2),
        known["answered"],
    ]  # fmt: skip


def views() -> list[TabDef]:
    """Return the views."""
    return [
        TabDef("answered", _("Answers")),
        TabDef("waiting", _("Waiting for answer"), "clock"),
        TabDef("low", pgettext("view", "Low scores"), "circle-alert", "danger"),
        TabDef("expired", _("Expired")),
        TabDef("invalid", _("Invalid")),
        TabDef("others", _("Other voices")),
        TabDef("all", _("All surveys")),
    ]


def view_query(desk: Desk, view: str) -> Query:
    """Return the query of a view."""
    settings, now = desk.reference.settings, desk.clock.now()
    sent = Query("survey", sort="sent_at", descending=True)
    answered = Query("survey", sort="responded_at", descending=True)
    begin = now - int(settings["survey_days"]) * DAY
    if view == "waiting":
        waiting = Query("survey", sort="sent_at", descending=False)
        return waiting.where("open", Op.OPEN).where("sent_at", Op.BETWEEN, begin, None)
    if view == "expired":
        return sent.where("open", Op.OPEN).where("sent_at", Op.BETWEEN, 0, begin)
    if view == "low":
        low = int(settings["low_score"])
        found = answered.where("csat", Op.BETWEEN, 1, low + 1).where("invalid", Op.IN, 0)
        return found.where("kind", Op.IN, "normal")
    if view == "invalid":
        return sent.where("invalid", Op.IN, 1)
    if view == "others":
        others = [str(one) for one in SurveySource if one is not SurveySource.CUSTOMER]
        return answered.where("source", Op.IN, *others)
    return sent if view == "all" else answered.where("responded_at", Op.BETWEEN, 0, None)


def filters(desk: Desk) -> list[FilterDef]:
    """Return the conditions."""
    words = Words(desk)
    return [
        *survey_filters(desk),
        FilterDef("source", _("Who speaks"), lambda: words.codes("SurveySource", SurveySource)),
        FilterDef("tier", _("Customer tier"), lambda: words.codes("Tier", ["key", "normal"])),
    ]
