"""Every page as a picture, in both languages, from the sample data.

python build/dev.py screenshots [FOLDER] [--size 1366x740] [--scale 1.5] [--text 200] [--theme dark] [--only PAGE]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
NOW = datetime(2026, 4, 2, 10, 24, tzinfo=ZoneInfo("Asia/Shanghai"))
REPORT_TABS = ("overview", "response", "resolution", "complaints", "satisfaction", "field", "team",
               "peaks", "trend", "data_quality", "typed")  # fmt: skip
SETTINGS_TABS = ("general", "people", "calendar", "limits", "callbacks", "detection", "targets",
                 "templates", "safety")  # fmt: skip


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist" / "screenshots")
    parser.add_argument("--size", default="1366x740")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--text", default="100", help="text size in percent")
    parser.add_argument("--theme", default="light", choices=("light", "dark"))
    parser.add_argument("--only", default="")
    parser.add_argument("--data", type=Path)
    return parser.parse_args()


class Camera:
    """Walks through the program and takes a picture of each place."""

    def __init__(self, program: Any, folder: Path, only: str) -> None:
        self.program = program
        self.window = program.window
        self.folder = folder
        self.only = only
        self.taken: list[Path] = []

    def wait(self) -> None:
        """Let jobs and repaints finish."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        quiet = 0

        def look() -> None:
            nonlocal quiet
            quiet = 0 if self.program.runner.busy else quiet + 1
            if quiet >= 8:
                loop.quit()

        timer = QTimer()
        timer.timeout.connect(look)
        timer.start(40)
        loop.exec()

    def take(self, name: str, widget: Any = None) -> None:
        """Save a picture of the window, or of a dialog."""
        self.wait()
        file = self.folder / f"{name}.png"
        (widget or self.window.host).grab().save(str(file))
        self.taken.append(file)
        print(file, flush=True)

    def wants(self, name: str) -> bool:
        """Whether this place was asked for."""
        return not self.only or self.only in name


def walk(camera: Camera, language: str) -> None:
    """Take every page in one language."""
    from ui.pages.page import Route

    camera.program.set_language(language)
    window = camera.window
    for name, act in places(camera).items():
        if not camera.wants(name):
            continue
        act()
        camera.take(f"{language}-{name}")
    if camera.wants("dialog"):
        window.go(Route("tickets"))
        camera.wait()
        dialogs(camera, language)


def complaint_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return how to get to the sections of the gravest complaint, and to the board."""
    from ui.pages.page import Route

    window = camera.window

    def section(name: str) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("complaints"))
            camera.wait()
            window.page.list.show_view("all")
            window.page.list.search("充电仓发热")
            camera.wait()
            key = window.page.list.rows.id_at(0)
            if key is not None:
                window.go(Route("complaints", key))
                camera.wait()
                window.page.record.form.show_section(name)

        return act

    names = ("case", "handling", "parts", "outside", "impact")
    found = {f"complaint-{name}": section(name) for name in names}
    found["complaint-board"] = lambda: window.go(Route("complaints", values={"tab": "board"}))
    return found


def data_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return how to get to the parts of data quality and of the typed figures."""
    from ui.pages.page import Route

    def part(tab: str, name: str, value: str) -> Callable[[], None]:
        return lambda: camera.window.go(Route("reports", values={"tab": tab, name: value}))

    found = {f"reports-quality-{v}": part("data_quality", "view", v) for v in ("findings", "entry")}
    grids = ("channels", "orders", "parts", "industry", "baseline")
    return found | {f"reports-typed-{grid}": part("typed", "grid", grid) for grid in grids}


def document_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return the report desk with each kind of report, and the sections of one."""
    from ui.pages.page import Route

    def made(kind: str) -> Callable[[], None]:
        def act() -> None:
            camera.window.go(Route("documents", values={"kind": kind, "period": "last"}))
            camera.wait()
            camera.window.page.make()
            camera.wait()

        return act

    def set_up() -> None:
        """Show the sections of the monthly report in their dialog."""
        from PySide6.QtWidgets import QApplication

        from svcdesk.i18n.catalog import language

        made("monthly")()
        camera.window.page.set_up()
        camera.wait()
        dialog = QApplication.activeModalWidget()
        camera.take(f"{language()}-dialog-sections", dialog)
        if dialog is not None:
            dialog.close()

    kinds = ("monthly", "complaints", "quarterly", "half_year")
    return {f"documents-{kind}": made(kind) for kind in kinds} | {"documents-sections": set_up}


def signed_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return a report that was published, and the days of a period of one's own."""
    from ui.pages.page import Route

    def published() -> None:
        """Write what is missing, review and publish a week's report: who and when, SHA-256."""
        from svcdesk.services import report_desk

        camera.window.go(Route("documents", values={"kind": "complaints", "period": "last-week"}))
        camera.wait()
        page = camera.window.page
        page.make()
        camera.wait()
        desk, version = page.place.desk, page.made.version
        for one in report_desk.obstacles(page.made):
            report_desk.write(desk, version.kind, version.period, one.place, "…")
        for step in (page.make, page.review, page.publish):
            step()
            camera.wait()

    def days() -> None:
        """Show the first and last day of a period in their dialog."""
        from PySide6.QtWidgets import QApplication

        from svcdesk.i18n.catalog import language

        camera.window.go(Route("documents"))
        camera.wait()
        camera.window.page.chooser.ask_days()
        camera.wait()
        dialog = QApplication.activeModalWidget()
        camera.take(f"{language()}-dialog-days", dialog)
        if dialog is not None:
            dialog.close()

    return {"documents-published": published, "documents-days": days}


def closing_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return where a closed month is seen, and what changed in it since."""
    from svcdesk.services import closings, tickets
    from svcdesk.system.job import ImmediateContext
    from ui.pages.page import Route

    def close() -> None:
        desk = camera.window.place.desk
        months = closings.months(desk)
        over = [m.period.code for m in months if m.state is not closings.MonthState.RUNNING]
        if any(m.closings for m in months) or len(over) < 2:
            return
        for month in (over[1], over[0]):
            closings.close(desk, month, ImmediateContext())
        found = closings.frozen_lists(desk, closings.find(desk, over[0]))
        number = next(one.rows[0][0] for one in found if one.source == "ticket")
        query = "SELECT id FROM ticket WHERE ticket_no = ?"
        tickets.remove(desk, desk.reader.execute(query, (number,)).fetchone()[0])

    def month(view: str) -> Callable[[], None]:
        def act() -> None:
            close()
            camera.window.go(Route("reports", values={"tab": "closing", "view": view}))

        return act

    def marked() -> None:
        """Show the figures of a closed month with its mark."""
        close()
        camera.window.go(Route("reports", values={"tab": "overview"}))

    def tried() -> None:
        """Show what other hours would do to the last twelve months."""
        camera.window.go(Route("settings", values={"tab": "calendar"}))
        calendar = camera.window.page.calendar
        for field in calendar._spans[:5]:  # noqa: SLF001 - as if typed
            field.set_value("10:30-18:00")
        calendar._on_save_pattern()  # noqa: SLF001 - as if pressed

    views = ("judged", "warnings", "figures", "records", "definitions")
    found = {f"closing-{view}": month(view) for view in views}
    return {**found, "closing-mark": marked, "settings-what-if": tried}


def improvement_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return the improvement page at each tab of the item of the sample that shows it."""
    from ui.pages.page import Route

    def at(view: str, tab: str) -> Callable[[], None]:
        def show() -> None:
            camera.window.go(Route("improvement", values={"view": view, "tab": tab}))

        return show

    def view(name: str, **more: Any) -> Callable[[], None]:
        return lambda: camera.window.go(Route("improvement", values={"place": name, **more}))

    def matrix() -> None:
        view("board")()
        board = camera.window.page.view("board")
        board.kinds.group.button(1).click()

    def evidence() -> None:
        at("analyzing", "whys")()
        camera.wait()
        camera.window.page.items.pane.facts.link()

    def weeks() -> None:
        at("executing", "plan")()
        camera.wait()
        camera.window.page.items.pane.plan.looks.group.button(1).click()

    def form(name: str, title: str) -> Callable[[], None]:
        """Show the form of a new meeting or training."""

        def show() -> None:
            from PySide6.QtWidgets import QApplication

            from svcdesk.i18n.catalog import language

            view(name)()
            camera.wait()
            camera.window.page.view(name).new()
            camera.wait()
            dialog = QApplication.activeModalWidget()
            camera.take(f"{language()}-{title}", dialog)
            if dialog is not None:
                dialog.close()

        return show

    loop = {
        "improvement-weeks": weeks, "improvement-team-plan": view("plan", show="all"),
        "improvement-quarter": view("quarter"), "improvement-meetings": view("meetings"),
        "improvement-training": view("training"),
        "improvement-training-needs": view("training", show="needs"),
        "improvement-new-meeting": form("meetings", "dialog-meeting"),
        "improvement-new-training": form("training", "dialog-training"),
        "today-loop": lambda: camera.window.go(Route("today", values={"tab": "loop"})),
    }  # fmt: skip
    tabs = ("item", "whys", "bones", "plan", "effect", "forms", "history")
    return loop | {f"improvement-{name}": at("verifying", name) for name in tabs} | {
        "improvement": at("open", "item"), "improvement-board": view("board"),
        "improvement-matrix": matrix, "improvement-proposals": view("proposals"), "improvement-changes": view("changes"),
        "dialog-evidence": evidence,
        "improvement-trends": view("trends", week="2025-11-03"), "improvement-review": view("review"),
        **flow_places(camera),
    }  # fmt: skip


def flow_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return the process map with notes, the form of a note, and the files of a measure."""
    from ui.pages.page import Route

    def pained() -> None:
        """Show the map; the first time two notes are stuck to it."""
        from svcdesk.services import flow_map

        camera.window.go(Route("improvement", values={"place": "flow"}))
        camera.wait()
        view = camera.window.page.view("flow")
        desk = camera.window.place.desk
        if not view._found.node("pending_internal").notes:  # noqa: SLF001 - made for the picture
            for state, title in (("pending_internal", "物流周末不回复，周一才开始查件"),
                                 ("pending_internal", "检测报告要等三天"),
                                 ("in_progress", "配件到货没有通知，工单放着没人看")):  # fmt: skip
                flow_map.add_note(desk, view._found, state, {"title": title})  # noqa: SLF001 - as typed
            camera.wait()

    def form() -> None:
        from PySide6.QtWidgets import QApplication

        from svcdesk.i18n.catalog import language

        pained()
        camera.window.page.view("flow").add_note()
        camera.wait()
        dialog = QApplication.activeModalWidget()
        camera.take(f"{language()}-dialog-pain-note", dialog)
        if dialog is not None:
            dialog.close()

    def files() -> None:
        from svcdesk.services import attachments

        camera.window.go(Route("improvement", values={"view": "executing", "tab": "plan"}))
        camera.wait()
        key = next(iter(camera.window.page.items.pane.plan.files))
        desk = camera.window.place.desk
        for name in ("路线规划培训签到表.pdf", "系统上线验收照片.png"):
            attachments.add(desk, key, name, name.encode() * 4000, attachments.MEASURE)
        camera.wait()

    return {"improvement-flow": pained, "improvement-flow-note": form,
            "improvement-files": files}  # fmt: skip


def places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return how to get to each place."""
    from ui.pages.page import Route

    window = camera.window

    def go(page: str, **more: Any) -> Callable[[], None]:
        return lambda: window.go(Route(page, **more))

    def tab(page: str, name: str) -> Callable[[], None]:
        return lambda: window.go(Route(page, values={"tab": name}))

    def complaint() -> None:
        window.go(Route("complaints"))
        camera.wait()
        window.page.list.show_view("repeat")
        camera.wait()
        key = window.page.list.rows.id_at(0)
        if key is not None:
            window.go(Route("complaints", key))

    def callback_tab(name: str) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("callbacks"))
            window.page._show_tab(name)  # noqa: SLF001 - the pictures show every tab

        return act

    def first(page: str, view: str) -> Callable[[], None]:
        """Open the first record of a view."""

        def act() -> None:
            window.go(Route(page, values={"view": view, "tab": "list"}))
            camera.wait()
            key = window.page.list.rows.id_at(0)
            if key is not None:
                window.go(Route(page, key))

        return act

    found: dict[str, Callable[[], None]] = {
        "today": tab("today", "pressing"),
        "today-sheets": tab("today", "hand_over"),
        "tickets": go("tickets"),
        **lists(camera),
        "complaints": go("complaints"),
        "complaint": complaint,
        **complaint_places(camera),
        **improvement_places(camera),
        "callbacks": callback_tab("queue"),
        "callbacks-all": callback_tab("all"),
        "answers": callback_tab("answers"),
    }
    found |= ticket_places(camera)
    found["customers"] = lambda: window.go(
        Route("customers", values={"view": "key", "tab": "list"})
    )
    found["customer-record"] = first("customers", "risk")
    found |= {f"customers-{name}": tab("customers", name) for name in ("plans", "same")}
    found["knowledge"] = lambda: window.go(
        Route("knowledge", values={"view": "published", "tab": "articles"})
    )
    found["knowledge-gaps"] = tab("knowledge", "gaps")
    found |= {f"reports-{name}": tab("reports", name) for name in REPORT_TABS}
    found |= report_places(camera) | figure_places(camera) | data_places(camera)
    found["import"] = go("import")
    found |= {f"settings-{name}": tab("settings", name) for name in SETTINGS_TABS}
    found |= finding_places(camera)
    found |= callback_places(camera)
    found |= survey_places(camera)
    found |= (
        aid_places(camera)
        | closing_places(camera)
        | document_places(camera)
        | signed_places(camera)
    )
    return found


def figure_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return the pane beside the figures, and the explorer by a dimension."""
    from ui.pages.page import Route

    window = camera.window

    def pane(metric: str, part: str) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("reports", values={"tab": "response"}))
            camera.wait()
            page = window.page
            page.explain(metric) if part else page.define(metric)
            camera.wait()
            if part:
                page.pane.rows.selectRow(0)

        return act

    def explore() -> None:
        window.go(Route("reports", values={"tab": "trend"}))
        window.page.pane.hide()
        window.page.explorer.take(metric="fcr_rate", by="channel")

    return {
        "reports-definition": pane("frt_sla_rate", ""),
        "reports-explained": pane("frt_mean_min", "den"),
        "reports-explored": explore,
    }


def report_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return what lies further down on the longest tabs of the reports."""
    from ui.pages.page import Route

    window = camera.window

    def lower(name: str, screens: int) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("reports", values={"tab": name}))
            camera.wait()
            bar = window.page.view(name).verticalScrollBar()
            bar.setValue(screens * bar.pageStep())

        return act

    return {
        f"reports-{name}-{screens + 1}": lower(name, screens)
        for name in ("complaints", "satisfaction")
        for screens in (1, 2, 3, 4)
    }


def finding_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return where findings are judged, and what other rules would have found."""
    from PySide6.QtTest import QTest

    from ui.pages.page import Route

    window = camera.window

    def finding(name: str) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("complaints", values={"tab": "findings"}))
            camera.wait()
            window.page.detected._show_tab(name)  # noqa: SLF001 - the pictures show every tab

        return act

    def rules() -> None:
        """Show what other rules would have found."""
        window.go(Route("settings", values={"tab": "detection"}))
        form = window.page.detection.form
        for key, value in (("repeat_days", 60), ("group_customers", 2)):
            form.editor(key).set_value(value)
            form.editor(key).changed.emit()
        QTest.qWait(600)  # a moment after the last key it looks through the past

    names = ("open", "groups", "chains", "exposed", "answered")
    found = {f"findings-{name}": finding(name) for name in names}
    return {**found, "settings-detection-preview": rules}


def callback_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return where recoveries, hand-out and the settings of callbacks are seen."""
    from svcdesk.services import callbacks, queries
    from ui.pages.page import Route

    window = camera.window

    def recovery() -> None:
        found = queries.DeskRows(camera.program.desk, callbacks.queue(chip="low")).first_page(1)
        window.go(Route("callbacks", found[0].id if found else None))

    def settings(name: str) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("settings", values={"tab": "callbacks"}))
            window.page.callbacks.choose(name)

        return act

    return {
        "callbacks-recovery": recovery,
        "callbacks-hand-out": lambda: window.act("callback.hand_out"),
        "settings-callback-scripts": settings("scripts"),
        "settings-callback-reasons": settings("reasons"),
    }


def survey_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return where surveys and quality checks are sent, answered, made and set up."""
    from svcdesk.services import queries
    from svcdesk.services.queries import Op, Query
    from ui.pages.page import Route

    window = camera.window

    def view(name: str) -> Callable[[], None]:
        return lambda: window.go(Route("surveys", values={"view": name, "tab": "list"}))

    def send() -> None:
        settled = Query("ticket", sort="resolved_at").where("status", Op.IN, "resolved", "closed")
        found = queries.DeskRows(camera.program.desk, settled).first_page(1)
        window.go(Route("tickets", found[0].id))
        camera.wait()
        window.act("ticket.survey")

    def settings(name: str) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("settings", values={"tab": "surveys"}))
            window.page.surveys.choose(name)

        return act

    def entry() -> None:
        window.go(Route("quality", values={"tab": "draw"}))
        camera.wait()
        window.page.draw.month.setCurrentIndex(1)
        camera.wait()
        window.page._next()  # noqa: SLF001 - as the button does

    return {
        **{f"surveys-{name}": view(name) for name in ("answered", "low", "waiting", "others")},
        "surveys-unmatched": lambda: window.go(Route("surveys", values={"tab": "unmatched"})),
        "surveys-send": send,
        "quality": lambda: window.go(Route("quality", values={"tab": "checks"})),
        "quality-draw": lambda: window.go(Route("quality", values={"tab": "draw"})),
        "quality-entry": entry,
        **{f"settings-surveys-{name}": settings(name) for name in ("form", "check", "rules")},
    }


def aid_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return where templates, checklists, attachments, replies and macros are seen."""
    from svcdesk.domain.aids import AidKind
    from svcdesk.services import attachments, queries
    from ui.pages.page import Route

    window, desk = camera.window, camera.program.desk

    def templates(kind: AidKind) -> Callable[[], None]:
        def act() -> None:
            window.go(Route("settings", values={"tab": "templates"}))
            window.page.templates.show_kind(kind)

        return act

    def with_photo() -> Any:
        query = queries.Query("ticket")
        rows = queries.DeskRows(desk, query).first_page(400)
        key = next(r.id for r in rows if attachments.of_record(desk, "ticket", r.id))
        window.go(Route("tickets", key))
        camera.wait()
        window.page.pane.close_forms()
        return window.page.pane

    def show(tab: str) -> Callable[[], None]:
        return lambda: with_photo().go_to_tab(tab)

    def reply() -> None:
        pane = with_photo()
        pane.show_tab("timeline")
        pane.talk.empty()
        pane.talk.replies.begin()

    return {
        **{f"templates-{kind}": templates(kind) for kind in AidKind},
        "ticket-checks": show("checks"),
        "ticket-files": show("files"),
        "ticket-reply": reply,
    }


def lists(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return how the list of tickets is worked with: several rows, conditions, groups, views."""
    from ui.pages.page import Route

    def shown(view: str) -> Any:
        camera.window.go(Route("tickets"))
        camera.wait()
        pane = camera.window.page.list
        pane.close_panel()
        pane.grouping.set_field("")
        pane.search("")
        pane.show_view(view)
        camera.wait()
        return pane

    def bulk() -> None:
        pane = shown("open")
        pane.table.selectAll()
        pane.bulk.start("assign")
        people = list(camera.program.desk.reference.people)
        pane.panel.form.set_value("owner_id", people[-1])
        camera.wait()

    def condition() -> None:
        pane = shown("all")
        pane.own.edit(-1)
        pane.panel.add_line()

    def groups() -> None:
        pane = shown("all")
        pane.grouping.set_field("issue_id")
        pane.search("空调 状态:已关闭")

    def manage() -> None:
        shown("mine").saved.save_as()

    return {
        "tickets-bulk": bulk,
        "tickets-condition": condition,
        "tickets-groups": groups,
        "tickets-views": manage,
    }


def ticket_places(camera: Camera) -> dict[str, Callable[[], None]]:
    """Return the states of the ticket pane: what belongs to it, a form, a merge."""
    from svcdesk.services import hand_over, queries
    from ui.pages.page import Route

    window = camera.window

    def show(key: int) -> Any:
        window.go(Route("tickets", key))
        camera.wait()
        window.page.pane.close_forms()
        return window.page

    def waiting() -> Any:
        asked = [row for sheet in hand_over.sheets(camera.program.desk) for row in sheet.waiting]
        return show(next(row.ticket_id for row in asked if row.handoff_id is not None))

    def work() -> None:
        waiting().pane.show_tab("more")

    def form() -> None:
        page = waiting()
        page.pane.show_tab("timeline")
        page.actions_.make("handoff")

    def suspected() -> Any:
        query = queries.Query("ticket").searching("再次反映")
        rows = queries.DeskRows(camera.program.desk, query).first_page(5)
        return show(next(row.id for row in rows if row.status != "merged"))

    def merge() -> None:
        pane = suspected().pane
        pane.open_merge(pane.detail.suspects[0].id)

    return {"ticket-work": work, "ticket-form": form, "ticket-suspect": suspected,
            "ticket-merge": merge}  # fmt: skip


def a_customer(camera: Camera) -> None:
    """Open the customer who spends most."""
    from svcdesk.services import queries
    from ui.pages.page import Route

    desk = camera.program.desk
    query = queries.Query("customer", sort="spend_12m")
    camera.window.go(Route("customers", queries.DeskRows(desk, query).first_page(1)[0].id))
    camera.wait()


def dialogs(camera: Camera, language: str) -> None:
    """Take the dialogs that open over a page."""
    from PySide6.QtWidgets import QApplication

    from ui.pages.entry_dialog import EntryDialog

    camera.window.page.list.table.step(1)
    camera.wait()
    for name, action, kind in (
        ("dialog-ticket", "ticket.new", "EntryDialog"),
        ("dialog-repair", "ticket.new", "EntryDialog"),
        ("dialog-complaint", "complaint.new", "EntryDialog"),
        ("dialog-macros", "ticket.macro", "PickPopup"),
        ("dialog-palette", "palette", "Palette"),
        ("dialog-notices", "notices", "NoticeCentre"),
        ("dialog-keys", "shortcuts", "CheatSheet"),
        ("dialog-about", "about", "AboutDialog"),
        ("dialog-customer", "customer.new", "CustomerDialog"),
        ("dialog-plan", "contact_plan.new", "PlanDialog"),
        ("dialog-article", "article.new", "ArticleDialog"),
        ("dialog-erase", "customer.erase", "EraseDialog"),
        ("dialog-restrict", "customer.restrict", "RestrictDialog"),
    ):
        if action.startswith("customer.") and action != "customer.new":
            a_customer(camera)
        camera.window.act(action)
        camera.wait()
        for widget in QApplication.topLevelWidgets():
            if type(widget).__name__ == kind and widget.isVisible():
                if name == "dialog-repair" and isinstance(widget, EntryDialog):
                    widget.form.editor("request_type").set_value("repair")
                camera.take(f"{language}-{name}", widget)
                widget.close()


def main() -> int:
    """Take all pictures."""
    chosen = options()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = chosen.scale
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["SVCDESK_HOME"] = home
        return take_all(chosen, Path(home))


def take_all(chosen: argparse.Namespace, home: Path) -> int:
    """Open the sample data and walk through it in both languages."""
    from svcdesk.i18n.catalog import LANGUAGES
    from svcdesk.services import sample_data
    from svcdesk.system.clock import FixedClock
    from svcdesk.system.job import ImmediateContext
    from ui.shell.app import App
    from ui.shell.bootstrap import make_application
    from ui.shell.preferences import Preferences

    clock = FixedClock(int(NOW.timestamp()))
    data = chosen.data or home / "sample.svcdesk"
    if chosen.data is None:
        sample_data.create(data, months=13, seed=1, context=ImmediateContext(), clock=clock)
    app = make_application(["screenshots"])
    program = App(app, Preferences(theme=chosen.theme, text_size=chosen.text), clock)
    width, height = (int(part) for part in chosen.size.split("x"))
    program.window.host.resize(width, height)
    program.window.host.show()
    camera = Camera(program, chosen.folder, chosen.only)
    if camera.wants("welcome"):
        for language in LANGUAGES:
            program.set_language(language)
            camera.take(f"{language}-welcome")
    program.open(data)
    camera.wait()
    for language in LANGUAGES:
        walk(camera, language)
    program.quit()
    return 0 if camera.taken else 1


if __name__ == "__main__":
    sys.exit(main())
