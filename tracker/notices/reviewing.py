"""What a person should look at in a draft, all at once: names, scopes, repetitions, differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.notices.comparing import bare, named_otherwise
from tracker.notices.drafting import Draft, DraftList, DraftMeasure, DraftNotice
from tracker.notices.findings import Finding
from tracker.notices.reading.document import Reading
from tracker.notices.reading.words import label, squeeze
from tracker.notices.tracked import Tracked, TrackedMeasure, TrackedNotice
from tracker.registry.names import CLASS
from tracker.registry.roster import Roster
from tracker.registry.scopes import NONE, WAITING

SHOWN = 60


def reviewed(draft: Draft, reading: Reading, *, roster: Roster, tracked: Tracked) -> Draft:
    """The draft with every finding, those of the reading first."""
    findings = [*reading.findings]
    for index, notice in enumerate(draft.notices):
        findings.extend(_about_notice(draft, index, notice))
    for position, listed in enumerate(draft.lists):
        findings.extend(_about_list(listed, position))
        for measure in listed.measures:
            findings.extend(_about_measure(measure, position, roster))
    findings.extend(_repeated(draft, tracked))
    findings.extend(_different(draft))
    return replace(draft, findings=tuple(findings))


def _about_notice(draft: Draft, index: int, notice: DraftNotice) -> Iterator[Finding]:
    if not notice.issuer and notice.tracked is None:
        whose = notice.city or "广东省"
        message = f"文件没有印发文机关，单位名称中的“省”“市”按{whose}理解，请核对。"
        yield Finding(code="issuer-unknown", message=message)
    if not notice.title:
        yield Finding(code="title-missing", message="文件没有印标题，请在确认前补上通知的标题。")
    own = [(i, m) for i, m in draft.measures if draft.lists[i].notice == index]
    for at, near in named_otherwise([m.title for _, m in own], notice.body):
        position, measure = own[at]
        said = f"正文写作“{near}”" if near else "正文没有提到"
        yield Finding(
            code="body-name",
            message=f"表中事项“{measure.title}”，{said}，两处不一致，请核对原文。",
            place=measure.place,
            list=position,
            no=measure.no,
            column=label("title"),
        )


def _about_list(listed: DraftList, position: int) -> Iterator[Finding]:
    if listed.scope_words:
        message = (
            f"清单“{listed.heading}”没有推广范围一栏，按通知正文“{listed.scope_words}”"
            f"记为“{listed.scope_raw}”。"
        )
        yield Finding(code="scope-assumed", message=message, list=position)
    elif any(m.scope.state == NONE for m in listed.measures):
        message = f"清单“{listed.heading}”没有写明推广范围，暂不产生属地任务，可由统筹单位指定。"
        yield Finding(code="scope-missing", message=message, list=position)


def _about_measure(measure: DraftMeasure, position: int, roster: Roster) -> Iterator[Finding]:
    def finding(code: str, message: str, column: str) -> Finding:
        return Finding(
            code=code,
            message=message,
            place=measure.place,
            list=position,
            no=measure.no,
            column=label(column),
        )

    for mention in measure.mentions:
        if mention.unit is None:
            yield finding("unknown-unit", _unknown(mention.name, roster), "units")
    if measure.units.mended_from:
        mended = (
            f"“{measure.units.mended_from}”在分页处重复印字，按“{measure.units.mended_to}”理解。"
        )
        yield finding("unit-mended", mended, "units")
    for doubtful in measure.units.doubtful:
        yield finding("unit-break", _break(doubtful, measure), "units")
    for repeated in _printed_twice(measure):
        yield finding("unit-repeated", f"“{repeated}”在同一格里印了两次，按一次计。", "units")
    if measure.is_open_ended:
        yield finding("open-ended", _open_end(measure), "units")
    if measure.scope.state == WAITING:
        message = f"推广范围“{measure.scope_raw}”没有文件界定，不作推定，待统筹单位指定地市。"
        yield finding("scope-waiting", message, "scope")


def _unknown(name: str, roster: Roster) -> str:
    near = roster.nearest(name)
    hint = f"名称相近的有：{'、'.join(near)}。" if near else "没有名称相近的单位。"
    return f"单位名录中没有“{name}”，{hint}请选定单位、记为别称或新增单位。"


def _break(doubtful: str, measure: DraftMeasure) -> str:
    last = doubtful.rsplit(maxsplit=1)[-1]
    as_several = any(last.startswith(mention.printed) for mention in measure.mentions)
    taken = "几个单位" if as_several else "一个单位"
    return f"“{doubtful}”中间有换行或空格，单位名录不能判定，暂按{taken}理解，请核对。"


def _printed_twice(measure: DraftMeasure) -> list[str]:
    whose = [mention.whose for mention in measure.mentions]
    return sorted({name for name in whose if whose.count(name) > 1})


def _open_end(measure: DraftMeasure) -> str:
    classes = [mention.printed for mention in measure.mentions if mention.kind == CLASS]
    if classes:
        return (
            f"“{'、'.join(classes)}”是一类单位，不能直接交办，任务由统筹单位暂管，待指定具体单位。"
        )
    return f"“{squeeze(measure.units_raw)}”以“等”收尾，未列明的单位待统筹单位指定。"


def _repeated(draft: Draft, tracked: Tracked) -> Iterator[Finding]:
    """Titles that stand in another notice as well, forwarded notices excepted."""
    known = _by_title(tracked)
    for position, measure in draft.measures:
        notice = draft.notices[draft.lists[position].notice]
        others = [
            f"{other.short_title}{_which_list(other, same)}第{same.no}项"
            for other, same in known.get(bare(measure.title), ())
            if not _is_related(notice, other)
        ]
        if others:
            message = f"“{measure.title}”在{'、'.join(others)}已有同名事项，请确认是否为同一改革。"
            yield Finding(
                code="title-tracked",
                message=message,
                place=measure.place,
                list=position,
                no=measure.no,
                column=label("title"),
            )


def _which_list(notice: TrackedNotice, measure: TrackedMeasure) -> str:
    """Numbers restart in each list, so a notice with several says which one."""
    several = len({m.list for m in notice.measures}) > 1
    return f"清单{measure.list}" if several else ""


def _by_title(tracked: Tracked) -> dict[str, list[tuple[TrackedNotice, TrackedMeasure]]]:
    """Every tracked measure under its title: comparing each with each takes seconds in time."""
    known: dict[str, list[tuple[TrackedNotice, TrackedMeasure]]] = {}
    for notice in tracked.notices:
        for measure in notice.measures:
            known.setdefault(bare(measure.title), []).append((notice, measure))
    return known


def _is_related(notice: DraftNotice, other: TrackedNotice) -> bool:
    """The same notice, the one it forwards, or one that forwards it."""
    own = notice.tracked
    return own is not None and (other.id in {own.id, own.forwards} or other.forwards == own.id)


def _different(draft: Draft) -> Iterator[Finding]:
    """Where a document says otherwise than what is tracked of the same notice."""
    for index, notice in enumerate(draft.notices):
        if notice.tracked is None:
            continue
        known = dict(notice.tracked.by_place)
        own = [position for position, listed in enumerate(draft.lists) if listed.notice == index]
        for order, position in enumerate(own, start=1):
            for measure in draft.lists[position].measures:
                same = known.pop((order, measure.no), None)
                yield from _differs(measure, same, position)
        for gone in known.values():
            message = f"已跟踪的第{gone.list}个清单第{gone.no}项“{gone.title}”，本文件中没有。"
            yield Finding(code="difference", message=message, list=own[0] if own else None)


def _differs(
    measure: DraftMeasure, known: TrackedMeasure | None, position: int
) -> Iterator[Finding]:
    if known is None:
        message = f"本文件第{measure.no}项“{measure.title}”不在已跟踪的事项之内。"
        yield Finding(
            code="difference",
            message=message,
            place=measure.place,
            list=position,
            no=measure.no,
        )
        return
    for column, old, new in (
        ("title", known.title, measure.title),
        ("units", known.units_raw, measure.units_raw),
        ("scope", known.scope_raw, measure.scope_raw),
        ("note", known.note, measure.note),
    ):
        if squeeze(old) != squeeze(new):
            message = (
                f"{label(column)}与已跟踪的不同：原为“{old[:SHOWN]}”，本文件为“{new[:SHOWN]}”。"
            )
            yield Finding(
                code="difference",
                message=message,
                place=measure.place,
                list=position,
                no=measure.no,
                column=label(column),
            )
