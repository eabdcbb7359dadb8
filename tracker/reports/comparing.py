"""What changed between two filings of a report, section by section. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from tracker.difficulties.kinds import KINDS, known
from tracker.reports.bodies import SECTIONS, TEXTS, Body, Issued, Step
from tracker.reports.states import STAGES

SAME, ADDED, REMOVED = "", "ins", "del"
# Below this likeness two sentences are not one sentence changed, but another one.
ALIKE = 0.4
_SENTENCES = re.compile("[^。；！？\n]*[。；！？\n]?")
_WORDS = re.compile("[0-9]+(?:\\.[0-9]+)?%?|[A-Za-z]+|.", re.DOTALL)
UNCHANGED = "无变化（沿用上期内容）"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of text, and whether it is the same, added or removed."""

    text: str
    mark: str = SAME


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of a report as it was and as it is."""

    code: str
    name: str
    before: Sequence[Piece]
    after: Sequence[Piece]
    is_changed: bool


def sections(
    after: Body,
    before: Body | None = None,
    *,
    files: Sequence[str] = (),
    files_before: Sequence[str] = (),
) -> list[Section]:
    """Every section that says something now or said something before."""
    new = texts(after, files)
    old = texts(before, files_before) if before else {}
    return [
        _section(code, old.get(code, ""), new.get(code, ""), has_before=before is not None)
        for code in SECTIONS
        if new.get(code) or old.get(code)
    ]


def _section(code: str, old: str, new: str, *, has_before: bool) -> Section:
    left, right = compared(old, new) if has_before else ([], [Piece(text=new)])
    changed = has_before and old != new
    return Section(code=code, name=SECTIONS[code], before=left, after=right, is_changed=changed)


def texts(body: Body, files: Sequence[str] = ()) -> Mapping[str, str]:
    """A report's sections as a person reads them."""
    said = {name: getattr(body, name) for name in TEXTS}
    said["difficulties"] = raised(body)
    if body.is_unchanged:
        said["progress"] = "\n".join(filter(None, (UNCHANGED, said["progress"])))
    return said | {
        "stage": STAGES.get(body.stage, ""),
        "percent": f"{body.percent}%" if body.percent else "",
        "answers": "\n".join(f"{answer.label}：{answer.text}" for answer in body.answers),
        "documents": "\n".join(map(_issued, body.documents)),
        "milestones": "\n".join(map(_step, body.milestones)),
        "parts": "\n".join(f"【{part.unit}】{part.text}" for part in body.parts),
        "evidence": "\n".join(files),
    }


def raised(body: Body) -> str:
    """A difficulty with its kind before it, and whether it is 重要情况."""
    if not body.difficulties:
        return ""
    kind = f"【{KINDS[known(body.difficulty_kind)]}】"
    return f"{kind}{'【重要情况】' if body.is_important else ''}{body.difficulties}"


def _issued(document: Issued) -> str:
    return "，".join(filter(None, (f"《{document.title}》", document.number, document.day)))


def _step(step: Step) -> str:
    return "，".join(filter(None, (step.what, step.who, step.by_day and f"{step.by_day}前")))


def compared(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces: by sentence first, then by word within a sentence that changed."""
    left: list[Piece] = []
    right: list[Piece] = []
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    for is_same, gone, come in _stretches(old, new):
        if is_same:
            left.append(Piece(text=gone))
            right.append(Piece(text=come))
        else:
            _by_words(gone, come, left, right)
    return _joined(left), _joined(right)


def _by_words(gone: str, come: str, left: list[Piece], right: list[Piece]) -> None:
    old, new = _WORDS.findall(gone), _WORDS.findall(come)
    if Indel.normalized_similarity(old, new) < ALIKE:
        left.append(Piece(text=gone, mark=REMOVED))
        right.append(Piece(text=come, mark=ADDED))
        return
    for is_same, less, more in _stretches(old, new):
        left.append(Piece(text=less, mark=SAME if is_same else REMOVED))
        right.append(Piece(text=more, mark=SAME if is_same else ADDED))


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """What is the same on both sides and, between, what stands here and what stands there."""
    gone = come = ""
    for step in Indel.opcodes(old, new):
        less = "".join(old[step.src_start : step.src_end])
        more = "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            if gone or come:
                yield False, gone, come
            yield True, less, more
            gone = come = ""
        else:
            gone, come = gone + less, come + more
    if gone or come:
        yield False, gone, come


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one mark are one piece; empty ones are none."""
    whole: list[Piece] = []
    for piece in pieces:
        if piece.text and whole and whole[-1].mark == piece.mark:
            whole[-1] = Piece(text=whole[-1].text + piece.text, mark=piece.mark)
        elif piece.text:
            whole.append(piece)
    return whole
