"""Words of customers, products, orders, quality checks and articles (``domain.md 2.1`` to ``2.11``)."""

from __future__ import annotations

from enum import StrEnum


class CustomerKind(StrEnum):
    """A person (masked outside the detail view) or an organisation (not personal data)."""

    PERSON = "person"
    COMPANY = "company"


class Tier(StrEnum):
    """Key or regular customer."""

    KEY = "key"
    NORMAL = "normal"


class TierReason(StrEnum):
    """Why a customer is in his tier."""

    TOP_SPEND = "top_spend"
    SPEND_AMOUNT = "spend_amount"
    COMPLAINED = "complained"
    HIGH_UNIT_PRICE = "high_unit_price"
    FIRST_COMPLAINT = "first_complaint"
    MANUAL = "manual"


class Platform(StrEnum):
    """Where an order was placed."""

    TMALL = "tmall"
    JD = "jd"
    DOUYIN = "douyin"
    OWN = "own"
    STORE = "store"
    OTHER = "other"


class ArticleStatus(StrEnum):
    """Life of a knowledge article."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class QualityItem(StrEnum):
    """Line of a quality check."""

    CLOTHING = "clothing"
    SCRIPT = "script"
    PROCESS = "process"
    CREDENTIALS = "credentials"
    RECORDS = "records"
    PRIVACY = "privacy"


class QualityResult(StrEnum):
    """Result of one line; ``na`` leaves the score."""

    PASS = "pass"  # noqa: S105 - a check result, not a password
    FAIL = "fail"
    NA = "na"
