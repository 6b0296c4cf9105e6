"""Polluted copies of one clean export, each with the lines that a reader should find in it.

What real exports go through: other encodings, dialects and line ends, title blocks and totals, and damage to single
cells (a delimiter or a quotation mark too many or too few, at every line and column).
"""

import csv
import io
import itertools
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

HEADER = [
    "Số hồ sơ",
    "Tên thủ tục",
    "Hình thức tiếp nhận",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Đơn vị",
    "Phí",
    "Mã TTHC",
]
PROCEDURES = [
    "Cấp giấy phép xây dựng mới, nhà ở riêng lẻ", "Thẩm định báo cáo nghiên cứu khả thi", 'Cấp "chứng chỉ hành nghề" hạng II',
    "Cung cấp thông tin quy hoạch; thửa đất", "Chuyển nhượng dự án | một phần",
]  # fmt: skip
CHANNELS = ["Trực tuyến", "Trực tiếp", "Qua bưu chính", ""]
ROWS = 24

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The combining marks of five tones; the sixth has none."""


class Polluted(NamedTuple):
    """A file and what it says."""

    name: str
    """The kind of pollution, then its place."""
    content: bytes
    lines: list[list[str]]
    """The data lines that should come out of it, without the header; a damaged line as a person would read it."""

    @property
    def kind(self) -> str:
        """The kind of pollution."""
        return self.name.split(":")[0]


def right_cells(expected: list[list[str]], found: list[list[str]]) -> int:
    """How many cells of the expected lines stand in their place in some line that was found; quotation marks apart."""
    bare = [[cell.replace('"', "") for cell in line] for line in found]
    return sum(
        max((sum(a.replace('"', "") == b for a, b in zip(line, other, strict=False)) for other in bare), default=0)
        for line in expected
    )


def clean_table() -> list[list[str]]:
    """The data lines that every copy starts from; made up."""
    return [
        [
            f"{i:05d}", PROCEDURES[i % 5], CHANNELS[i % 4], f"{i % 28 + 1:02d}/{i % 12 + 1:02d}/2022",
            f"{(i + 9) % 28 + 1:02d}/{i % 12 + 1:02d}/2022" if i % 7 else "", f"Phòng Quản lý số {i % 3 + 1}",
            f"{i * 12500}" if i % 5 else "0", f"1.0{i % 10}0",
        ]
        for i in range(1, ROWS + 1)
    ]  # fmt: skip


def write(lines: list[list[str]], **dialect: str | int) -> str:
    """Delimited text of some lines."""
    out = io.StringIO()
    csv.writer(out, **{"lineterminator": "\n", **dialect}).writerows(lines)
    return out.getvalue()


def windows_1258(text: str) -> bytes:
    """Vietnamese as Windows writes it: a letter without a byte of its own is written as letter and tone."""
    written = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in marks if mark in TONES)
            written += (unicodedata.normalize("NFC", marks.replace(tone, "")) + tone).encode("cp1258")
    return bytes(written)


def polluted() -> Iterator[Polluted]:
    """Every polluted copy, the clean one first."""
    table = clean_table()
    yield Polluted("clean", write([HEADER, *table]).encode(), table)
    yield from _dialects(table)
    yield from _encodings(table)
    yield from _surroundings(table)
    yield from _damage(table)


def _dialects(table: list[list[str]]) -> Iterator[Polluted]:
    ends = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
    quotes = {"needed": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL}
    for (end, mark), delimiter, (how, quoting) in itertools.product(ends.items(), ",;\t|", quotes.items()):
        text = write([HEADER, *table], delimiter=delimiter, lineterminator=mark, quoting=quoting)
        yield Polluted(f"dialect:{end} {delimiter!r} quotes {how}", text.encode(), table)
    for delimiter in ",;\t|":
        text = write([HEADER, *table], delimiter=delimiter, quotechar="'")
        yield Polluted(f"single quotes:{delimiter!r}", text.encode(), table)
        text = write([HEADER, *table], delimiter=delimiter, doublequote=False, escapechar="\\")
        yield Polluted(f"backslash escapes:{delimiter!r}", text.encode(), table)
        text = write([HEADER, *table], delimiter=delimiter, quoting=csv.QUOTE_ALL).replace(
            delimiter + '"', delimiter + ' "'
        )
        yield Polluted(f"space after delimiter:{delimiter!r}", text.encode(), table)
        broken = [[*line[:1], line[1].replace(" ", "\n", 1), *line[2:]] for line in table]
        yield Polluted(
            f"line breaks in cells:{delimiter!r}", write([HEADER, *broken], delimiter=delimiter).encode(), broken
        )


def _encodings(table: list[list[str]]) -> Iterator[Polluted]:
    text = write([HEADER, *table])
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        yield Polluted(f"encoding:{encoding}", text.encode(encoding), table)
    for delimiter in ",;\t":
        yield Polluted(
            f"encoding:windows-1258 {delimiter!r}", windows_1258(write([HEADER, *table], delimiter=delimiter)), table
        )


def _surroundings(table: list[list[str]]) -> Iterator[Polluted]:
    titles = [["SỞ XÂY DỰNG"], ["DANH SÁCH HỒ SƠ TIẾP NHẬN"], ["Từ ngày 01/01/2022 đến ngày 31/12/2022"]]
    total = ["Tổng cộng", "", "", "", "", "", str(sum(int(line[6]) for line in table)), ""]
    for delimiter in ",;\t|":
        text = write([HEADER, *table], delimiter=delimiter)
        wide = [line + [""] * (len(HEADER) - 1) for line in titles]
        d = repr(delimiter)
        yield Polluted(f"title lines:{d}", (write(titles, delimiter=delimiter) + text).encode(), table)
        yield Polluted(f"title lines:{d} padded", (write(wide, delimiter=delimiter) + text).encode(), table)
        yield Polluted(
            f"title lines:{d} and a blank", (write(titles, delimiter=delimiter) + "\n" + text).encode(), table
        )
        yield Polluted(f"total:{d}", (text + write([total], delimiter=delimiter)).encode(), table)
        yield Polluted(f"sep line:{d}", (f"sep={delimiter}\n" + text).encode(), table)
        yield Polluted(f"blank lines:{d}", text.replace("\n", "\n\n", 9).encode(), table)
        yield Polluted(f"line end:{d} none", text.removesuffix("\n").encode(), table)
        yield Polluted(f"line end:{d} two", (text + "\n").encode(), table)
        yield Polluted(f"trailing delimiter:{d}", text.replace("\n", delimiter + "\n").encode(), table)
        head, body = text.split("\n", 1)
        yield Polluted(
            f"trailing delimiter:{d} not the header",
            f"{head}\n{body.replace(chr(10), delimiter + chr(10))}".encode(),
            table,
        )
        half = text.split("\n")
        repeated = "\n".join([*half[:12], half[0], *half[12:]])
        yield Polluted(f"repeated header:{d}", repeated.encode(), table)
        yield Polluted(f"one line:{d}", write([HEADER, table[0]], delimiter=delimiter).encode(), table[:1])
        yield Polluted(f"no header:{d}", write(table, delimiter=delimiter).encode(), table)
        turned = [HEADER[::-1], *[line[::-1] for line in table]]
        yield Polluted(f"column order:{d}", write(turned, delimiter=delimiter).encode(), [line[::-1] for line in table])


def _damage(table: list[list[str]]) -> Iterator[Polluted]:
    """One cell of one line damaged, at every line and column; every other line must come out whole."""
    for delimiter, quoting in ((",", csv.QUOTE_MINIMAL), (";", csv.QUOTE_ALL)):
        whole = [write([line], delimiter=delimiter, quoting=quoting) for line in [HEADER, *table]]
        for i, j in itertools.product(range(len(table)), range(len(HEADER))):
            cells = [
                write([[c]], delimiter=delimiter, quoting=quoting).rstrip("\n") if c else ("" if quoting == 0 else '""')
                for c in table[i]
            ]
            place = f"line {i + 1}, column {j + 1}, {delimiter!r}"
            for kind, damaged, meant in _damaged(cells, table[i], j, delimiter):
                text = "".join([*whole[: i + 1], damaged + "\n", *whole[i + 2 :]])
                yield Polluted(f"{kind}:{place}", text.encode(), [*table[:i], meant, *table[i + 1 :]])
        for i, other in itertools.product(range(len(table)), ";\t|,".replace(delimiter, "")):
            line = write([table[i]], delimiter=other, quoting=quoting)
            text = "".join([*whole[: i + 1], line, *whole[i + 2 :]])
            yield Polluted(f"other delimiter in a line:{i + 1} {other!r}", text.encode(), table)


def _damaged(cells: list[str], line: list[str], j: int, delimiter: str) -> Iterator[tuple[str, str, list[str]]]:
    """(kind, text of the line, its cells as a person reads them)."""
    yield "delimiter too many", delimiter.join([*cells[:j], "", *cells[j:]]), [*line[:j], "", *line[j:]]
    if j and not (cells[j - 1].startswith('"') or cells[j].startswith('"')):
        joined = delimiter.join([*cells[: j - 1], cells[j - 1] + cells[j], *cells[j + 1 :]])
        yield "delimiter too few", joined, [*line[: j - 1], line[j - 1] + line[j], *line[j + 1 :]]
    yield "quote never closed", delimiter.join([*cells[:j], '"' + cells[j].strip('"'), *cells[j + 1 :]]), line
    if line[j]:
        middle = len(cells[j]) // 2
        inside = cells[j][:middle] + '"' + cells[j][middle:]
        yield "quote inside", delimiter.join([*cells[:j], inside, *cells[j + 1 :]]), line
    yield "quote too many", delimiter.join([*cells[:j], cells[j] + '"', *cells[j + 1 :]]), line
