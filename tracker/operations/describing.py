"""notice.toml beside a new document: what the document does not say about its notices."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from tracker.notices.drafting import Draft, DraftNotice
from tracker.notices.importing import Particulars, Refused

Head = Mapping[str, Any]
DUTY = {"who", "what", "words"}
# What a document may leave out, and how a person is told of it.
LEFT_OUT = {"doc_no": "文号", "issuer": "发文机关", "issued_on": "成文日期"}


def described(draft: Draft, digest: str, file: Path | None) -> tuple[Draft, dict[int, Particulars]]:
    """The draft with what the file adds, and the particulars of each notice that is new."""
    new = [index for index, read in enumerate(draft.notices) if read.tracked is None]
    if not new:
        return draft, {}
    if file is None:
        raise Refused(
            f"“{draft.notices[new[0]].title}”是新的通知，"
            "请用 --notice 指定 notice.toml，或在网页上导入并确认。"
        )
    heads = dict(zip(new, _heads(file, len(new)), strict=True))
    notices = tuple(
        _completed(read, heads[index], file) if index in heads else read
        for index, read in enumerate(draft.notices)
    )
    particulars = {index: _particulars(head, digest, index) for index, head in heads.items()}
    return replace(draft, notices=notices), particulars


def _heads(file: Path, wanted: int) -> Sequence[Head]:
    """One for each new notice: the file itself, or its [[notice]] parts in order."""
    written = _written(file)
    heads = written.get("notice", [written])
    if not isinstance(heads, list) or len(heads) != wanted:
        raise Refused(f"文件中有{wanted}件新的通知，{file} 须按先后为每件各写一段 [[notice]]。")
    for head in heads:
        _check(head, file)
    return heads


def _written(file: Path) -> Head:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{file} 不是可以读取的 TOML 文件，请核对写法：{error}") from error


def _check(head: Any, file: Path) -> None:
    if not isinstance(head, dict) or not head.get("short_title"):
        raise Refused(f"{file} 没有写 short_title（通知简称），请补上。")
    for key in ("short_title", "office", "forwards", "doc_no", "issuer"):
        if not isinstance(head.get(key, ""), str):
            raise Refused(f"{file} 的 {key} 应是加引号的文字。")
    if not isinstance(head.get("issued_on", date.min), date):
        raise Refused(f"{file} 的 issued_on 应是不加引号的日期，如 2026-11-23。")
    if not _are_duties(head.get("duty", [])):
        raise Refused(f"{file} 的每个 [[duty]] 都要写 who、what 和 words，且只写这三项文字。")


def _are_duties(duties: Any) -> bool:
    return isinstance(duties, list) and all(
        isinstance(duty, dict)
        and set(duty) == DUTY
        and all(isinstance(value, str) for value in duty.values())
        for duty in duties
    )


def _completed(read: DraftNotice, head: Head, file: Path) -> DraftNotice:
    """What the document leaves out is taken from the file; where both speak they must agree."""
    added: dict[str, Any] = {}
    for key, label in LEFT_OUT.items():
        printed, told = getattr(read, key), head.get(key)
        if told and printed and told != printed:
            raise Refused(f"{file} 写的{label}“{told}”与文件中的“{printed}”不一致，请核对。")
        if told and not printed:
            added[key] = told
    return replace(read, **added)


def _particulars(head: Head, digest: str, index: int) -> Particulars:
    return Particulars(
        slug=f"{digest[:8]}-{index + 1}",
        short_title=head["short_title"],
        office=head.get("office", ""),
        forwards=head.get("forwards", ""),
        duties=head.get("duty", ()),
    )
