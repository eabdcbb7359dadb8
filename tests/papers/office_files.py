"""Whether Office opens a file without offering to repair it: found faults in words.

The schema, and what Microsoft's Open XML SDK asks beyond it, is `openxml-audit`'s, which carries
the SDK's own tables. What neither can say, and Excel or Word mend on opening, is counted here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree
from openpyxl.utils.cell import range_boundaries
from openxml_audit import OpenXmlValidator
from openxml_audit.errors import ValidationError, ValidationSeverity

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LAST_ROW, LAST_COLUMN, LONGEST_CELL = 1_048_576, 16_384, 32_767
LONGEST_NAME, LONGEST_LIST, LONGEST_TITLE, LONGEST_MESSAGE = 31, 255, 32, 255
MOST_VALIDATIONS, LONGEST_BOOKMARK = 65_534, 40
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
# Asked for by the SDK alone. By ISO/IEC 29500-1 a workbook may have no theme, as LibreOffice's have
# none, and its fonts say what they are in any order (CT_Font is a choice), as openpyxl's do.
NEVER_MENDED = ("relationships/theme' is missing", "/styleSheet[1]/fonts[1]/font[")

Package = dict[str, Any]


def faults(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        twice = [f"{name} is there twice" for name, times in Counter(names).items() if times > 1]
        parts = {name: etree.fromstring(archive.read(name)) for name in names if is_xml(name)}
    is_book = "xl/workbook.xml" in parts
    beyond = in_book(parts) if is_book else in_document(parts)
    return [*twice, *by_schema(data, "xlsx" if is_book else "docx"), *beyond]


def is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


@cache
def validator() -> OpenXmlValidator:
    return OpenXmlValidator(max_errors=20)


def by_schema(data: bytes, ending: str) -> list[str]:
    with TemporaryDirectory() as folder:
        file = Path(folder, f"file.{ending}")
        file.write_bytes(data)
        return [str(one) for one in validator().validate(file).errors if is_mended(one)]


def is_mended(one: ValidationError) -> bool:
    is_error = one.severity == ValidationSeverity.ERROR
    return is_error and not any(known in str(one) for known in NEVER_MENDED)


def in_book(parts: Package) -> Iterator[str]:
    book = parts["xl/workbook.xml"]
    names = [sheet.get("name") for sheet in book.iter(f"{SHEET}sheet")]
    yield from of_names(names)
    yield from of_defined_names(book, len(names))
    strings = parts.get("xl/sharedStrings.xml")
    known = {
        "s": len(parts["xl/styles.xml"].find(f"{SHEET}cellXfs")),
        "t": 0 if strings is None else len(strings.findall(f"{SHEET}si")),
    }
    for name, sheet in parts.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            for found in (of_rows(sheet), of_cells(sheet, known), of_ranges(sheet)):
                yield from (f"{name}: {one}" for one in found)


def of_names(names: Sequence[str]) -> Iterator[str]:
    if len({name.lower() for name in names}) < len(names):
        yield f"two sheets have one name: {names}"
    for name in names:
        if not 0 < len(name) <= LONGEST_NAME or FORBIDDEN.search(name):
            yield f"no sheet may be called {name!r}"


def of_defined_names(book: Any, sheets: int) -> Iterator[str]:
    given = [
        (one.get("name"), one.get("localSheetId", "")) for one in book.iter(f"{SHEET}definedName")
    ]
    yield from (f"the name {one} is given twice" for one in given if given.count(one) > 1)
    yield from (f"{one} is of no sheet" for one in given if one[1] and int(one[1]) >= sheets)


def of_rows(sheet: Any) -> Iterator[str]:
    """Numbers may be left out; where they stand, they rise."""
    rows = [int(row.get("r")) for row in sheet.iter(f"{SHEET}row") if row.get("r")]
    if any(below <= above for above, below in pairwise(rows)) or max(rows, default=1) > LAST_ROW:
        yield f"rows do not rise: {rows[:20]}"
    for row in sheet.iter(f"{SHEET}row"):
        places = [range_boundaries(cell.get("r"))[:2] for cell in row if cell.get("r")]
        columns = [column for column, _ in places]
        if any(right <= left for left, right in pairwise(columns)):
            yield f"cells of row {row.get('r')} do not rise"
        if any(str(number) != row.get("r") for _, number in places):
            yield f"cells of another row stand in row {row.get('r')}"


def of_cells(sheet: Any, known: dict[str, int]) -> Iterator[str]:
    for cell in sheet.iter(f"{SHEET}c"):
        place = cell.get("r", "a cell")
        if int(cell.get("s", 0)) >= known["s"]:
            yield f"{place} has style {cell.get('s')} of {known['s']}"
        if cell.get("t") == "s" and int(cell.findtext(f"{SHEET}v")) >= known["t"]:
            yield f"{place} shows a text that is not kept"
        if sum(map(len, cell.itertext())) > LONGEST_CELL:
            yield f"{place} is too long"


def of_ranges(sheet: Any) -> Iterator[str]:
    for kind, name in (("autoFilter", "ref"), ("mergeCell", "ref"), ("dataValidation", "sqref")):
        for one in sheet.iter(f"{SHEET}{kind}"):
            for area in one.get(name).split():
                yield from outside(kind, area)
    merged = [range_boundaries(one.get("ref")) for one in sheet.iter(f"{SHEET}mergeCell")]
    if any(overlap(one, other) for one, other in combinations(merged, 2)):
        yield "merged cells overlap"
    validations = list(sheet.iter(f"{SHEET}dataValidation"))
    if len(validations) > MOST_VALIDATIONS:
        yield f"{len(validations)} lists to choose from"
    for one in validations:
        yield from of_validation(one)


def outside(kind: str, area: str) -> Iterator[str]:
    try:
        left, top, right, bottom = range_boundaries(area)
    except ValueError:
        yield f"{kind} is at {area}"
        return
    if not (left <= right <= LAST_COLUMN and top <= bottom <= LAST_ROW):
        yield f"{kind} is at {area}"


def overlap(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    beside = one[2] < other[0] or other[2] < one[0]
    return not beside and not (one[3] < other[1] or other[3] < one[1])


def of_validation(one: Any) -> Iterator[str]:
    said = one.findtext(f"{SHEET}formula1") or ""
    if said.startswith('"') and len(said) - 2 > LONGEST_LIST:
        yield f"the list at {one.get('sqref')} is too long"
    for name, longest in (
        ("errorTitle", LONGEST_TITLE),
        ("promptTitle", LONGEST_TITLE),
        ("error", LONGEST_MESSAGE),
        ("prompt", LONGEST_MESSAGE),
    ):
        if len(one.get(name, "")) > longest:
            yield f"{name} at {one.get('sqref')} is too long"


def in_document(parts: Package) -> Iterator[str]:
    body = parts["word/document.xml"]
    starts = list(body.iter(f"{WORD}bookmarkStart"))
    ends = [one.get(f"{WORD}id") for one in body.iter(f"{WORD}bookmarkEnd")]
    names = [one.get(f"{WORD}name") for one in starts]
    yield from (f"the bookmark {one} is there twice" for one in names if names.count(one) > 1)
    yield from (f"the bookmark {one} is too long" for one in names if len(one) > LONGEST_BOOKMARK)
    if sorted(one.get(f"{WORD}id") for one in starts) != sorted(ends):
        yield "a bookmark begins without an end, or ends without a beginning"
