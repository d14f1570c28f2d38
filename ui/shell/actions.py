"""Every action of the program, declared once; menus, shortcuts, palette and cheat sheet read this.

``PAGE_KEYS`` are the single keys that pages handle themselves (they work while no text field has
the focus); they are listed here for the cheat sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from svcdesk.i18n.catalog import N_, _
from ui.theme.icons import icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True)
class ActionDef:
    """One action; ``menu`` "" keeps it out of the menu bar; ``gap`` puts a line above it."""

    id: str
    text: str
    menu: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    gap: bool = False
    needs_desk: bool = True


FILE, EDIT, GO, VIEW, HELP = N_("&File"), N_("&Edit"), N_("&Go"), N_("&View"), N_("&Help")
TICKET = N_("&Ticket")
MENUS = (FILE, EDIT, TICKET, GO, VIEW, HELP)

ACTIONS: tuple[ActionDef, ...] = (
    ActionDef("ticket.new", N_("New ticket"), FILE, ("Ctrl+N",), "plus"),
    ActionDef("complaint.new", N_("Register complaint"), FILE, ("Ctrl+Shift+N",), "message-square-warning"),
    ActionDef("customer.new", N_("New customer"), FILE, (), "user-round"),
    ActionDef("callback.hand_out", N_("Hand out callbacks…"), FILE, (), "phone"),
    ActionDef("contact_plan.new", N_("New contact plan"), FILE, (), "phone-call"),
    ActionDef("article.new", N_("New article"), FILE, (), "book-open"),
    ActionDef("improvement.new", N_("New improvement item"), FILE, (), "trending-up"),
    ActionDef("case.case", N_("Make a case to copy"), FILE, (), "copy", gap=True),
    ActionDef("case.praise", N_("Make a warm-service story"), FILE, (), "heart-handshake"),
    ActionDef("case.improve", N_("Make an improvement item of it"), FILE, (), "trending-up"),
    ActionDef("import", N_("Import…"), FILE, ("Ctrl+I",), "upload", gap=True),
    ActionDef("report.monthly", N_("Monthly report"), FILE, (), "file-text"),
    ActionDef("report.print", N_("Print the report…"), FILE, ("Ctrl+P",), "printer"),
    ActionDef("list.export", N_("Export list…"), FILE, ("Ctrl+E",), "download", gap=True),
    ActionDef("list.print", N_("Print list as PDF…"), FILE, ("Ctrl+Shift+P",), "printer"),
    ActionDef("backup", N_("Back up now"), FILE, (), "save"),
    ActionDef("file.open", N_("Open data file…"), FILE, ("Ctrl+O",), "folder-open", gap=True, needs_desk=False),
    ActionDef("file.new", N_("New data file…"), FILE, (), "database", needs_desk=False),
    ActionDef("quit", N_("Quit"), FILE, ("Ctrl+Q",), gap=True, needs_desk=False),
    ActionDef("undo", N_("Undo"), EDIT, ("Ctrl+Z",), "undo-2"),
    ActionDef("redo", N_("Redo"), EDIT, ("Ctrl+Y", "Ctrl+Shift+Z"), "redo-2"),
    ActionDef("list.select_all", N_("Select all in the list"), EDIT, (), "list", gap=True),
    ActionDef("list.assign", N_("Hand over the selected tickets…"), EDIT, ("Ctrl+Shift+A",), "user-round"),
    ActionDef("list.change", N_("Change the selected tickets…"), EDIT, ("Ctrl+Shift+E",), "pencil"),
    ActionDef("list.step", N_("Take a step with the selected tickets…"), EDIT, (), "circle-arrow-right"),
    ActionDef("list.tag", N_("Tag the selected tickets…"), EDIT, ("Ctrl+Shift+T",), "tag"),
    ActionDef("list.merge", N_("Merge the selected tickets…"), EDIT, (), "git-merge"),
    ActionDef("complaint.print", N_("Print the complaint…"), FILE, (), "printer"),
    ActionDef("customer.erase", N_("Erase customer…"), EDIT, (), "eraser", gap=True),
    ActionDef("customer.restrict", N_("Restrict processing…"), EDIT, (), "lock"),
    ActionDef("complaint.link", N_("Link with an earlier complaint…"), EDIT, (), "link"),
    ActionDef("ticket.handoff", N_("Ask a department…"), TICKET, (), "building-2"),
    ActionDef("ticket.visit", N_("Plan a visit…"), TICKET, (), "wrench"),
    ActionDef("ticket.escalate", N_("Escalate…"), TICKET, (), "chevrons-up"),
    ActionDef("ticket.time", N_("Time spent…"), TICKET, (), "clock", gap=True),
    ActionDef("ticket.quick_time", N_("15 minutes on the phone"), TICKET, (), "clock"),
    ActionDef("ticket.link", N_("Link with another ticket…"), TICKET, (), "link", gap=True),
    ActionDef("ticket.split", N_("Split off a ticket…"), TICKET, (), "split"),
    ActionDef("ticket.merge", N_("Merge into another ticket…"), TICKET, (), "git-merge"),
    ActionDef("ticket.complaint", N_("Make a complaint of the ticket…"), TICKET, (), "message-square-warning"),
    ActionDef("ticket.macro", N_("Run a macro…"), TICKET, ("Ctrl+M",), "zap", gap=True),
    ActionDef("ticket.checklist", N_("Checklist of the ticket"), TICKET, (), "list-checks"),
    ActionDef("ticket.survey", N_("Send a survey…"), TICKET, (), "message-square-reply"),
    ActionDef("ticket.check", N_("Quality check of the ticket"), TICKET, (), "list-checks"),
    ActionDef("ticket.tag", N_("Tag the ticket…"), TICKET, (), "tag"),
    ActionDef("ticket.attach", N_("Attach files…"), TICKET, (), "paperclip"),
    ActionDef("ticket.copy_customer", N_("Copy for the customer"), TICKET, ("Ctrl+Shift+C",), "copy", gap=True),
    ActionDef("ticket.copy_all", N_("Copy all for a colleague"), TICKET, ("Ctrl+Alt+C",), "file-text"),
    ActionDef("ticket.window", N_("Open in own window"), TICKET, ("Ctrl+Shift+O",), "app-window"),
    ActionDef("go.today", N_("Today"), GO, ("Ctrl+0",), "calendar-clock"),
    ActionDef("go.tickets", N_("Tickets"), GO, ("Ctrl+1",), "inbox"),
    ActionDef("go.complaints", N_("Complaints"), GO, ("Ctrl+2",), "message-square-warning"),
    ActionDef("complaint.board", N_("Board of complaints"), GO, (), "table-2"),
    ActionDef("complaint.findings", N_("Findings to be judged"), GO, (), "eye"),
    ActionDef("go.callbacks", N_("Callbacks"), GO, ("Ctrl+3",), "phone"),
    ActionDef("go.surveys", N_("Surveys"), GO, (), "thumbs-up"),
    ActionDef("go.quality", N_("Quality checks"), GO, (), "list-checks"),
    ActionDef("go.reports", N_("Reports"), GO, ("Ctrl+4",), "chart-column"),
    ActionDef("go.documents", N_("Report desk"), GO, ("Ctrl+7",), "file-text"),
    ActionDef("go.improvement", N_("Improvement"), GO, ("Ctrl+8",), "trending-up"),
    ActionDef("go.customers", N_("Customers"), GO, ("Ctrl+5",), "users"),
    ActionDef("go.knowledge", N_("Knowledge"), GO, ("Ctrl+6",), "book-open"),
    ActionDef("go.settings", N_("Settings"), GO, ("Ctrl+,",), "settings"),
    ActionDef("back", N_("Back"), GO, ("Alt+Left",), "chevron-left", gap=True),
    ActionDef("forward", N_("Forward"), GO, ("Alt+Right",), "chevron-right"),
    ActionDef("tab.next", N_("Next tab or view"), GO, ("Ctrl+PgDown", "Ctrl+Tab"), "chevron-right", gap=True),
    ActionDef("tab.previous", N_("Previous tab or view"), GO, ("Ctrl+PgUp", "Ctrl+Shift+Tab"), "chevron-left"),
    ActionDef("people", N_("Act as another person…"), GO, ("Ctrl+Shift+U",), "circle-user"),
    ActionDef("palette", N_("Find everything…"), GO, ("Ctrl+K",), "search", gap=True),
    ActionDef("search", N_("Search in this list"), GO, ("Ctrl+F",), "list-filter"),
    ActionDef("notices", N_("Notices"), VIEW, ("Ctrl+Shift+M",), "bell"),
    ActionDef("list.save_view", N_("Save as new view…"), VIEW, ("Ctrl+Shift+S",), "save", gap=True),
    ActionDef("list.views", N_("Manage views…"), VIEW, (), "view"),
    ActionDef("list.condition", N_("Condition of your own…"), VIEW, ("Ctrl+Shift+F",), "list-filter"),
    ActionDef("list.group", N_("Group the list…"), VIEW, ("Ctrl+Shift+G",), "list"),
    ActionDef("refresh", N_("Refresh"), VIEW, ("Ctrl+R",), "refresh-cw"),
    ActionDef("language.zh_CN", N_("Chinese (中文)"), VIEW, (), gap=True, needs_desk=False),
    ActionDef("language.en", N_("English"), VIEW, (), needs_desk=False),
    ActionDef("theme.system", N_("Theme of the system"), VIEW, (), gap=True, needs_desk=False),
    ActionDef("theme.light", N_("Light theme"), VIEW, (), needs_desk=False),
    ActionDef("theme.dark", N_("Dark theme"), VIEW, (), needs_desk=False),
    ActionDef("text.larger", N_("Larger text"), VIEW, ("Ctrl+=", "Ctrl++"), "zoom-in", gap=True, needs_desk=False),
    ActionDef("text.smaller", N_("Smaller text"), VIEW, ("Ctrl+-",), "zoom-out", needs_desk=False),
    ActionDef("text.100", N_("Text size 100 %"), VIEW, ("Ctrl+Alt+0",), needs_desk=False),
    ActionDef("text.125", N_("Text size 125 %"), VIEW, (), needs_desk=False),
    ActionDef("text.150", N_("Text size 150 %"), VIEW, (), needs_desk=False),
    ActionDef("text.175", N_("Text size 175 %"), VIEW, (), needs_desk=False),
    ActionDef("text.200", N_("Text size 200 %"), VIEW, (), needs_desk=False),
    ActionDef("shortcuts", N_("Keyboard shortcuts"), HELP, ("?",), "keyboard", needs_desk=False),
    ActionDef("about", N_("About svcdesk"), HELP, (), "info", needs_desk=False),
)  # fmt: skip

CHECKABLE = ("language.", "theme.", "text.1", "text.2")

PAGE_KEYS: tuple[tuple[str, str, str], ...] = (
    (N_("Findings"), "Y / N", N_("Confirm or deny; the next one follows")),
    (N_("Findings"), "U / M / G", N_("Ask again, merge the two, show the group")),
    (N_("Findings"), "J / K", N_("Next or previous finding")),
    (N_("Data quality"), "X / A / U", N_("Exclude from statistics, accept, open again")),
    (N_("Data quality"), "F / M", N_("Put the time right, or merge the two tickets")),
    (N_("Tickets"), "J / K", N_("Next or previous ticket")),
    (N_("New ticket"), "Enter", N_("Take the customer found")),
    (N_("New ticket"), "Alt+L / Alt+O", N_("Link with what may be the same case, or open it")),
    (N_("New ticket"), "Ctrl+Enter", N_("Save")),
    (N_("Tickets"), "E", N_("Edit ticket")),
    (N_("Tickets"), "R", N_("Resolve")),
    (N_("Tickets"), "T", N_("Transfer or assign")),
    (N_("Tickets"), "W", N_("Wait for customer")),
    (N_("Tickets"), "I", N_("Wait internally")),
    (N_("Tickets"), "A", N_("Take it, accept or resume")),
    (N_("Tickets"), "B", N_("Send back")),
    (N_("Tickets"), "C", N_("Close")),
    (N_("Tickets"), "D", N_("Cancel ticket")),
    (N_("Tickets"), "O", N_("Reopen or restore")),
    (N_("Tickets"), "H", N_("Ask a department")),
    (N_("Tickets"), "Y / P", N_("Answer the request, or note for when it is promised")),
    (N_("Tickets"), "V", N_("Plan a visit; arrived; ended")),
    (N_("Tickets"), "X", N_("Escalate")),
    (N_("Tickets"), "+ / G", N_("15 minutes on the phone, or other time spent")),
    (N_("Tickets"), "L / S", N_("Link with another ticket, split off a ticket")),
    (N_("Tickets"), "Z / U", N_("Merge, undo merge")),
    (N_("Tickets"), "M", N_("Run a macro; 1–9 take the first nine")),
    (N_("Tickets"), "Q / F / #", N_("Checklist, attach files, tag")),
    (N_("Tickets"), ":: / Ctrl+;", N_("Canned reply, while a reply is written")),
    (N_("Tickets"), "Ctrl+V", N_("Attach the screenshot on the clipboard")),
    (N_("Tickets"), "Alt+T", N_("New ticket from a template")),
    (N_("Attachments"), "Space / Enter / Delete", N_("Preview, open, remove")),
    (N_("Tickets"), "N / /", N_("Write an internal note, write a reply")),
    (N_("Timeline"), "Ctrl+C", N_("Copy the chosen entries")),
    (N_("Tickets"), "Ctrl+Enter", N_("Send the reply or note")),
    (N_("Callbacks"), "J / K", N_("Next or previous callback")),
    (N_("Callbacks"), "F1–F6", N_("Result of the attempt")),
    (N_("Callbacks"), "L / X / U", N_("Call again, refused, unreachable")),
    (N_("Callbacks"), "A / P / O", N_("Take it or put it back, next number, no more callbacks")),
    (N_("Callbacks"), "G / C / R", N_("New ticket, complaint, recovery")),
    (N_("Callbacks"), "E / N", N_("What the customer says, the customer's words")),
    (N_("Callbacks"), "F / W / V", N_("Recovery: put right, not put right, what was given")),
    (N_("Callbacks"), "Alt+1 – Alt+6", N_("Whose and which callbacks")),
    (N_("Callbacks"), "PgUp / PgDn", N_("Script: previous and next step")),
    (N_("Callbacks"), "1–5, 0–9, T", N_("Score; T is 10")),
    (N_("Callbacks"), "Space", N_("Leave a score blank")),
    (N_("Callbacks"), "Backspace", N_("Back one score")),
    (N_("Callbacks"), "Ctrl+Enter", N_("Save and next")),
    (N_("Complaints"), "F / I / T", N_("First contact, interim feedback, result told")),
    (N_("Complaints"), "H / Y", N_("Ask a department, enter its answer")),
    (N_("Complaints"), "A / R / C / O", N_("Accept or investigate, tell or settle, close, reopen")),
    (N_("Complaints"), "D / X", N_("Extend the deadline, escalate")),
    (N_("Complaints"), "G / S", N_("Approve or ask for approval, take the severity over")),
    (
        N_("Complaints"),
        "K / B / Q",
        N_("External case, note on the exposure, trace responsibility"),
    ),
    (N_("Complaints"), "L / Z / U", N_("Link a ticket, merge, undo merge")),
    (N_("Complaints"), "E / N / P", N_("Edit, write a note, print")),
    (N_("Customers"), "E", N_("Edit customer")),
    (N_("Customers"), "N", N_("New ticket for the customer")),
    (N_("Customers"), "T", N_("Set the tier")),
    (N_("Customers"), "M", N_("Merge with another customer")),
    (N_("Knowledge"), "J / K", N_("Next or previous article")),
    (N_("Knowledge"), "E", N_("Edit article")),
    (N_("Knowledge"), "P", N_("Publish, or confirm that it is still right")),
    (N_("Knowledge"), "+ / -", N_("Useful, not useful")),
    (N_("Improvement"), "J / K", N_("Next or previous item")),
    (N_("Improvement"), "E / M", N_("Edit the item, new measure")),
    (N_("What rises"), "N / D / U", N_("Make an item, decline, take the no back")),
    (N_("What rises"), "S / Enter", N_("Show the records, go to those beside")),
    (N_("Process map"), "← ↑ → ↓", N_("Walk over the states and their pain notes")),
    (N_("Process map"), "Enter / N", N_("Slowest tickets or the note, add a pain note")),
    (N_("Open cases"), "E / Ctrl+Enter", N_("Say why and what next, save for all chosen")),
    (N_("Open cases"), "C / N", N_("Nothing new, make an item of the chosen cases")),
    (N_("Plan of the team"), "J / K / Enter", N_("Next or previous measure, open its item")),
    (N_("Quarterly plan"), "N / E / Space", N_("New task, edit it, tick it done or open again")),
    (N_("Meetings"), "N / E", N_("New point, edit the meeting")),
    (N_("Training"), "E / Ctrl+V", N_("Edit the training, paste names and scores")),
    (N_("Outline"), "Enter / Tab / Shift+Tab", N_("Next row; deeper, higher")),
    (N_("Outline"), "Space / Delete / Esc", N_("Root cause, remove, leave the outline")),
    (N_("Surveys"), "1–5, 0–9, T", N_("Score; T is 10")),
    (N_("Surveys"), "Enter / Ctrl+Enter", N_("Enter the answer, save it")),
    (N_("Quality checks"), "P / F / N", N_("Pass, fail, not applicable; the next item follows")),
    (N_("Quality checks"), "Ctrl+Enter", N_("Save")),
    (N_("Reports"), "D / E", N_("Definition of the figure; the records of each of its parts")),
    (N_("Reports"), "P / Ctrl+C", N_("Copy the chart as picture, as data")),
    (N_("Report desk"), "Enter / Alt+↓", N_("Make the report; choose its period")),
    (N_("Report desk"), "N / P", N_("Next or previous page, while the pages have the focus")),
    (N_("Report desk"), "+ / - / 0", N_("Larger or smaller pages, as wide as the view")),
    (N_("Report desk"), "/ / F3 / Shift+F3", N_("Search in the pages; next or previous place")),
    (N_("Lists"), "Ctrl+C", N_("Copy rows for a spreadsheet")),
    (N_("Lists"), "Delete", N_("Remove the focused filter")),
    (N_("Lists"), "Alt+1 – Alt+9", N_("Show a view")),
    (N_("Lists"), "Ctrl+A", N_("Select all that was found")),
    (N_("Lists"), "Shift+↑ / ↓", N_("Select several rows")),
    (N_("Lists"), "Esc", N_("Give the selection up")),
)


class Actions(QObject):
    """The declared actions as QActions of one window."""

    asked = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        for definition in ACTIONS:
            action = QAction(self)
            action.setData(definition.id)
            action.setShortcuts([QKeySequence(keys) for keys in definition.keys])
            action.setCheckable(definition.id.startswith(CHECKABLE))
            action.triggered.connect(self._on_triggered)
            window.addAction(action)
            self._actions[definition.id] = action

    def translate(self) -> None:
        """Give every action its words in the present language and its icon in the present theme."""
        for definition in ACTIONS:
            action = self._actions[definition.id]
            action.setText(_(definition.text))
            if definition.icon:
                action.setIcon(icon(definition.icon))

    def get(self, key: str) -> QAction:
        """Return the action ``key``."""
        return self._actions[key]

    def allow(self, *, desk: bool) -> None:
        """Switch off what needs an open data file while there is none."""
        for definition in ACTIONS:
            self._actions[definition.id].setEnabled(desk or not definition.needs_desk)

    def fill(self, bar: QMenuBar) -> None:
        """Build the menu bar."""
        bar.clear()
        menus: dict[str, QMenu] = {name: bar.addMenu(_(name)) for name in MENUS}
        for definition in ACTIONS:
            menu = menus.get(definition.menu)
            if menu is None:
                continue
            if definition.gap:
                menu.addSeparator()
            menu.addAction(self._actions[definition.id])

    def each(self, use: Callable[[ActionDef, QAction], None]) -> None:
        """Call ``use`` for every action."""
        for definition in ACTIONS:
            use(definition, self._actions[definition.id])

    def _on_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.asked.emit(str(action.data()))


def shown_keys(keys: str) -> str:
    """Return a key sequence as key caps show it."""
    text = QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)
    return text.replace("Left", "←").replace("Right", "→")
