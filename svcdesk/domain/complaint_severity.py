"""The severity that the rules propose for a complaint, each reason with its evidence (2.7, 4.1)."""

from __future__ import annotations

from dataclasses import dataclass

from svcdesk.domain.complaint import Severity
from svcdesk.domain.detection import MAJOR_DEMAND_FEN, major_reasons

SAFETY_WORDS = ("起火", "着火", "冒烟", "漏电", "触电", "爆炸", "鼓包", "受伤", "烫伤", "燃气泄漏",
                "漏气", "短路")  # fmt: skip
LEGAL_WORDS = ("律师函", "律师", "起诉", "法院", "诉讼")
RANK = {Severity.NORMAL: 0, Severity.MAJOR: 1, Severity.URGENT: 2}
CLOSED = frozenset({"closed", "withdrawn", "rejected", "merged"})


@dataclass(frozen=True)
class Reason:
    """Why a severity is proposed; ``evidence``: the words found, the chain number, the amount."""

    code: str
    evidence: str = ""


@dataclass(frozen=True)
class Proposal:
    """What the rules propose, with every reason."""

    severity: Severity
    reasons: tuple[Reason, ...] = ()

    @property
    def codes(self) -> list[str]:
        """The codes of the reasons."""
        return [reason.code for reason in self.reasons]

    def exceeds(self, severity: str, known: list[str]) -> bool:
        """Tell whether it asks for more than ``severity`` for a reason that was not ``known``."""
        higher = RANK[self.severity] > RANK[Severity(severity)]
        return higher and bool(set(self.codes) - set(known))


def found_words(text: str, words: tuple[str, ...]) -> list[str]:
    """Return the words that occur in a text, none that a longer one found contains."""
    found = [word for word in words if word in text]
    return [word for word in found if not any(word != o and word in o for o in found)]


@dataclass(frozen=True)
class SeverityFacts:
    """What the rules look at; amounts in fen, ``group`` the number of the group it is in."""

    text: str = ""
    in_group: bool = False
    group: str = ""
    exposure: bool = False
    demand: int | None = None
    major_demand: int = MAJOR_DEMAND_FEN
    key_customer: bool = False
    chain: int = 1


def propose(facts: SeverityFacts) -> Proposal:
    """Propose a severity; normal without reasons."""
    safety, legal = found_words(facts.text, SAFETY_WORDS), found_words(facts.text, LEGAL_WORDS)
    large = facts.demand is not None and facts.demand >= facts.major_demand
    codes = major_reasons(
        safety=bool(safety), in_group=facts.in_group, exposure=facts.exposure,
        legal_letter=bool(legal), demand_fen=MAJOR_DEMAND_FEN if large else None,
        key_customer=facts.key_customer, chain=facts.chain,
    )  # fmt: skip
    evidence = {
        "safety": "、".join(safety), "legal": "、".join(legal), "group": facts.group,
        "amount": f"¥{(facts.demand or 0) / 100:,.2f}", "chain": str(facts.chain),
    }  # fmt: skip
    reasons = tuple(Reason(code, evidence.get(code, "")) for code in codes)
    return Proposal(Severity.MAJOR if reasons else Severity.NORMAL, reasons)
