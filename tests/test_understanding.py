"""What a sheet was understood as: its words, its days, whatever blocks it is read in."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.files import read_export
from analysis.privacy import MOST_WORDS
from analysis.stages import judge
from analysis.store import load
from analysis.understanding import DATE, OTHERS, Seen, see, series_of, together, understandings
from analysis.vocabulary import read_vocabulary

HEADER = "Mã hồ sơ,Ngày tiếp nhận,Trạng thái"


@pytest.fixture
def seen(tmp_path):
    """What is seen of some lines of dossiers."""

    def seen(*lines):
        (tmp_path / "a.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        words = read_vocabulary()
        (export,) = read_export(tmp_path / "a.csv", vocabulary=words)
        return see(export, judge(export, vocabulary=words), vocabulary=words)

    return seen


def test_words_are_counted_as_they_fold_with_their_meaning(seen):
    found = seen("H-1,03/01/2022,RÚT HỒ SƠ", "H-2,03/01/2022,Rút hồ sơ", "H-3,03/01/2022,Chờ thuế", "H-4,04/01/2022,")
    assert found.words == {"status": [("Chờ thuế", "", 1), ("RÚT HỒ SƠ", "withdrawn", 2)]}


def test_lines_and_those_that_are_rejected_are_counted(seen):
    found = seen("H-1,03/01/2022,", "H-2,31/02/2022,", "H-3,04/01/2022,", "H-4,04/01/2022,")
    assert (found.lines, found.rejected, list(found.days.values())) == (4, 1, [1, 2])


def test_many_unknown_words_are_told_by_their_number_alone(seen):
    lines = [f"H-{n},03/01/2022,Người {chr(65 + n % 26)}{n // 26}" for n in range(MOST_WORDS)]
    assert len(seen(*lines).words["status"]) == MOST_WORDS
    many = seen(*lines, "H-99,03/01/2022,Rút hồ sơ", "H-98,03/01/2022,Còn một")
    assert many.words["status"] == [("Rút hồ sơ", "withdrawn", 1), (OTHERS, "", MOST_WORDS + 1)]


def test_a_word_that_looks_like_the_number_of_a_person_is_cut(seen):
    assert seen("H-1,03/01/2022,0900 000 000").words["status"] == [("0900 0…", "", 1)]


words = st.lists(st.tuples(st.sampled_from([f"w{n}" for n in range(40)]), st.just(""), st.integers(1, 5)), max_size=40)
blocks = st.lists(
    st.builds(
        Seen, words=st.fixed_dictionaries({"status": words}), lines=st.integers(0, 9), rejected=st.integers(0, 9),
        days=st.dictionaries(st.integers(18_000, 18_100), st.integers(1, 9)),
    ),
    min_size=2, max_size=4,
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(blocks)
def test_it_makes_no_difference_in_which_blocks_a_sheet_is_read(blocks):
    def as_one(several):
        told = json.loads(together(several))
        days = {}
        for block in several:
            days |= {day: days.get(day, 0) + lines for day, lines in block.days.items()}
        held = {column: [tuple(word) for word in known] for column, known in told["words"].items()}
        return Seen(held, told["lines"], told["rejected"], days)

    whole = together(blocks)
    assert together([as_one(blocks[:1]), *map(as_one, [[block] for block in blocks[1:]])]) == whole
    assert together([as_one(blocks[:2]), *blocks[2:]]) == whole


def test_one_mistyped_day_of_twenty_is_not_the_first(seen):
    days = {18_990: 10, 18_995: 9, 11_000: 1}
    assert json.loads(together([Seen({}, 20, 0, days)]))["first"] == "2021-12-29"
    assert json.loads(together([Seen({}, 3, 0, {18_990: 1, 18_995: 2})]))["first"] == "2021-12-29"


def days_of(tmp_path, monkeypatch, name, *lines, title=()):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_text("\n".join([*title, HEADER, *lines]) + "\n", encoding="utf-8")
    data = load("raw")
    (found,) = understandings(data.files, vocabulary=data.vocabulary)
    return found.first, found.last


@pytest.mark.parametrize(
    ("name", "last"),
    [("a.csv", "2022-01-20"), ("a_20220125.csv", "2022-01-25"), ("a_20220305.csv", "2022-01-31")],
)
def test_an_export_reaches_to_its_day_within_the_month_of_its_last_event(tmp_path, monkeypatch, name, last):
    lines = ["H-1,03/01/2022,", "H-2,20/01/2022,"]
    assert days_of(tmp_path, monkeypatch, name, *lines) == ("2022-01-03", last)


def test_a_title_says_which_days_an_export_covers(tmp_path, monkeypatch):
    title = ["Từ ngày 01/01/2022 đến ngày 31/03/2022,,"]
    assert days_of(tmp_path, monkeypatch, "a.csv", "H-1,03/01/2022,", title=title) == ("2022-01-01", "2022-03-31")


def test_the_series_of_a_file_has_no_digits():
    assert series_of("2022-11/Hồ sơ (3).csv") == series_of("ho so.csv")
    assert series_of("van-ban-den-2022.xlsx") != series_of("van-ban-di-2022.xlsx")


@pytest.mark.parametrize(
    "name",
    [
        "co-so-1_20221110.csv",
        "co-so-1 2022.csv",
        "co-so-1 2022-11.csv",
        "co-so-1_10.11.2022.csv",
        "2022/co-so-1_11-2022.csv",
    ],
)
def test_a_name_without_its_date_keeps_the_number_of_a_unit(name):
    assert series_of(name, digits=DATE) == "co so 1 csv"


def test_what_is_seen_of_a_long_file_read_in_blocks_is_what_is_seen_of_it_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = [f"H-{n:06},{n % 28 + 1:02}/01/2022,{('Rút hồ sơ', 'Chờ thuế')[n % 2]}" for n in range(200_000)]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    found = {}
    for size in (1 << 20, 1 << 28):
        monkeypatch.setattr("analysis.blocks.BLOCK", size)
        files = load("raw").files
        found[size] = json.loads(files.seen[0])
        (tmp_path / "raw/a.csv").write_text((tmp_path / "raw/a.csv").read_text("utf-8") + "\n", encoding="utf-8")
    assert found[1 << 20] == found[1 << 28]
    assert pd.Timestamp(found[1 << 20]["first"]) == pd.Timestamp("2022-01-01")
    assert found[1 << 20]["words"]["status"] == [["Chờ thuế", "", 100_000], ["Rút hồ sơ", "withdrawn", 100_000]]
