"""What looks wrong or open in a document: a code, a place, and a plain sentence for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracker.notices.reading.lines import NOWHERE, Place


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look at. `stops` is set where an import cannot go on."""

    code: str
    message: str
    place: Place = NOWHERE
    list: int | None = None
    no: str | None = None
    column: str | None = None
    stops: bool = False

    def as_json(self) -> dict[str, Any]:
        place: dict[str, Any] = self.place.as_json() if self.place != NOWHERE else {}
        if self.column:
            place["column"] = self.column
        return {
            "code": self.code,
            "list": self.list,
            "no": self.no,
            "place": place,
            "message": self.message,
        }

    @property
    def where(self) -> str:
        """The place in words, as shown beside the sentence."""
        parts = [
            str(self.place),
            f"序号{self.no}" if self.no else "",
            self.column or "",
        ]
        return " ".join(part for part in parts if part)
