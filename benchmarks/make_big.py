"""Makes one made-up export of any size, as dirty as real ones, for trials of speed.

    python benchmarks/make_big.py --lines 1000000 --out big.csv
    python benchmarks/make_big.py --lines 100000 --out big.xlsx

Its columns are those of ``ho-so-2021_20220105.csv`` in the sample. Dossiers come in over five years, in blocks of which
one is in memory at a time, and the lines of a block are shuffled. The dirt is this, and it is all there is:

- of 20 lines one is the later state of a dossier that another line shows while it was open; of 200 one is a copy;
- a channel or a status is written in four spellings, a name of a procedure or a unit in three, a code in two;
- of 100 lines one is damaged, in one of the ways of ``DAMAGE``; one channel, one term and one first term are blank;
- of 1,000 results one is dated a day before its dossier came in.

Only ``Generator.random`` is used of numpy's generator, and no clock, so the same program writes the same bytes.
"""

import csv
import itertools
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from make_sample import CSV_2021, SEED, at, draw_position, pick, whole

BLOCK = 25_000
"""Dossiers that are drawn at a time."""
LATER, COPIED, DAMAGED = 0.05, 0.005, 0.01
"""Shares of all lines."""
FIRST, LAST = np.datetime64("2020-01-02"), np.datetime64("2024-11-29")

SORTS = [
    "giấy phép xây dựng mới", "giấy phép sửa chữa, cải tạo công trình", "giấy phép di dời công trình",
    "chứng chỉ hành nghề hoạt động xây dựng", "chứng chỉ năng lực hoạt động xây dựng", "chứng chỉ hành nghề kiến trúc",
    "chứng chỉ hành nghề môi giới bất động sản", "thiết kế xây dựng triển khai sau thiết kế cơ sở",
    "báo cáo nghiên cứu khả thi đầu tư xây dựng", "đồ án quy hoạch chi tiết xây dựng", "giấy phép chặt hạ, dịch chuyển cây xanh",
    "công bố hợp quy vật liệu xây dựng",
]  # fmt: skip
STEPS = ["Cấp", "Cấp lại", "Điều chỉnh", "Gia hạn", "Thẩm định", "Thu hồi", "Xác nhận", "Chấp thuận"]
CLASSES = ["cấp đặc biệt", "cấp I", "cấp II, cấp III", "cấp IV"]
PROCEDURES = [f"{step} {sort} đối với công trình {of}" for step, sort, of in itertools.product(STEPS, SORTS, CLASSES)]
FIELDS = ["Hoạt động xây dựng", "Quy hoạch - kiến trúc", "Kinh doanh bất động sản", "Vật liệu xây dựng"]
DIVISIONS = ["Quản lý xây dựng", "Quy hoạch - kiến trúc", "Quản lý nhà và thị trường bất động sản", "Hạ tầng kỹ thuật"]
DESKS = ["Bộ phận một cửa", "Điểm tiếp nhận, trả kết quả", "Quầy tiếp nhận lưu động"]
UNITS = ["Sở Xây dựng", *(f"{DESKS[number % 3]} số {number:02}" for number in range(1, 60))]

CHANNELS = {"Trực tiếp": 62, "Trực tuyến": 32, "Bưu chính công ích": 5, "": 1}
STATUSES = {
    "Hoàn thành": 45, "Đã trả kết quả": 42, "Rút hồ sơ": 1.5, "Trả lại": 2, "Chuyển cơ quan khác": 0.7,
    "Không được tiếp nhận": 0.8, "Đang giải quyết": 6.5, "Chờ bổ sung": 1.5,
}  # fmt: skip
OPEN = ("Đang giải quyết", "Chờ bổ sung")
DONE = "Hoàn thành"

DAMAGE = (
    ("received_on", "31/02/2022 08:00"), ("received_on", ""), ("dossier_id", ""), ("due_on", "32/10/2022 17:00"),
    ("ended_on", "sáng thứ hai"), ("ended_on", ""), ("channel", "Kênh thử nghiệm"),
)  # fmt: skip
"""One cell of a damaged line, and what stands there; one without an end says that it is done."""


class Spelt(NamedTuple):
    """Words as they are written, and how often each."""

    texts: pa.Array
    weights: np.ndarray
    word: np.ndarray
    """The position of the word that each text is a spelling of."""


def spellings(words: dict[str, float]) -> Spelt:
    """Each word as it is, in capitals, without accents, and with its accents as letters of their own."""
    ways = {"": 70, "upper": 10, "plain": 10, "apart": 10}
    rows = [(_spell(w, way), words[w] * share, i) for i, w in enumerate(words) for way, share in ways.items()]
    texts, weights, word = zip(*rows, strict=True)
    return Spelt(pa.array(texts), np.array(weights), np.array(word))


def names(words: list[str], weights: np.ndarray) -> Spelt:
    """Each name as it is, with two spaces for one, and with its accents as letters of their own."""
    ways = {"": 90, "wide": 5, "apart": 5}
    rows = [(_spell(w, way), weight * s, i) for i, (w, weight) in enumerate(zip(words, weights, strict=True)) for way, s in ways.items()]  # fmt: skip
    texts, shares, word = zip(*rows, strict=True)
    return Spelt(pa.array(texts), np.array(shares), np.array(word))


def _spell(word: str, way: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    plain = "".join(c for c in apart if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    return {"upper": word.upper(), "plain": plain.lower(), "apart": apart, "wide": word.replace(" ", "  ", 1)}.get(
        way, word
    )


def spelt(rng: np.random.Generator, of: Spelt, size: int) -> tuple[pa.Array, np.ndarray]:
    """Some texts, each by its weight, and the position of the word that each is a spelling of."""
    drawn = draw_position(rng, size, of.weights)
    return of.texts.take(pa.array(drawn)), of.word[drawn]


PROCEDURE = names(PROCEDURES, 1 / np.arange(3, 3 + len(PROCEDURES)))
UNIT = names(UNITS, 1 / np.arange(2, 2 + len(UNITS)))
CHANNEL, STATUS = spellings(CHANNELS), spellings(STATUSES)


def draw_dossiers(rng: np.random.Generator, first: int, size: int, total: int) -> pd.DataFrame:
    """The dossiers numbered from ``first`` on, of ``total``: one row each, in columns of text and of instants."""
    days = np.arange(FIRST, LAST + 1)
    days = days[np.is_busday(days)]
    upto = len(days) * np.array([first, first + size]) / total
    received = days[np.floor(upto[0] + rng.random(size) * (upto[1] - upto[0])).astype("int64")]
    term = 5 + whole(rng, np.full(size, 36))
    took = np.where(rng.random(size) < 0.15, term, np.floor(1 - 12 * np.log(1 - rng.random(size)))).astype("int64")
    took = np.where(rng.random(size) < 0.001, -1, took)
    procedure, sort = spelt(rng, PROCEDURE, size)
    status, word = spelt(rng, STATUS, size)
    is_open = np.isin(np.array(list(STATUSES))[word], [*OPEN, "Không được tiếp nhận"])
    received_on = at(received, 450 + whole(rng, np.full(size, 570)))
    due_on = at(received + term, 17 * 60)
    ended_on = at(received + took, 450 + whole(rng, np.full(size, 570)))
    number = pc.utf8_lpad(pc.cast(pa.array(np.arange(first, first + size)), pa.string()), 7, "0")
    code = pc.binary_join_element_wise("000.00.16.H99", pc.strftime(pa.array(received), format="%y%m%d"), number, "-")
    return pd.DataFrame(
        {
            "dossier_id": texts(
                pc.binary_join_element_wise(code, pa.array(np.where(rng.random(size) < 0.01, " ", "")), "")
            ),
            "procedure_code": texts(pa.array([f"1.1{i:05}" for i in range(len(PROCEDURES))]).take(pa.array(sort))),
            "procedure": texts(procedure),
            "field": texts(pa.array(FIELDS).take(pa.array(sort % len(FIELDS)))),
            "unit": texts(spelt(rng, UNIT, size)[0]),
            "division": texts(pa.array(DIVISIONS).take(pa.array(sort % len(DIVISIONS)))),
            "applicant": texts(pc.binary_join_element_wise("Người nộp", number, " ")),
            "channel": texts(spelt(rng, CHANNEL, size)[0]),
            "assisted": np.where(rng.random(size) < 0.02, "Có", "Không"),
            "received_on": received_on,
            "due_on": np.where(rng.random(size) < 0.01, np.datetime64("NaT"), due_on),
            "ended_on": np.where(is_open, np.datetime64("NaT"), ended_on),
            "status": texts(status),
            "result_digitised": np.where(rng.random(size) < 0.25, "Có", "Không"),
            "term": term,
        }
    )


def texts(column: pa.Array) -> pd.Series:
    """A column of text."""
    return column.to_pandas().astype("str")


def as_opened(
    rng: np.random.Generator, dossiers: pd.DataFrame, chosen: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All dossiers, the chosen ones as they were while open, and the later state of the chosen ones.

    Those end at least a day after they came in. Every third got a later due day on the way, and of every hundredth
    nobody had written down the first.
    """
    done = dossiers.iloc[chosen]
    took = np.floor(1 - 12 * np.log(1 - rng.random(len(done)))).astype("timedelta64[D]")
    put_off = np.where(whole(rng, np.full(len(done), 3)) == 0, 10, 0).astype("timedelta64[D]")
    later = done.assign(status=DONE, ended_on=done.received_on + took, due_on=done.due_on + put_off)
    now = dossiers.assign(due_on=dossiers.due_on.copy())
    now.loc[chosen, "status"] = OPEN[0]
    now.loc[chosen, "ended_on"] = pd.NaT
    now.loc[chosen[rng.random(len(chosen)) < 0.01], "due_on"] = pd.NaT
    return now, later


def as_text(lines: pd.DataFrame) -> dict[str, pa.Array]:
    """The cells of lines, by column."""
    cells = {}
    for name in CSV_2021:
        column = pa.array(lines[name])
        instants = pa.types.is_timestamp(column.type)
        column = (
            pc.strftime(column.cast(pa.timestamp("s")), format="%d/%m/%Y %H:%M")
            if instants
            else column.cast(pa.string())
        )
        cells[name] = pc.fill_null(column, "")
    return cells


def damage(rng: np.random.Generator, cells: dict[str, pa.Array], bad: np.ndarray) -> dict[str, pa.Array]:
    """The cells with one of each bad line damaged."""
    way = np.full(len(cells["dossier_id"]), -1)
    way[bad] = whole(rng, np.full(len(bad), len(DAMAGE)))
    cells = dict(cells)
    for number, (column, text) in enumerate(DAMAGE):
        cells[column] = pc.if_else(pa.array(way == number), text, cells[column])
        if (column, text) == ("ended_on", ""):
            cells["status"] = pc.if_else(pa.array(way == number), DONE, cells["status"])
    return cells


def blocks(lines: int) -> Iterator[pa.Table]:
    """So many lines as text, a block at a time.

    The later states and the copies of a block stand in the next one, so that they are far from what they repeat.
    """
    rng = np.random.default_rng(SEED)
    dossiers = lines - int(lines * LATER) - int(lines * COPIED)
    edges = np.linspace(0, dossiers, max(1, round(dossiers / BLOCK)) + 1).astype("int64")
    share = edges / dossiers
    later_edges, copy_edges = (np.round(share * int(lines * s)).astype("int64") for s in (LATER, COPIED))
    waiting: list[pa.Table] = []
    for block, (first, end) in enumerate(itertools.pairwise(edges)):
        size, last = int(end - first), end == dossiers
        drawn = draw_dossiers(rng, int(first), size, dossiers)
        chosen = pick(rng, int(later_edges[block + 1] - later_edges[block]), np.ones(size))
        now, later = as_opened(rng, drawn, chosen)
        cells = as_text(pd.concat([now, later], ignore_index=True))
        cells = damage(rng, cells, pick(rng, round((size + len(later)) * DAMAGED), np.ones(size + len(later))))
        table = pa.table(cells)
        copied = table.take(pa.array(pick(rng, int(copy_edges[block + 1] - copy_edges[block]), np.ones(size))))
        due = [*waiting, table[:size], *([table[size:], copied] if last else [])]
        waiting = [table[size:], copied]
        together = pa.concat_tables(due).combine_chunks()
        yield together.take(pa.array(np.argsort(rng.random(len(together)), kind="stable")))


def write_csv(path: Path, lines: int) -> None:
    """UTF-8 with a mark, commas, quotation marks where a comma stands in a cell, Windows line ends."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerow(CSV_2021.values())
        for block in blocks(lines):
            rows = pc.binary_join_element_wise(*(quoted(column.combine_chunks()) for column in block.columns), ",")
            file.writelines(row + "\r\n" for row in rows.to_pylist())


def quoted(column: pa.Array) -> pa.Array:
    """Cells as they stand between commas."""
    return pc.if_else(pc.match_substring(column, ","), pc.binary_join_element_wise('"', column, '"', ""), column)


def write_xlsx(path: Path, lines: int) -> None:
    """A workbook whose days are the workbook's own, but for those that are none."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": datetime(2022, 11, 10)})
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, CSV_2021.values())
        instants = [name.endswith("_on") for name in CSV_2021]
        cells = (line for block in blocks(lines) for line in zip(*block.to_pydict().values(), strict=True))
        for row, line in enumerate(cells, 1):
            for position, (text, is_instant) in enumerate(zip(line, instants, strict=True)):
                number = serial(text) if is_instant else None
                if number is not None:
                    sheet.write_number(row, position, number, day)
                elif text:
                    sheet.write_string(row, position, text)


def serial(text: str) -> float | None:
    """The number by which a workbook knows an instant; none where the text is no instant."""
    try:
        since = datetime.strptime(text, "%d/%m/%Y %H:%M") - datetime(1899, 12, 30)  # noqa: DTZ007 - local time
    except ValueError:
        return None
    return since.days + since.seconds / 86_400


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lines", type=click.IntRange(min=100), required=True, help="How many lines of data.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file: .csv or .xlsx.")
def main(lines: int, out: Path) -> None:
    """Write a made-up export of any size, byte for byte the same each time."""
    write = {".csv": write_csv, ".xlsx": write_xlsx}.get(out.suffix)
    if write is None:
        raise click.UsageError(f"--out {out}: name a .csv or an .xlsx.")
    write(out, lines)


if __name__ == "__main__":
    main()
