"""Which pages there are; each is imported when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.services.desk import Desk
    from ui.pages.page import Page, Workplace


def _tickets(place: Workplace) -> Page:
    from ui.pages.tickets.page import TicketsPage

    return TicketsPage(place)


def _complaints(place: Workplace) -> Page:
    from ui.pages.complaints.page import ComplaintsPage

    return ComplaintsPage(place)


def _callbacks(place: Workplace) -> Page:
    from ui.pages.callbacks.page import CallbacksPage

    return CallbacksPage(place)


def _surveys(place: Workplace) -> Page:
    from ui.pages.surveys.page import SurveysPage

    return SurveysPage(place)


def _quality(place: Workplace) -> Page:
    from ui.pages.quality.page import QualityPage

    return QualityPage(place)


def _customers(place: Workplace) -> Page:
    from ui.pages.customers.page import CustomersPage

    return CustomersPage(place)


def _knowledge(place: Workplace) -> Page:
    from ui.pages.knowledge.page import KnowledgePage

    return KnowledgePage(place)


def _reports(place: Workplace) -> Page:
    from ui.pages.reports.page import ReportsPage

    return ReportsPage(place)


def _documents(place: Workplace) -> Page:
    from ui.pages.documents.page import DocumentsPage

    return DocumentsPage(place)


def _improvement(place: Workplace) -> Page:
    from ui.pages.improvement.page import ImprovementPage

    return ImprovementPage(place)


def _imports(place: Workplace) -> Page:
    from ui.pages.imports.page import ImportPage

    return ImportPage(place)


def _settings(place: Workplace) -> Page:
    from ui.pages.settings.page import SettingsPage

    return SettingsPage(place)


def _today(place: Workplace) -> Page:
    from ui.pages.today.page import TodayPage

    return TodayPage(place)


PAGES: dict[str, Callable[[Workplace], Page]] = {
    "today": _today,
    "tickets": _tickets,
    "complaints": _complaints,
    "callbacks": _callbacks,
    "surveys": _surveys,
    "quality": _quality,
    "customers": _customers,
    "knowledge": _knowledge,
    "reports": _reports,
    "documents": _documents,
    "improvement": _improvement,
    "import": _imports,
    "settings": _settings,
}


def open_counts(desk: Desk) -> dict[str, int]:
    """Return how many records are open, per page of the rail."""
    from svcdesk.services import queries
    from svcdesk.services.queries import Op, Query

    return {
        page: queries.count(desk, Query(entity).where("status", Op.OPEN))
        for page, entity in (
            ("tickets", "ticket"),
            ("complaints", "complaint"),
            ("callbacks", "callback"),
        )
    }
