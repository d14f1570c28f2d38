"""The facts of an item, what lies behind it, and its history."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.improvement import PDCA, QUESTIONS
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label, field_label
from svcdesk.services import (
    improvement_evidence,
    improvement_standards,
    improvements,
    targets,
)
from svcdesk.services.improvement_rows import metric_name, value_text
from ui.jobs.runner import WRITE
from ui.pages.improvement.evidence import EvidenceDialog, route_of
from ui.pages.page import Route
from ui.pages.wording import DASH, Words
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, icon_button
from ui.widgets.labels import Link, label

if TYPE_CHECKING:
    from svcdesk.services.improvements import ItemDetail
    from ui.pages.page import Workplace


class ItemTab(QWidget):
    """Facts."""

    opened = Signal(object)  # Route

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._detail: ItemDetail | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        self._column.setSpacing(GAP)
        self._holder = QWidget()
        self._column.addWidget(self._holder)
        self._column.addStretch(1)

    def show_item(self, detail: ItemDetail) -> None:
        """Show an item."""
        self._column.removeWidget(self._holder)
        self._holder.hide()
        self._holder.deleteLater()
        self._holder = QWidget()
        self._column.insertWidget(0, self._holder)
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        form = QFormLayout()
        form.setSpacing(GAP)
        for name, text in self._facts(detail):
            form.addRow(label(name, "small", "2"), label(text, wrap=True, selectable=True))
        column.addLayout(form)
        self._detail = detail
        head = QHBoxLayout()
        head.addWidget(label(_("Evidence"), "strong"), 1)
        self.add_button = Button(_("Link records…"), icon="link", small=True)
        self.add_button.setToolTip(_("Tickets, complaints or answers that show the problem"))
        self.add_button.clicked.connect(self.link)
        self.add_button.setEnabled(detail.item["status"] not in {"merged", "void"})
        head.addWidget(self.add_button)
        column.addLayout(head)
        for one in detail.links:
            column.addLayout(self._link(one))
        if not detail.links:
            column.addWidget(label(_("No record is linked yet."), "small", "3"))
        if detail.item["status"] in improvement_standards.READY:
            column.addLayout(self._standard(detail))

    def _facts(self, detail: ItemDetail) -> list[tuple[str, str]]:
        item, words = detail.item, self._words

        def named(name: str) -> str:
            return field_label("improvement_item", name)

        rated = ""
        if item["impact"] and item["effort"]:
            rated = _("impact {impact} of 3, effort {effort} of 3").format(
                impact=item["impact"], effort=item["effort"]
            )
        stage = PDCA.get(item["status"], "")
        facts = [
            (_("PDCA"), _(stage) if stage else DASH),
            (named("source"), code_label("ItemSource", item["source"])),
            (named("metric"), self._metric(item)),
            (named("baseline"), self._baseline(item)),
            (named("target"), self._target(item)),
            (_("Found in"), self._occurrences(detail)),
            (named("owner"), words.person(item["owner_id"])),
            (named("dept"), words.item(item["department_id"])),
            (_("Priority"), rated),
        ]
        facts += [(_(text), item["problem"].get(q, "")) for q, text in QUESTIONS.items()]
        facts += [
            (named("containment"), item["containment"]),
            (named("root_cause"), (detail.rca or {}).get("root_cause", "")),
            (named("standardised_into"), item["standardised"]),
            (named("recognition"), item["recognition"]),
            (_("Void because"), item["void_reason"] or ""),
        ]
        return [(name, text) for name, text in facts if text and text != DASH]

    def _metric(self, item: dict[str, Any]) -> str:
        if not item["metric"]:
            return ""
        name = metric_name(item["metric"])
        if item["scope"] == targets.WHOLE_DESK:
            return name
        return f"{name} · {targets.named(self._place.desk, item['scope'])}"

    @staticmethod
    def _baseline(item: dict[str, Any]) -> str:
        if item["baseline"] is None:
            return ""
        kept = item["snapshot"].get("value")
        value = Fraction(kept) if kept is not None else Fraction(str(item["baseline"]))
        text = f"{value_text(item['metric'], value)} ({item['period'] or DASH}"
        return text + (f", n={item['baseline_n']})" if item["baseline_n"] is not None else ")")

    @staticmethod
    def _target(item: dict[str, Any]) -> str:
        if item["target"] is None:
            return ""
        told = value_text(item["metric"], Fraction(str(item["target"])))
        if item["target_date"]:
            return _("{value} by {day}").format(value=told, day=item["target_date"])
        return _("{value}, no day set").format(value=told)

    @staticmethod
    def _occurrences(detail: ItemDetail) -> str:
        metric = detail.item["metric"]
        return "  ·  ".join(
            f"{one['period']} {value_text(metric, None if one['value'] is None else Fraction(str(one['value'])))}"
            for one in detail.occurrences
        )

    def _link(self, one: dict[str, Any]) -> QHBoxLayout:
        row = QHBoxLayout()
        route = route_of(one["entity"], int(one["record_id"]))
        link = Link(one["number"])
        link.clicked.connect(lambda: self.opened.emit(route))
        row.addWidget(link)
        row.addWidget(label(one["note"], "small", "2", wrap=True), 1)
        gone = icon_button("x", _("Remove the link to {number}").format(number=one["number"]))
        gone.clicked.connect(lambda: self._unlink(int(one["id"])))
        row.addWidget(gone)
        return row

    # --- standard ------------------------------------------------------------------------

    def _standard(self, detail: ItemDetail) -> QHBoxLayout:
        """Return the article it was standardised into, or the way to one."""
        row = QHBoxLayout()
        row.addWidget(label(_("What worked becomes the standard"), "strong"), 1)
        article = improvement_standards.article_of(self._place.desk, int(detail.item["id"]))
        if article is not None:
            link = Link(article["article_no"])
            route = Route("knowledge", int(article["id"]))
            link.clicked.connect(lambda: self.opened.emit(route))
            row.addWidget(link)
            return row
        self.standard_button = Button(_("Write it as an SOP"), icon="book-open", small=True)
        self.standard_button.setToolTip(
            _("A draft in the knowledge base: problem, root cause and the measures that were done")
        )
        self.standard_button.clicked.connect(self.standardise)
        row.addWidget(self.standard_button)
        return row

    def standardise(self) -> None:
        """Write the draft of the SOP."""
        detail, desk = self._detail, self._place.desk
        if detail is None:
            return
        key = int(detail.item["id"])
        handle = self._place.runner.start(
            lambda _context: improvement_standards.standardise(desk, key), lane=WRITE, owner=self
        )
        handle.on_success(
            lambda _outcome: self._place.shell.say(_("Saved as a draft in the knowledge base"))
        ).on_failure(self._place.shell.tell)

    # --- evidence ------------------------------------------------------------------------

    def link(self) -> None:
        """Choose records and link them."""
        dialog = EvidenceDialog(self, self._place, noted=True)
        dialog.chosen.connect(self._on_chosen)
        dialog.open()

    def _on_chosen(self, records: object, note: str) -> None:
        detail, desk = self._detail, self._place.desk
        if detail is None or not isinstance(records, list):
            return
        pairs = [(entity, key) for entity, key, _number in records]
        handle = self._place.runner.start(
            lambda _context: improvement_evidence.link_records(
                desk, int(detail.item["id"]), pairs, note
            ),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(
            lambda outcome: self._place.shell.say(_("{n} records linked").format(n=outcome.value))
        ).on_failure(self._place.shell.tell)

    def _unlink(self, key: int) -> None:
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: improvements.unlink(desk, key), lane=WRITE, owner=self
        )
        handle.on_success(lambda _outcome: self._place.shell.say(_("Link removed")))
        handle.on_failure(self._place.shell.tell)


class HistoryTab(QWidget):
    """What happened to an item, the latest first."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._words = Words(place.desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        self.text = label("", wrap=True, selectable=True)
        column.addWidget(self.text)
        column.addStretch(1)

    def show_item(self, detail: ItemDetail) -> None:
        """Show the history of an item."""
        moments = sorted(self._moments(detail), reverse=True)
        self.text.setText("\n".join(f"{self._words.full_time(at)}  {text}" for at, text in moments))

    def _moments(self, detail: ItemDetail) -> list[tuple[int, str]]:
        item, words = detail.item, self._words
        found = [(item["created_at"], code_label("ItemStatus", "identified"))]
        found += [
            (one["entered_at"], _("Found again in {period}").format(period=one["period"]))
            for one in detail.occurrences[1:]
        ]
        rca = detail.rca
        if rca and rca["confirmed_at"]:
            who = words.person(rca["confirmed_by_id"])
            found.append((rca["confirmed_at"], _("Root cause confirmed by {name}: {cause}").format(
                name=who, cause=rca["root_cause"])))  # fmt: skip
        for action in detail.actions:
            for entry in action["progress"]:
                told = f"{action['action_no']}  {entry.get('percent', 0)}%  {entry.get('note', '')}"
                found.append((entry["at"], told.strip()))
        for one in detail.verifications:
            if one["verdict"] is not None:
                found.append((one["at"], _("Verdict “{verdict}” by {name} {note}").format(
                    verdict=code_label("Verdict", one["verdict"]),
                    name=words.person(one["verifier_id"]), note=one["note"]).strip()))  # fmt: skip
        found += [
            (one["done_at"], _("After {n} days: {word}").format(
                n=one["days"], word=_("holds") if one["held"] else _("came back")))
            for one in detail.rechecks if one["done_at"] is not None
        ]  # fmt: skip
        if item["closed_at"]:
            found.append((item["closed_at"], code_label("ItemStatus", "closed")))
        return found
