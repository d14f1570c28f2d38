"""One complaint as a sheet on paper (受理单); masked unless a supervisor says what for (2.18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain.masking import mask_name, mask_phone, mask_text
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, Translator
from svcdesk.i18n.labels import code_label, field_label
from svcdesk.i18n.list_labels import LIST_LABELS
from svcdesk.reports.model import (
    Block,
    Column,
    Heading,
    Paragraph,
    ReportData,
    Section,
    Table,
)
from svcdesk.services.complaint_detail import ComplaintDetail, get
from svcdesk.store import exports as store
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

UNMASKED = N_("UNMASKED – {name}, {at}: {purpose}")
SIGNATURES = (N_("Handled by"), N_("Responsible department"), N_("Supervisor"), N_("Complainant"))
SIGNED = "\n\n"  # room to write by hand
_EVENTS_LEFT_OUT = frozenset({"field_changed"})  # the sheet tells what happened, not every edit


@dataclass(frozen=True)
class Grid:
    """A table with a heading; ``shares`` of the width by column; empty ones are left out."""

    title: str
    header: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PrintRequest:
    """What is to be printed; ``purpose`` says what unmasked data are needed for."""

    complaint_id: int
    unmask: bool = False
    purpose: str = ""


def write(desk: Desk, request: PrintRequest, path: Path, t: Translator, context: JobContext) -> int:
    """Write the sheet of a complaint to a PDF and return its number of pages; it is audited."""
    from svcdesk.reports.pdf import document

    desk.require(Permission.EXPORT)
    purpose = request.purpose.strip()
    if request.unmask:
        desk.require(Permission.UNMASK)
        if not purpose:
            text = N_("An unmasked export needs its purpose; say what it is for.")
            raise ProblemsError([Problem("purpose", "required", text)])
    detail = get(desk, request.complaint_id)
    maker = _Maker(desk, detail, t, masked=not request.unmask, purpose=purpose)
    pages = document.write(maker.sheet(), path, context, cover=False)
    number = str(detail.complaint["complaint_no"])
    with desk.write(N_("Print {list}"), kind="system", list=number) as uow:
        action = "export_unmasked" if request.unmask else "print"
        store.audit(uow, action, {"kind": "complaint", "number": number, "rows": 1,
                                  "file": path.name, "purpose": purpose})  # fmt: skip
    return pages


class _Maker:
    """Puts a complaint into words in the language of the sheet."""

    def __init__(
        self, desk: Desk, detail: ComplaintDetail, t: Translator, *, masked: bool, purpose: str
    ) -> None:
        self._desk, self._detail, self._t = desk, detail, t
        self._masked, self._purpose = masked, purpose
        customer = detail.customer
        self._name = str(customer["name"])
        company = customer["kind"] == "company"
        self._shown = mask_name(self._name, organisation=company) if masked else self._name

    # --- words ---------------------------------------------------------------------------

    def _time(self, stamp: int | None) -> str:
        if stamp is None:
            return ""
        return datetime.fromtimestamp(stamp, self._desk.zone).strftime("%Y-%m-%d %H:%M")

    def _text(self, text: Any) -> str:
        """Return running text without the complainant's name and number."""
        words = str(text or "")
        if not self._masked:
            return words
        if len(self._name) > 1:
            words = words.replace(self._name, self._shown)
        return mask_text(words)

    def _person(self, key: int | None) -> str:
        found = self._desk.reference.people.get(key) if key is not None else None
        return found.name if found else ""

    def _item(self, key: int | None) -> str:
        """Return the name of a list entry; built-in ones by their names of the language."""
        item = self._desk.reference.items.get(key) if key is not None else None
        if item is None:
            return ""
        known = LIST_LABELS.get(item.list, {}).get(item.code or "")
        return self._t(known) if known and self._t.language != "zh_CN" else item.name

    def _code(self, kind: str, code: Any) -> str:
        return code_label(kind, str(code), self._t) if code else ""

    def _label(self, name: str) -> str:
        return field_label("complaint", name, self._t)

    def _yuan(self, fen: int | None) -> str:
        return "" if fen is None else f"¥{fen / 100:,.2f}"

    # --- parts ---------------------------------------------------------------------------

    def sheet(self) -> ReportData:
        """Return the whole sheet; one with unmasked data says so at the head of every page."""
        desk, t, complaint = self._desk, self._t, self._detail.complaint
        at, number = self._time(desk.clock.now()), str(complaint["complaint_no"])
        told = t(N_("printed {at} by {name}")).format(at=at, name=desk.actor.name)
        if not self._masked:
            told = t(UNMASKED).format(name=desk.actor.name, at=at, purpose=self._purpose)
        settings = desk.reference.settings
        title = " ".join((t(N_("Complaint sheet")), number))
        return ReportData(
            t.language, settings["organisation"], title, "", told, settings["confidentiality"],
            at, "", "", "", at[:10], sections=[Section("complaint", title, "", self._blocks())],
            stamp=desk.clock.now(),
        )  # fmt: skip

    def _blocks(self) -> list[Block]:
        found: list[Block] = [self._pairs()]
        for name, words in self._texts():
            if words.strip():
                found += [Heading(name, 3), Paragraph(words)]
        for grid in (self._limits(), self._departments(), self._cases(), self._extensions(),
                     self._history()):  # fmt: skip
            if grid.rows:
                whole = sum(grid.shares)
                columns = tuple(
                    Column(name, share=share / whole)
                    for name, share in zip(grid.header, grid.shares, strict=True)
                )
                found += [Heading(grid.title, 3), Table("", columns, grid.rows, wrap=True)]
        return [*found, *self._signatures()]

    def _pairs(self) -> Table:
        """Return the facts, two a line."""
        listed = [(name, value) for name, value in self._facts() if value]
        if len(listed) % 2:
            listed.append(("", ""))
        columns = (Column("", share=0.16, names=True), Column("", share=0.34),
                   Column("", share=0.16, names=True), Column("", share=0.34))  # fmt: skip
        rows = tuple((*left, *right) for left, right in zip(listed[::2], listed[1::2], strict=True))
        return Table("", columns, rows, wrap=True)

    def _signatures(self) -> list[Block]:
        t = self._t
        columns = (Column(t(N_("Signed by")), share=0.3, names=True),
                   Column(t(N_("Signature")), share=0.45), Column(t(N_("Date")), share=0.25))  # fmt: skip
        rows = tuple((t(role), SIGNED, "") for role in SIGNATURES)
        return [Heading(t(N_("Signatures")), 3), Table("", columns, rows, wrap=True)]

    def _facts(self) -> list[tuple[str, str]]:
        complaint, detail = self._detail.complaint, self._detail
        phones = detail.customer["phones"] or [""]
        phone = mask_phone(phones[0]) if self._masked and phones[0] else phones[0]
        behalf = str(complaint["on_behalf"] or "")
        category = " / ".join(
            p for p in (self._item(complaint["category_id"]), self._item(complaint["category_sub_id"]))
            if p
        )  # fmt: skip
        tags = self._t(", ").join(self._item(key) for key in complaint["pain_tags"])
        department = " ".join(
            p for p in (self._item(complaint["resp_dept_id"]), self._person(complaint["resp_person_id"]))
            if p
        )  # fmt: skip
        remedies = self._t(", ").join(self._code("Remedy", code) for code in complaint["remedy"])
        told = " ".join(
            p for p in (self._time(complaint["told_at"]), self._item(complaint["told_channel_id"])) if p
        )  # fmt: skip
        listed: list[tuple[str, str]] = [
            ("received_at", self._time(complaint["received_at"])),
            ("channel", self._item(complaint["channel_id"])),
            ("customer", " ".join(p for p in (self._shown, phone) if p)),
            ("on_behalf", mask_name(behalf) if self._masked and behalf else behalf),
            ("product", str(detail.product["name"]) if detail.product else ""),
            ("serial_no", str(complaint["serial_no"] or "")),
            ("order", str(complaint["order_no"] or "")),
            ("tickets", self._t(", ").join(str(row["number"]) for row in detail.tickets)),
            ("category_l1", category),
            ("severity", self._code("Severity", complaint["severity"])),
            ("region", str(complaint["region"] or "")),
            ("pain_tags", tags),
            ("demand", self._code("Demand", complaint["demand"])),
            ("demand_amount", self._yuan(complaint["demand_amount"])),
            ("resp_dept", department),
            ("handler", self._person(complaint["handler_id"])),
            ("status", self._code("ComplaintStatus", complaint["status"])),
            ("liability", self._code("Liability", complaint["liability"])),
            ("remedy", remedies),
            ("compensation", self._yuan(complaint["compensation"])),
            ("told_at", told),
            ("escalated_to", self._code("EscalationLevel", complaint["escalated_to"])),
        ]
        return [(self._label(name), value) for name, value in listed]

    def _texts(self) -> list[tuple[str, str]]:
        complaint = self._detail.complaint
        names = ("description", "cause", "answer", "withdraw_evidence", "reject_reason",
                 "overdue_plan")  # fmt: skip
        return [(self._label(name), self._text(complaint[name])) for name in names]

    def _limits(self) -> Grid:
        t, rows = self._t, []
        for term in self._detail.terms:
            met = {True: t("met"), False: t("missed"), None: t("open")}[term.met]
            rows.append((self._code("TermKind", term.kind), self._time(term.due_at),
                         self._time(term.done_at), met))  # fmt: skip
        header = (t("Limit"), t("Due"), t("Done"), t("Result"))
        return Grid(t("Limits"), header, (3, 3, 3, 2), tuple(rows))

    def _departments(self) -> Grid:
        t, main = self._t, self._detail.complaint["resp_dept_id"]
        rows = []
        for row in self._detail.departments:
            name = self._item(row["department_id"])
            if row["department_id"] == main:
                name = t("{department} (main)").format(department=name)
            who = " ".join(p for p in (name, self._person(row["person_id"])) if p)
            answer = self._text(row["answer"])
            if row["answered_at"] is not None:
                answer = f"{answer} ({self._time(row['answered_at'])})"
            rows.append((who, self._text(row["task"]), self._time(row["due_at"]), answer))
        header = (t("Department"), t("What is to be done"), t("By when"), t("Answer"))
        return Grid(t("Departments and measures"), header, (2.2, 3.4, 2.1, 4), tuple(rows))

    def _cases(self) -> Grid:
        t = self._t
        rows = tuple(
            (self._code("CaseBody", row["body"]), str(row["case_no"]), self._time(row["due_at"]),
             self._text(row["outcome"]) or (self._time(row["closed_at"])))
            for row in self._detail.cases
        )  # fmt: skip
        header = (t("Authority or platform"), t("Case no."), t("Due"), t("Result there"))
        return Grid(t("External cases"), header, (2.5, 3, 2.2, 4), rows)

    def _extensions(self) -> Grid:
        t = self._t
        rows = tuple(
            (self._time(row["old_due_at"]), self._time(row["new_due_at"]),
             self._person(row["granted_by_id"]), self._text(row["reason"]))
            for row in self._detail.extensions
        )  # fmt: skip
        header = (t("Old deadline"), t("New deadline"), t("Granted by"), t("Reason"))
        return Grid(t("Extensions"), header, (2.2, 2.2, 2, 5), rows)

    def _history(self) -> Grid:
        t, rows = self._t, []
        for event in self._detail.events:
            if event["type"] in _EVENTS_LEFT_OUT:
                continue
            kind, name = "ComplaintEventType", str(event["type"])
            if name == "note" and event["name"]:
                kind, name = "ComplaintNote", str(event["name"])
            text = "" if name == "severity_taken" else self._text(event["text"])
            department = self._item(event["department_id"])
            more = " ".join(p for p in (f"→ {department}" if department else "", text) if p)
            rows.append((self._time(event["at"]), self._person(event["actor_id"]),
                         self._code(kind, name), more))  # fmt: skip
        header = (t("Time"), t("Acting person"), t("What happened"), t("Text"))
        return Grid(t("History"), header, (2.3, 1.7, 2.6, 5), tuple(rows))
