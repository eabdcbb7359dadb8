"""Whoever an act on an urge concerns is told through the outbox, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.delivery.outbox import post
from tracker.delivery.queries import addressees
from tracker.papers.urge_letters import bulletin_letter, to_office, to_unit
from tracker.permissions import OFFICE_SIDE, UNIT_SIDE
from tracker.supervision import queries
from tracker.supervision.models import Bulletin, Urge
from tracker.supervision.reaching import NOBODY, hard_to_reach
from tracker.tasks.moving import By
from tracker.web import site


def tell_unit(urge: Urge, by: By) -> None:
    """The unit's filers and signers: it was sent, or withdrawn."""
    link = f"/urges/{urge.id}"
    letter = to_unit(urge, queries.covered(urge.id), link=link, site=site.in_letters())
    ways = addressees([urge.unit_id], roles=UNIT_SIDE).by_unit[urge.unit_id]
    post(letter, to=ways, day=by.day, about=f"urge:{urge.id}:{urge.state}", at=by.at)


def untold(urges: Sequence[Urge]) -> str:
    """What the office still has to do itself: nobody reads the letters to these units."""
    hard = hard_to_reach({urge.unit_id for urge in urges}, roles=UNIT_SIDE)
    names = [urge.unit_name for urge in urges if hard.get(urge.unit_id) == NOBODY]
    if not names:
        return ""
    return f"{'、'.join(names)}没有可联系人员，请打开催办单生成公文（Word），另行送达。"


def tell_office(urge: Urge, by: By) -> None:
    """The office: the unit acknowledged or answered."""
    link = f"/urges/{urge.id}"
    letter = to_office(urge, queries.covered(urge.id), link=link, site=site.in_letters())
    ways = addressees([urge.office_id], roles=OFFICE_SIDE).by_unit[urge.office_id]
    post(letter, to=ways, day=by.day, about=f"urge:{urge.id}:{urge.state}", at=by.at)


def tell_named(bulletin: Bulletin, by: By) -> None:
    """Every unit that an issued bulletin names."""
    lines = queries.bulletin_lines(bulletin.id)
    named = {line.unit_id for line in lines if line.is_named}
    ways = addressees(sorted(named), roles=UNIT_SIDE).by_unit
    everyone = [one for unit_id in sorted(named) for one in ways[unit_id]]
    link = f"/bulletins/{bulletin.id}"
    letter = bulletin_letter(bulletin, lines, link=link, site=site.in_letters())
    post(letter, to=everyone, day=by.day, about=f"issued-bulletin:{bulletin.id}", at=by.at)
