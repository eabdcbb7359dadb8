"""Tells what a file is by its content, never by its name, and turns it into lines."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TypeVar

from tracker.notices.reading import text, webpage, word, workbook
from tracker.notices.reading.lines import Line
from tracker.notices.reading.unreadable import Unreadable

__all__ = ["LARGEST", "TOO_LARGE", "Unreadable", "lines_of"]

Given = TypeVar("Given", bytes, str)
DAMAGED = "文件已损坏或不完整，请重新导出后再上传。"
TOO_LARGE = "文件超过 20 MB，请只保留任务分工表部分后重新上传。"
LARGEST = 20 * 1024 * 1024
SMALLEST = 2
MOST_LINES = 100_000
LARGEST_UNPACKED = 200 * 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def lines_of(data: bytes) -> list[Line]:
    """The file's lines, or Unreadable with one sentence that says what to do."""
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    if len(data.strip()) < SMALLEST:
        raise Unreadable("文件是空的，请确认选择的文件后重新上传。")
    if data.startswith(b"PK"):
        return _zipped(data)
    _refuse_foreign(data)
    decoded = _decoded(data)
    if webpage.looks_like(decoded):
        return _guarded(webpage.lines, decoded)
    if decoded.count("\n") > MOST_LINES:
        raise Unreadable("文件行数过多，请只保留任务分工表部分后重新上传。")
    return text.lines(decoded)


def _refuse_foreign(data: bytes) -> None:
    if data.startswith(OLE):
        raise Unreadable(_ole_sentence(data))
    if data.startswith(b"%PDF"):
        raise Unreadable("暂不能读取 PDF 文件，请用 Word 或 WPS 打开后另存为 .docx 再上传。")
    if data.startswith(PICTURES):
        raise Unreadable("这是图片文件，读不出文字，请上传 Word、Excel 或文本格式的原件。")
    if data.startswith(b"{\\rtf"):
        raise Unreadable("这是 RTF 文件，请用 Word 或 WPS 另存为 .docx 后再上传。")


def _ole_sentence(data: bytes) -> str:
    if ENCRYPTED in data:
        return "文件设有打开密码，请取消密码后重新上传。"
    return "这是旧版 .doc/.xls/.wps 文件，请用 Word 或 WPS 另存为 .docx 或 .xlsx 后再上传。"


def _decoded(data: bytes) -> str:
    try:
        return text.decode(data)
    except UnicodeDecodeError as error:
        raise Unreadable(
            "无法识别文件的文字编码，请另存为 UTF-8 文本或 .docx 后再上传。"
        ) from error


def _zipped(data: bytes) -> list[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            unpacked = sum(entry.file_size for entry in package.infolist())
            locked = any(entry.flag_bits & 1 for entry in package.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unreadable(DAMAGED) from error
    if locked:
        raise Unreadable("文件设有打开密码，请取消密码后重新上传。")
    if unpacked > LARGEST_UNPACKED:
        raise Unreadable("文件解压后过大，可能不是正常的文档，请核对后重新上传。")
    return _guarded(_package_reader(names), data)


def _guarded(reader: Callable[[Given], list[Line]], given: Given) -> list[Line]:
    """Libraries raise whatever a broken file provokes, a panic of calamine's among it."""
    try:
        return reader(given)
    except (Unreadable, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise Unreadable(DAMAGED) from error


def _package_reader(names: set[str]) -> Callable[[bytes], list[Line]]:
    if any(name.startswith("word/") for name in names):
        return word.lines
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise Unreadable(
            "暂不能读取这种格式，请用 Word、Excel 或 WPS 另存为 .docx 或 .xlsx 后再上传。"
        )
    if any(name.startswith("xl/") for name in names):
        return workbook.lines
    raise Unreadable("压缩包里没有 Word 或 Excel 内容，请解压后上传其中的文档。")
