"""Step 2: their columns and our fields, with samples; how the file is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _, current
from svcdesk.i18n.labels import sentence
from svcdesk.services import imports
from ui.models.choices import Choice
from ui.theme.tokens import px
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField, ChoiceField, TextField
from ui.widgets.form import Field
from ui.widgets.labels import ElidedLabel, box, icon_label, label

if TYPE_CHECKING:
    from svcdesk.services.imports import Inspection, Mapping

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16")
CREATE = ("customer", "product", "user", "category", "channel", "department")
SAMPLES = 3


class MappingStep(QWidget):
    """Shows what was recognised; the user corrects it."""

    read_again = Signal(object)  # Mapping
    check_wanted = Signal(object)  # Mapping
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._inspection: Inspection | None = None
        self._editors: dict[str, ChoiceField] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        self._refusal = QVBoxLayout()
        column.addLayout(self._refusal)
        column.addWidget(self._build_reading())
        self._table_card = box("card")
        self._table = QGridLayout(self._table_card)
        self._table.setContentsMargins(16, 12, 16, 12)
        self._table.setHorizontalSpacing(14)
        self._table.setVerticalSpacing(5)
        self._table.setColumnStretch(1, 3)
        column.addWidget(self._table_card)
        column.addStretch(1)
        area.setWidget(inner)
        outer.addWidget(area, 1)
        outer.addWidget(self._build_bottom())

    def _build_reading(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        self._file = label("", "strong")
        column.addWidget(self._file)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._encoding = ChoiceField(
            [Choice(name, name.upper()) for name in ENCODINGS], _("found by itself")
        )
        self._sheet = ChoiceField([], _("first with data"))
        self._header = TextField(_("found by itself"), 4)
        orders = (
            ("ymd", _("year-month-day")),
            ("dmy", _("day-month-year")),
            ("mdy", _("month-day-year")),
        )
        self._dates = ChoiceField([Choice(key, text) for key, text in orders], _("found by itself"))
        row.addWidget(Field("encoding", _("Encoding"), self._encoding))
        row.addWidget(Field("sheet", _("Sheet"), self._sheet))
        row.addWidget(Field("header_row", _("Header row"), self._header))
        row.addWidget(Field("dates", _("Order of dates"), self._dates))
        again = Button(_("Read again"), icon="refresh-cw")
        again.clicked.connect(self._on_again)
        row.addWidget(again, alignment=Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        column.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(14)
        self._good = CheckField(_("Import good rows even when others are wrong"))
        row.addWidget(self._good)
        row.addStretch(1)
        column.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(label(_("Add unknown names to the lists:"), "small", "2"))
        names = (
            _("Customers"),
            _("Products"),
            _("People"),
            _("Categories"),
            _("Channels"),
            _("Departments"),
        )
        self._create = {}
        for key, name in zip(CREATE, names, strict=True):
            check = CheckField(name)
            self._create[key] = check
            row.addWidget(check)
        row.addStretch(1)
        column.addLayout(row)
        return card

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        row = QHBoxLayout(bottom)
        row.setContentsMargins(14, 8, 14, 8)
        load = Button(_("Load mapping…"), kind=Kind.QUIET, icon="folder-open")
        load.clicked.connect(self._on_load)
        keep = Button(_("Save mapping…"), kind=Kind.QUIET, icon="save")
        keep.clicked.connect(self._on_keep)
        back = Button(_("Back"))
        back.clicked.connect(self.back_wanted)
        check = Button(_("Check rows"), kind=Kind.MAIN, icon="arrow-right")
        check.clicked.connect(self._on_check)
        row.addWidget(load)
        row.addWidget(keep)
        row.addStretch(1)
        row.addWidget(back)
        row.addWidget(check)
        return bottom

    # --- showing -------------------------------------------------------------------------

    def show_inspection(self, inspection: Inspection) -> None:
        """Show a file."""
        self._inspection = inspection
        source, mapping = inspection.source, inspection.mapping
        found = " · ".join(part for part in (source.encoding, source.sheet) if part)
        text = _("{file}: {kind}").format(file=source.path.name, kind=_(inspection.kind.label))
        self._file.setText(f"{text} ({found})" if found else text)
        self._encoding.set_value(mapping.encoding or None)
        self._sheet.set_choices([Choice(name, name) for name in source.sheets])
        self._sheet.set_value(mapping.sheet or None)
        self._header.set_value(mapping.header_row or None)
        self._dates.set_value(mapping.dates or None)
        self._good.set_value(mapping.only_good_rows)
        for key, check in self._create.items():
            check.set_value(key in mapping.create)
        while (item := self._refusal.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if inspection.refusal is not None:
            words = sentence(inspection.refusal.text, inspection.refusal.values)
            self._refusal.addWidget(Banner("danger", "circle-alert", words))
        self._show_columns(inspection)

    def _show_columns(self, inspection: Inspection) -> None:
        while (item := self._table.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._editors.clear()
        for column, text in enumerate((_("Their column"), _("First values"), "", _("Our field"))):
            self._table.addWidget(label(text, "smallstrong", "2"), 0, column)
        t = current()
        fields = [
            Choice(field.name, inspection.kind.header(field, t) + (" *" if field.required else ""))
            for field in inspection.kind.fields
        ]
        for place, name in enumerate(inspection.source.names):
            if not name:
                continue
            row = place + 1
            chosen = inspection.mapping.columns.get(name, ())
            samples = [
                str(r[1][place])
                for r in inspection.rows[:SAMPLES]
                if place < len(r[1]) and r[1][place] not in (None, "")
            ]
            editor = ChoiceField(fields, _("leave out"))
            editor.setMinimumWidth(px(220))
            editor.set_value(chosen[0] if chosen else None)
            self._editors[name] = editor
            self._table.addWidget(label(name), row, 0)
            self._table.addWidget(ElidedLabel("  ·  ".join(samples), "small", "2"), row, 1)
            self._table.addWidget(icon_label("arrow-right", "text-3", 15), row, 2)
            self._table.addWidget(editor, row, 3)

    # --- reading -------------------------------------------------------------------------

    def mapping(self) -> Mapping | None:
        """Return the mapping as it stands on the screen."""
        inspection = self._inspection
        if inspection is None:
            return None
        columns: dict[str, tuple[str, ...]] = {}
        for name, editor in self._editors.items():
            before = inspection.mapping.columns.get(name, ())
            value = editor.value()
            if value is None:
                columns[name] = ()
            else:
                columns[name] = before if before and before[0] == value else (str(value),)
        return replace(self._reading(inspection.mapping), columns=columns)

    def _reading(self, mapping: Mapping) -> Mapping:
        header = self._header.value() or ""
        return replace(
            mapping,
            encoding=self._encoding.value() or "",
            sheet=self._sheet.value() or "",
            header_row=int(header) if header.isdigit() else 0,
            dates=self._dates.value() or "",
            only_good_rows=self._good.value(),
            create=frozenset(key for key, check in self._create.items() if check.value()),
        )

    def _on_again(self) -> None:
        if self._inspection is not None:
            mapping = replace(self._reading(self._inspection.mapping), columns={})
            self.read_again.emit(mapping)

    def _on_check(self) -> None:
        mapping = self.mapping()
        if mapping is not None:
            self.check_wanted.emit(mapping)

    def _on_load(self) -> None:
        dialog = QFileDialog(self, _("Load mapping"), "", "TOML (*.toml)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._load)
        dialog.open()

    def _load(self, name: str) -> None:
        if self._inspection is not None:
            self.read_again.emit(imports.load_mapping(Path(name), self._inspection.kind.code))

    def _on_keep(self) -> None:
        dialog = QFileDialog(self, _("Save mapping"), "mapping.toml", "TOML (*.toml)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.fileSelected.connect(self._keep)
        dialog.open()

    def _keep(self, name: str) -> None:
        mapping = self.mapping()
        if mapping is not None:
            imports.save_mapping(mapping, Path(name))
