"""Any delimited text comes back cell for cell, and a damaged line spoils no other."""

import csv

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis.delimited import read_delimited
from analysis.grids import Doubt, FileProblem
from analysis.records import DELIMITERS as NAMES
from analysis.vocabulary import read_vocabulary

SHIPPED = read_vocabulary()
HEADER = ["Mã hồ sơ", "Ngày tiếp nhận", "Thủ tục"]
DELIMITERS = pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])


def written(lines, *, delimiter=",", quoting=csv.QUOTE_MINIMAL, lineterminator="\n"):
    """Delimited text in which every cell is quoted, or every one that must be."""
    special = {delimiter, '"', "\n", "\r"}

    def cell(text):
        quoted = quoting == csv.QUOTE_ALL or special & set(text)
        return '"' + text.replace('"', '""') + '"' if quoted else text

    return "".join(delimiter.join(map(cell, line)) + lineterminator for line in lines)


def lines_of(text, vocabulary=None):
    return [cells for _, cells in read_delimited(text, vocabulary).lines()]


def doubts(text, vocabulary=None):
    return {d.reason: d.detail for d in read_delimited(text, vocabulary).doubts}


# --- whole texts -----------------------------------------------------------------------------------------------------

cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\",;\t|\n'\\ "), max_size=12)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    lines=tables,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(lines=[["'", "", "'"]], delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\n")
@example(lines=[["\\'", "", ""]], delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\n")
@example(lines=[["'\n", "", ""]], delimiter=";", quoting=csv.QUOTE_MINIMAL, end="\n")
@example(lines=[['\\"', "", ""]], delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\n")
def test_a_table_under_a_known_header_comes_back_cell_for_cell(lines, delimiter, quoting, end):
    text = written([HEADER, *lines], delimiter=delimiter, quoting=quoting, lineterminator=end)
    assert lines_of(text, SHIPPED) == [HEADER, *lines]


plain = st.tuples(
    st.integers(0, 99999).map("{:05d}".format),
    st.dates().map(lambda d: f"{d:%d/%m/%Y}"),
    st.text(st.sampled_from("aăâbcdđeêghiklmnoôơ ,;|\"'"), min_size=1, max_size=20).filter(
        lambda t: t.strip(" ,;|\"'")
    ),
    st.sampled_from(["Trực tuyến", "Trực tiếp", ""]),
).map(list)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    lines=st.lists(plain, min_size=6, max_size=20),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_without_a_known_word_the_shape_of_the_lines_is_enough(lines, delimiter, end):
    text = written([["a1", "a2", "a3", "a4"], *lines], delimiter=delimiter, lineterminator=end)
    assert lines_of(text)[1:] == lines


@DELIMITERS
def test_what_was_chosen_is_recorded(delimiter):
    read_as = read_delimited(
        written([HEADER, ["1", "2", "3"]], delimiter=delimiter, lineterminator="\r\n"), SHIPPED
    ).read_as
    assert read_as == {"format": "csv", "delimiter": NAMES[delimiter], "line_end": "CRLF", "quote": '"'}


def test_a_text_without_a_table_is_doubtful():
    assert "delimiter_doubtful" in doubts("Kính gửi: Sở Xây dựng\nĐề nghị báo cáo.\n")


def test_a_known_header_leaves_no_doubt():
    assert doubts(written([HEADER, ["1", "2", "3"]])) == doubts(written([HEADER, ["1", "2", "3"]]), SHIPPED) | {}


@DELIMITERS
def test_the_line_that_names_its_delimiter_is_believed(delimiter):
    lines = [["a", "b"], ["1,2;3", "4|5\t6"], ["7", "8"]]
    grid = read_delimited(f"sep={delimiter}\n" + written(lines, delimiter=delimiter, quoting=csv.QUOTE_ALL))
    assert [c for _, c in grid.lines()][1:] == lines
    assert grid.doubts == ()


# --- the last cell ---------------------------------------------------------------------------------------------------


@DELIMITERS
def test_a_delimiter_at_the_end_of_every_line_is_no_column(delimiter):
    text = written([HEADER, *[[str(i), "x", "y"] for i in range(9)]], delimiter=delimiter)
    head, body = text.split("\n", 1)
    for ended in (text.replace("\n", delimiter + "\n"), head + "\n" + body.replace("\n", delimiter + "\n")):
        grid = read_delimited(ended, SHIPPED)
        assert [line[:3] for _, line in grid.lines()][1:] == [[str(i), "x", "y"] for i in range(9)]
        assert len(grid.cells) >= 9


def test_a_cell_beyond_the_header_makes_its_line_ragged():
    lines = [[str(i), "x", "y", ""] for i in range(9)]
    grid = read_delimited(written([HEADER, *lines, ["9", "x", "", "y"]]), SHIPPED)
    assert (11, ["9", "x", "", "y"]) in grid.ragged
    assert len(grid.cells) == 9


def test_a_delimiter_too_many_in_one_line_never_shifts_its_cells():
    grid = read_delimited(written([HEADER, ["1", "2", "3"], ["4", "", "5", ""], ["6", "7", "8"]]), SHIPPED)
    assert grid.ragged == [(3, ["4", "", "5", ""])]


@pytest.mark.parametrize(
    ("tail", "cut"), [("3,04/01/2022", True), ("3", True), ("Người lập", False), ("3,04/01/2022,x", False)]
)
def test_a_text_that_ends_within_a_line_looks_cut_short(tail, cut):
    text = written([HEADER, ["1", "03/01/2022", "x"], ["2", "03/01/2022", "x"]])
    assert doubts(text + tail, SHIPPED) == ({"cut_short": "4"} if cut else {})
    assert doubts(text + tail + "\n", SHIPPED) == {}


# --- damage ----------------------------------------------------------------------------------------------------------


def test_a_line_with_another_delimiter_is_read_and_named():
    grid = read_delimited(written([HEADER, ["1", "2", "3"]]) + "4;5;6\n", SHIPPED)
    assert grid.lines()[-1] == (3, ["4", "5", "6"])
    assert grid.doubts == (Doubt("other_delimiter", "3"),)


def test_a_line_that_fits_two_other_delimiters_stays_ragged():
    grid = read_delimited(written([HEADER, ["1", "2", "3"]]) + "4;5|a;6|b\n", SHIPPED)
    assert grid.ragged == [(3, ["4;5|a;6|b"])]


def test_only_the_first_mended_lines_are_named_one_by_one():
    text = written([HEADER]) + "".join(f'{i},2,"x"y\n' for i in range(8))
    assert doubts(text, SHIPPED) == {"quote_mended": "2, 3, 4, 5, 6 (+3)"}


def test_a_mark_that_is_never_closed_does_not_shift_a_cell_with_a_delimiter_in_it():
    lines = lines_of(written([HEADER]) + '"1,2,"a, b"\n3,4,5\n', SHIPPED)
    assert lines[1:] == [["1", "2", "a, b"], ["3", "4", "5"]]


def test_a_text_most_of_whose_lines_are_damaged_is_refused():
    with pytest.raises(FileProblem, match="more than half"):
        read_delimited("a,b,c\n1,2,3\n" + 'x,"y\n' * 100_001)


def test_a_cell_with_many_line_breaks_is_one_cell():
    long = "\n".join(map(str, range(5000)))
    assert lines_of(written([HEADER, ["1", "2", long], ["3", "4", "5"]]), SHIPPED)[1][2] == long


def test_a_damaged_line_beside_a_cell_with_line_breaks_spoils_nothing():
    text = written([HEADER, ["1", "2", "a\nb\nc"]]) + '4,5,"x\n' + written([["6", "7", "d\ne"]])
    assert lines_of(text, SHIPPED)[1:] == [["1", "2", "a\nb\nc"], ["4", "5", "x"], ["6", "7", "d\ne"]]


# --- against others --------------------------------------------------------------------------------------------------


def misread(pollute, copies):
    """The names of copies of which more cells are lost than their damage tears."""
    names = []
    for copy in copies:
        if copy.kind == "encoding":
            continue
        lost = sum(map(len, copy.lines)) - pollute.right_cells(copy.lines, lines_of(copy.content.decode()))
        torn = copy.kind in {"quote never closed", "quote too many"}  # a lost mark around a delimiter tears its line
        if lost > (len(copy.lines[0]) if torn else 0):
            names.append(copy.name)
    return names


def test_every_kind_of_pollution_is_read_as_a_person_would(pollute):
    """Every ninth of them here; all of them in the next test."""
    assert not misread(pollute, list(pollute.polluted())[::9])


@pytest.mark.long
def test_all_pollution_is_read_as_a_person_would(pollute):
    assert not misread(pollute, pollute.polluted())
