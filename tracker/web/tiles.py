"""The 21 cities as tiles, roughly where they lie: a sketch and no map."""

from __future__ import annotations

from collections.abc import Sequence

NOWHERE = ""
# Codes of cities, row by row from the north; nothing stands at NOWHERE.
ROWS: Sequence[Sequence[str]] = (
    (NOWHERE, NOWHERE, NOWHERE, "4418", "4402", "4416", "4414", "4451"),
    (NOWHERE, NOWHERE, "4412", "4406", "4401", "4413", "4452", "4405"),
    (NOWHERE, "4453", "4407", "4420", "4419", "4403", "4415", NOWHERE),
    ("4408", "4409", "4417", "4404", NOWHERE, NOWHERE, NOWHERE, NOWHERE),
)
