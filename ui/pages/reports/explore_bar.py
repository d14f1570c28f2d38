"""What the trend explorer shows: metric, dimension, form, how many months."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.i18n.catalog import _, current, pgettext
from svcdesk.services import sheet_trend
from svcdesk.services.sheet_trend import COLUMNS, LINE, SPANS, Explore
from ui.models.choices import Choice
from ui.widgets.button import Button, Segments
from ui.widgets.chips import ChoicePopup
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label


def _named(text: str, widget: QWidget) -> QWidget:
    """Return a widget behind its name, on one line whatever wraps."""
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(label(text, "small", "2"))
    row.addWidget(widget)
    widget.setAccessibleName(text)
    return group


class ExploreBar(QWidget):
    """Chooses an :class:`~svcdesk.services.sheet_trend.Explore`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.explore = Explore()
        row = FlowLayout(self, gap=12)
        self.which = Button("", icon="chart-column", arrow=True)
        self.which.clicked.connect(self._choose_metric)
        self.by = Button("", arrow=True)
        self.by.clicked.connect(self._choose_by)
        self.form = Segments([(LINE, _("Line")), (COLUMNS, pgettext("chart", "Columns"))])
        self.form.changed.connect(self._on_form)
        self.months = Segments([(str(n), _("{n} months").format(n=n)) for n in SPANS])
        self.months.changed.connect(self._on_months)
        row.addWidget(_named(_("Metric"), self.which))
        row.addWidget(_named(_("By"), self.by))
        row.addWidget(self.form)
        row.addWidget(self.months)
        self._popup: ChoicePopup | None = None
        self._show()

    def save_state(self) -> dict[str, Any]:
        """Return what is explored."""
        found = self.explore
        return {"metric": found.metric, "by": found.by, "form": found.form, "months": found.months}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Explore what was explored; a metric that is gone is left."""
        if state.get("metric") in BY_ID:
            self.explore = Explore(**state)
            self._show()

    def _show(self) -> None:
        found, t = self.explore, current()
        names = dict(sheet_trend.metrics_offered(t))
        self.which.set_text(names[found.metric])
        dimensions = dict(sheet_trend.dimensions_offered(t, found.metric))
        self.by.set_text(dimensions.get(found.by, _("nothing")))
        self.form.set_value(found.form)
        self.months.set_value(str(found.months))
        self.updateGeometry()

    def take(self, **changed: Any) -> None:
        """Explore something else; a dimension that the metric has not is dropped."""
        values = {**self.save_state(), **changed}
        offered = dict(sheet_trend.dimensions_offered(current(), values["metric"]))
        if values["by"] not in offered:
            values["by"] = ""
        self.explore = Explore(**values)
        self._show()
        self.changed.emit()

    def _choose_metric(self) -> None:
        offered = sheet_trend.metrics_offered(current())
        self._offer(self.which, offered, self.explore.metric, "metric")

    def _choose_by(self) -> None:
        offered = sheet_trend.dimensions_offered(current(), self.explore.metric)
        self._offer(self.by, [("", _("nothing")), *offered], self.explore.by, "by")

    def _offer(
        self, under: Button, offered: list[tuple[str, str]], chosen: str, what: str
    ) -> None:  # fmt: skip
        popup = ChoicePopup([Choice(key, name) for key, name in offered], (chosen,), many=False)
        popup.changed.connect(lambda keys: self.take(**{what: keys[0]}))
        popup.destroyed.connect(self._on_closed)
        self._popup = popup
        popup.open_under(under)

    def _on_closed(self) -> None:
        self._popup = None

    def _on_form(self, _number: int) -> None:
        self.take(form=self.form.value())

    def _on_months(self, _number: int) -> None:
        self.take(months=int(self.months.value()))
