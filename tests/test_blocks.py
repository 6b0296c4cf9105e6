"""A long file is read in blocks, and what comes of it is what the whole file says."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analysis import blocks, intake, stages, told
from analysis.blocks import BLOCK, blocks_of, read_block, survey
from analysis.files import BEING_WRITTEN, read_export
from analysis.grids import FileProblem
from analysis.stages import stage
from analysis.store import load
from analysis.vocabulary import read_vocabulary

SHIPPED = read_vocabulary()
HEADER = "Mã hồ sơ,Tên TTHC,Đơn vị tiếp nhận,Hình thức nộp,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả"
SHOWN = ("dossiers", "history", "fates", "warnings", "ledger", "files")


def line(
    number, *, procedure="Cấp giấy phép xây dựng", unit="Cơ sở 1", channel="1", received="03/01/2022 08:15", resolved=""
):
    return f"H99-{number:05},{procedure},{unit},{channel},{received},10/01/2022,{resolved}"


def export(*lines, end="\n"):
    return (end.join([HEADER, *lines]) + end).encode()


PLAIN = [line(n, received=f"{n % 27 + 1:02}/01/2022 08:15", channel=str(n % 2 + 1)) for n in range(400)]
MESSY = [
    line(904, procedure="Hå s¬"),  # old fonts are told by the beginning of a file
    *PLAIN[:50],
    line(900, procedure='"Sửa chữa\nnhà, ""cũ"""'),
    line(901, unit='"Phòng một, hai"'),
    "",
    *PLAIN[50:120],
    "   ,,,,,,",
    "H99-00902,thiếu ô,1",
    PLAIN[30],
    line(31, resolved="09/01/2022"),
    *PLAIN[120:200],
    line(32, received="31/02/2022"),
    line(903, channel="bồ câu"),
    line(905, procedure="Cáº¥p giáº¥y phÃ©p"),
    HEADER,
    "H99-00906;Cấp phép;Cơ sở 2;1;03/01/2022;10/01/2022;",
    *PLAIN[200:400],
    line(33, resolved="08/01/2022"),
    ",,,,,,",
    "Tổng cộng,,,,,,400",
    "Người lập biểu,,,,,,",
    "Người Thứ Nhất,,,,,,",
]  # fmt: skip


@pytest.fixture
def short(monkeypatch):
    """Files of a few thousand bytes are long ones."""
    monkeypatch.setattr(blocks, "HEAD", 4096)
    monkeypatch.setattr(blocks, "TAIL", 256)


def cleaned(folder, monkeypatch, *, block=BLOCK, in_memory=intake.IN_MEMORY, part=intake.PART, lines=stages.LINES):
    """Everything that is said of a folder of exports, read in blocks of so many bytes."""
    (folder / "data/raw").mkdir(parents=True, exist_ok=True)
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(blocks, "BLOCK", block)
        patch.setattr(intake, "IN_MEMORY", in_memory)
        patch.setattr(intake, "PART", part)
        patch.setattr(stages.Staged.partitions, "__kwdefaults__", {"lines": lines})
        data = load("data/raw")
        found = {name: getattr(data, name) for name in SHOWN}
    (folder / "data/processed/manifest.json").unlink()
    return found


def assert_same(one, other):
    for name in SHOWN:
        by = [c for c in ("source_file", "source_sheet", "source_row", "fate", "reason", "column") if c in one[name]]
        a, b = (t[name].sort_values(by, ignore_index=True) for t in (one, other))
        pd.testing.assert_frame_equal(a, b, check_categorical=False, check_dtype=False)


# --- where a file is cut ---------------------------------------------------------------------------------------------


def test_a_file_is_cut_behind_lines_and_never_within_a_quotation(tmp_path, short):
    path = tmp_path / "a.csv"
    path.write_bytes(export(*MESSY))
    content = path.read_bytes()
    (found,) = survey([path], size=700)
    assert len(found.cuts) > 20
    for cut in found.cuts:
        assert content[cut - 1 : cut] == b"\n"
        assert content.count(b'"', 0, cut) % 2 == 0


def test_the_last_block_holds_more_than_a_signature(tmp_path, short):
    path = tmp_path / "a.csv"
    path.write_bytes(export(*MESSY))
    (found,) = survey([path], size=300)
    assert found.stamp[0] - found.cuts[-1] >= 256


def test_a_short_file_is_one_block_and_so_is_a_workbook(root):
    for name in ("ho-so-2021_20220105.csv", "so-theo-doi-ho-so_20221110.xlsx"):
        (found,) = survey([root / "data/raw/sample" / name], size=1000)
        (block,) = blocks_of(found, name=name, vocabulary=SHIPPED)
        assert (block.start, block.end, block.known) == (0, 0, None)


def test_a_line_longer_than_a_block_ends_the_cutting_and_loses_nothing(tmp_path, short, monkeypatch):
    (tmp_path / "data/raw").mkdir(parents=True)
    lines = [*PLAIN[:200], line(900, procedure=f'"{"dài " * 2000}"'), *PLAIN[200:]]
    (tmp_path / "data/raw/a.csv").write_bytes(export(*lines))
    found = cleaned(tmp_path, monkeypatch, block=1500)
    assert len(found["dossiers"]) == 401


# --- blocks and the whole --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("size", [pytest.param(900, marks=pytest.mark.long), 2500, 10_000])
def test_blocks_together_say_what_the_whole_file_says(tmp_path, monkeypatch, end, mark, size):
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/a.csv").write_bytes(mark + export(*MESSY, end=end))
    whole = cleaned(tmp_path, monkeypatch)
    monkeypatch.setattr(blocks, "HEAD", 4096)
    monkeypatch.setattr(blocks, "TAIL", 256)
    (found,) = survey([tmp_path / "data/raw/a.csv"], size=size)
    assert len(blocks_of(found, name="a.csv", vocabulary=SHIPPED)) > 1
    apart = cleaned(tmp_path, monkeypatch, block=size)
    assert_same(whole, apart)
    spilled = cleaned(tmp_path, monkeypatch, block=size, in_memory=0, part=2000, lines=50)
    assert_same(whole, spilled)


@pytest.mark.parametrize(
    "odd",
    [
        line(900, procedure='Sửa "nhà').encode(),
        b"H99-00900,\xcc\xcd\xce,,1,03/01/2022,,",
        b"H99-00900,a\0b,,1,03/01/2022,,",
        b"H99-00900,a,,1,03/01/2022,,\rH99-00901,a,,1,03/01/2022,,",
    ],
    ids=["quotation mark", "no UTF-8", "zero byte", "carriage return"],
)
def test_a_late_line_that_cannot_be_read_in_a_block_makes_the_file_be_read_whole(tmp_path, monkeypatch, odd):
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/a.csv").write_bytes(
        export(*PLAIN) + odd + b"\n" + export(*PLAIN[:20])[len(HEADER.encode()) + 1 :]
    )
    whole = cleaned(tmp_path, monkeypatch)
    monkeypatch.setattr(blocks, "HEAD", 4096)
    found = survey([tmp_path / "data/raw/a.csv"], size=3000)
    taken = stage(blocks_of(found[0], name="a.csv", vocabulary=SHIPPED), vocabulary=SHIPPED)
    assert [sheet.start for sheet in taken.sheets] == [0]
    for in_memory in (intake.IN_MEMORY, 0):
        assert_same(whole, cleaned(tmp_path, monkeypatch, block=3000, in_memory=in_memory))


def test_rows_are_counted_from_the_beginning_of_the_file(tmp_path, short):
    path = tmp_path / "a.csv"
    path.write_bytes(export(*PLAIN))
    (found,) = survey([path], size=3000)
    staged = stage(blocks_of(found, name="a.csv", vocabulary=SHIPPED), vocabulary=SHIPPED)
    settled = staged.partitions()[0].settle()
    rows = settled.lines["source_row"].to_numpy()
    assert np.sort(rows).tolist() == list(range(2, 402))


def test_a_file_that_changes_between_survey_and_reading_is_being_written(tmp_path, short):
    path = tmp_path / "a.csv"
    path.write_bytes(export(*PLAIN))
    (found,) = survey([path], size=3000)
    parts = blocks_of(found, name="a.csv", vocabulary=SHIPPED)
    path.write_bytes(export(*PLAIN, PLAIN[0]))
    ((name, problem),) = read_block(parts[1], vocabulary=SHIPPED)
    assert (name, str(problem)) == ("a.csv", BEING_WRITTEN)


def test_a_file_of_which_one_block_cannot_be_read_is_left_out_whole_and_named(tmp_path, short):
    path = tmp_path / "a.csv"
    path.write_bytes(export(*PLAIN))
    (found,) = survey([path], size=3000)
    parts = blocks_of(found, name="a.csv", vocabulary=SHIPPED)
    staged = stage([parts[0], parts[1]._replace(stamp=(1, 1)), *parts[2:]], vocabulary=SHIPPED)
    assert (staged.sheets, staged.problems) == ([], [("a.csv", BEING_WRITTEN)])


def test_a_file_that_is_gone_is_a_problem_and_no_fault(tmp_path):
    (found,) = survey([tmp_path / "a.csv"])
    assert found.sha256 == "unreadable"
    ((_, problem),) = read_block(blocks_of(found, name="a.csv", vocabulary=SHIPPED)[0], vocabulary=SHIPPED)
    assert isinstance(problem, FileProblem)


def test_a_long_file_without_a_header_is_refused_as_a_short_one(tmp_path, short):
    path = tmp_path / "a.csv"
    path.write_bytes(export(*PLAIN)[len(HEADER.encode()) + 1 :])
    (found,) = survey([path], size=3000)
    ((_, problem),) = read_block(blocks_of(found, name="a.csv", vocabulary=SHIPPED)[0], vocabulary=SHIPPED)
    with pytest.raises(FileProblem, match="no header was found"):
        read_export(path, vocabulary=SHIPPED)
    assert "no header was found" in str(problem)


# --- the law ---------------------------------------------------------------------------------------------------------

LINES = st.lists(
    st.builds(
        line,
        st.integers(0, 40),
        procedure=st.sampled_from(["Cấp phép", "CẤP PHÉP ", '"a, b"', '"a\nb"']),
        channel=st.sampled_from(["1", "2", "", "bồ câu"]),
        received=st.sampled_from(["03/01/2022", "04/01/2022 10:00", "31/02/2022", ""]),
        resolved=st.sampled_from(["", "05/01/2022", "06/01/2022 16:00"]),
    ),
    min_size=60,
    max_size=120,
)


@pytest.mark.long
@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(LINES, min_size=1, max_size=3),
    st.integers(600, 4000),
    st.integers(500, 5000),
    st.integers(5, 60),
    st.randoms(),
)
def test_the_size_of_blocks_and_partitions_and_the_order_of_files_change_nothing(files, block, part, lines, random):
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "data/raw").mkdir(parents=True)
        for number, of_file in enumerate(files):
            (folder / f"data/raw/{number}_2022020{number + 1}.csv").write_bytes(export(*of_file))
        patch.setattr(blocks, "HEAD", 1500)
        patch.setattr(blocks, "TAIL", 200)
        one = cleaned(folder, patch)
        find = told.find_exports
        patch.setattr(told, "find_exports", lambda data: random.sample(find(data), len(files)))
        other = cleaned(folder, patch, block=block, in_memory=0, part=part, lines=lines)
    assert_same(one, other)
