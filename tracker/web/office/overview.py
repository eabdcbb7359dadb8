"""The draft page: everything a person needs to settle and confirm one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template
from flask_login import current_user

from tracker.notices import queries as notices
from tracker.notices.drafting import STATE, Draft, DraftNotice
from tracker.notices.findings import Finding
from tracker.notices.handing_in import Settled, draft_of
from tracker.notices.models import Source
from tracker.registry import queries as registry
from tracker.web.office import questions
from tracker.web.office.answers import Errors, in_words
from tracker.web.words import FINDINGS

SHOWN = 20
QUIET = frozenset({"page-join", "cell-inherited", "scope-assumed", "open-ended", "unknown-unit"})


@dataclass(frozen=True, kw_only=True)
class Group:
    """The findings of one kind."""

    code: str
    found: Sequence[Finding]

    @property
    def is_quiet(self) -> bool:
        return self.code in QUIET


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What confirming would make."""

    notices: int
    measures: int
    unit_tasks: int
    local_tasks: int
    filled: int


def page(
    source: Source,
    data: bytes,
    settled: Settled,
    *,
    errors: Errors | None = None,
    refusal: str = "",
    theirs: Settled | None = None,
) -> str:
    draft, known = draft_of(data, settled), registry.roster()
    office = current_user.unit if current_user.is_of_office else ""
    return render_template(
        "office/draft.html",
        source=source,
        draft=draft,
        groups=list(grouped(draft.findings)),
        questions=questions.asked(draft, settled, roster=known, office=office),
        counts=counted(draft),
        errors=errors or {},
        refusal=refusal,
        theirs=theirs,
        in_words=in_words,
        shown=SHOWN,
        cities=known.city_names,
        units=registry.unit_choices(),
        offices=registry.offices(),
        state_notices=[n for n in notices.notices() if n.level == STATE],
    )


def grouped(findings: Sequence[Finding]) -> Iterator[Group]:
    """By kind, in the order in which they matter; kinds without a word of their own come last."""
    codes = {finding.code for finding in findings}
    order = [code for code in FINDINGS if code in codes] + sorted(codes - FINDINGS.keys())
    for code in order:
        yield Group(code=code, found=[finding for finding in findings if finding.code == code])


def counted(draft: Draft) -> Counts:
    new = [(i, m) for i, m in draft.measures if not _notice(draft, i).tracked]
    return Counts(
        notices=sum(notice.tracked is None for notice in draft.notices),
        measures=len(new),
        unit_tasks=sum(len({mention.whose for mention in m.mentions}) for _, m in new),
        local_tasks=sum(len(set(m.scope.cities) - set(m.scope.done)) for _, m in new),
        filled=sum(bool(_notice(draft, i).tracked) for i, _ in draft.measures),
    )


def _notice(draft: Draft, list_index: int) -> DraftNotice:
    return draft.notices[draft.lists[list_index].notice]
