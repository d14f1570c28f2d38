"""Words of the improvement loop and of reports (``domain.md 2.12``, ``2.17``)."""

from __future__ import annotations

from enum import StrEnum

from svcdesk.i18n.catalog import N_


class ItemStatus(StrEnum):
    """Where an improvement item stands."""

    IDENTIFIED = "identified"
    ANALYZING = "analyzing"
    PLANNED = "planned"
    EXECUTING = "executing"
    VERIFYING = "verifying"
    CLOSED = "closed"
    VOID = "void"
    MERGED = "merged"


PDCA = {  # printed on the page of an item (2.12)
    ItemStatus.IDENTIFIED: N_("P plan"), ItemStatus.ANALYZING: N_("P plan"),
    ItemStatus.PLANNED: N_("P plan"), ItemStatus.EXECUTING: N_("D do"),
    ItemStatus.VERIFYING: N_("C check"), ItemStatus.CLOSED: N_("A act: standardise"),
}  # fmt: skip
QUESTIONS = {  # 5W2H of a problem
    "what": N_("What happens?"), "when": N_("When?"), "where": N_("Where?"),
    "who": N_("Who is affected?"), "why": N_("Why does it matter?"),
    "how": N_("How was it found?"), "how_many": N_("How many?"),
}  # fmt: skip


class ItemSource(StrEnum):
    """What raised an improvement item."""

    THRESHOLD = "threshold"
    REPEAT = "repeat"
    GROUP = "group"
    EXPOSURE = "exposure"
    PARETO = "pareto"
    QUALITY = "quality"
    MANUAL = "manual"
    SUGGESTION = "suggestion"


class EventKind(StrEnum):
    """What a key event is: what may move a figure, or was meant to."""

    CHANGE = "change"  # of the way things are done
    PILOT = "pilot"
    PROMOTION = "promotion"
    SYSTEM = "system"
    PRODUCT = "product"
    COMPLAINTS = "complaints"
    OTHER = "other"


class ItemScope(StrEnum):
    """What part of the desk an item speaks about."""

    ALL = "all"
    DEPARTMENT = "department"
    PRODUCT = "product"
    PERSON = "person"


class ActionState(StrEnum):
    """Where an action stands; overdue is derived, not a state."""

    TODO = "todo"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE = "done"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


class ActionKind(StrEnum):
    """Corrective, preventive or containment."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"
    INTERIM = "interim"


class RcaMethod(StrEnum):
    """How the root cause was found."""

    FIVE_WHY = "five_why"
    FISHBONE = "fishbone"
    BOTH = "both"


class Bone(StrEnum):
    """Bones of the fishbone: 5M1E, and those of services (``causes.BONES``)."""

    MAN = "man"
    MACHINE = "machine"
    MATERIAL = "material"
    METHOD = "method"
    ENVIRONMENT = "environment"
    MEASUREMENT = "measurement"
    SURROUNDINGS = "surroundings"
    SUPPLIERS = "suppliers"
    SYSTEMS = "systems"
    SKILLS = "skills"
    PROCEDURES = "procedures"


class Likelihood(StrEnum):
    """How likely a cause is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Verdict(StrEnum):
    """Outcome of the effectiveness check (3.8)."""

    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    WATCHING = "watching"


class ReportKind(StrEnum):
    """The four reports."""

    MONTHLY = "monthly"
    COMPLAINTS = "complaints"
    QUARTERLY = "quarterly"
    HALF_YEAR = "half_year"


class ReportStatus(StrEnum):
    """Life of a report."""

    DRAFT = "draft"
    GENERATED = "generated"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
