"""Files that are no notices, and how each is made."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from itertools import pairwise

import xlsxwriter
from docx import Document

from tests.notices.tables import ROWS, html, table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return made.getvalue()


def zipped_nothing() -> bytes:
    return zipped({})


def docx_of_paragraphs() -> bytes:
    document = Document()
    document.add_paragraph("关于开会的通知")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def docx_with(body: bytes) -> bytes:
    """A real .docx whose document.xml is another."""
    with zipfile.ZipFile(io.BytesIO(docx_of_paragraphs())) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return zipped({**files, "word/document.xml": body})


def entity_bomb() -> bytes:
    names = "abcdefghij"
    entities = '<!ENTITY a "复制推广复制推广">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(names)
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return docx_with(
        f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE x [{entities}]><w:document '
        f'xmlns:w="{space}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body>'
        f"</w:document>".encode()
    )


def workbook_of_junk() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    sheet = book.add_worksheet("流水")
    for row in range(100_000):
        sheet.write_row(row, 0, [row, "x", "y"])
    book.close()
    return made.getvalue()


def workbook_with_far_cells() -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    sheet.write("A1", "序号")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    return made.getvalue()


def locked_workbook() -> bytes:
    """An OLE file whose directory lists EncryptedPackage, as Excel's passwords make it."""
    header = OLE + b"\x00" * 16 + struct.pack("<HHH", 0x3E, 3, 0xFFFE) + b"\x00" * 482
    entry = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\x00")
    return header + entry + b"\x00" * 448


def deep_page() -> bytes:
    return b"<html><body>" + b"<div>" * 50_000 + "序号".encode() + b"</div>" * 50_000


def spanning_page() -> bytes:
    huge = '<td colspan="999999999" rowspan="999999999">x</td>'
    return html(*[[huge] * 20] * 50).replace("改革事项", "别的").encode()


# Each file, and a word of the sentence that says what to do with it.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "文件是空的"),
    "one byte": (lambda: b"x", "文件是空的"),
    "blank lines": (lambda: b" \r\n" * 900, "文件是空的"),
    "a zip bomb": (lambda: zipped({"word/document.xml": b"0" * (201 << 20)}), "解压后过大"),
    "a .docx without tables": (docx_of_paragraphs, "没有找到任务分工表"),
    "a locked workbook": (locked_workbook, "密码"),
    "an old .doc": (lambda: OLE + b"\x00" * 2000, "另存为 .docx"),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\n", "暂不能读取 PDF"),
    "a PNG named .docx": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "图片"),
    "an RTF named .doc": (lambda: rb"{\rtf1\ansi table}", "RTF"),
    "a truncated .docx": (lambda: docx_of_paragraphs()[:3000], "损坏"),
    "a .docx with broken XML": (lambda: docx_with(b"<w:document><w:body>"), "损坏"),
    "an entity bomb": (entity_bomb, "。"),
    "a zip with neither": (lambda: zipped({"readme.txt": b"hello"}), "解压后上传"),
    "a zip of nothing": (zipped_nothing, "解压后上传"),
    "an OpenDocument sheet": (lambda: zipped({"content.xml": b"<x/>"}), "另存为 .docx 或 .xlsx"),
    "a workbook with nothing in it": (lambda: zipped({"xl/workbook.xml": b"<x/>"}), "损坏"),
    "100,000 rows of junk": (workbook_of_junk, "流水"),
    "a page without a table": ("<html><p>通知</p></html>".encode, "没有找到"),
    "a page of deep nesting": (deep_page, "。"),
    "a page of huge spans": (spanning_page, "没有找到任务分工表"),
    "NUL bytes": (lambda: table(*ROWS).encode().replace("，".encode(), b"\x00"), "文字编码"),
    "UTF-16 without a mark": (lambda: table(*ROWS).encode("utf-16-le"), "文字编码"),
    "half a UTF-16 character": (lambda: b"\xff\xfe\x41\x00\x42", "文字编码"),
    "a program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8, "文字编码"),
    "a million lines": (lambda: b"x\n" * 1_000_000, "行数过多"),
    "more than 20 MB": (lambda: b"x" * (21 << 20), "超过 20 MB"),
}
