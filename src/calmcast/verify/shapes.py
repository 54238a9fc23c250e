"""What `--json` says of a track that was looked at: field by field a public contract."""

from dataclasses import dataclass

from calmcast.units import seconds
from calmcast.verify.findings import Finding, Severity
from calmcast.verify.verify import Verified


@dataclass(frozen=True, slots=True)
class FindingShape:
    """One thing that was looked at; `at_s` is null where it has no place."""

    name: str
    severity: Severity
    expected: str
    found: str
    at_s: float | None


@dataclass(frozen=True, slots=True)
class VerifiedShape:
    """A track."""

    path: str
    ok: bool
    samples: int
    findings: tuple[FindingShape, ...]


def verified_shape(verified: Verified) -> VerifiedShape:
    """Return a track that was looked at, for machines."""
    findings = tuple(map(_finding, verified.findings))
    return VerifiedShape(str(verified.track), not verified.faults, verified.manifest.samples, findings)


def _finding(finding: Finding) -> FindingShape:
    at_s = None if finding.at is None else round(seconds(finding.at), 3)
    return FindingShape(finding.name, finding.severity, finding.expected, finding.found, at_s)
