"""Names of the handbook: spellings under one name, successors as today, and everything as exported without their line."""

import sys

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import trend_charts, trends, trends_page
from analysis.__main__ import main
from analysis.catalogue import count_out_of_force, count_procedures
from analysis.counts import count_events
from analysis.handbook import NAME, read_handbook
from analysis.handbook_page import mistake_sentences
from analysis.labels import read_labels
from analysis.name_lines import lay_names
from analysis.names import KINDS, naming_of, rename
from analysis.names_in_use import out_of_time, own_breaks, put_together
from analysis.names_page import show_names
from analysis.periods import Unanswerable, read_period
from analysis.processed import processed_folder
from analysis.store import load
from analysis.tally import count_exports
from analysis.targets import _of_scope
from analysis.targets_page import scope_sentences
from analysis.vocabulary import VocabularyError, fold, read_vocabulary

VI, EN = read_labels("vi"), read_labels("en")
HEAD = (
    "Mã hồ sơ,Mã TTHC,Tên TTHC,Lĩnh vực,Đơn vị tiếp nhận,Phòng chuyên môn,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả"
)
EXPORT = [
    HEAD,
    "H-1,1.000001.H12,Cấp phép,Nhà ở,Cơ sở 1,Phòng A,03/01/2022,20/01/2022,10/01/2022",
    "H-2,1.000001,CẤP PHÉP,Nhà,CS1,P.A,10/02/2022,25/02/2022,",
    "H-3,1.000002,Cấp phép mới,Nhà ở,Cơ sở 2,PHÒNG A,04/07/2022,20/07/2022,10/07/2022",
    "H-4,1.000002,Cấp phép mới,,,Phòng B,05/08/2022,25/08/2022,",
]
CATALOGUE = [
    "Mã số,Tên thủ tục,Lĩnh vực,Thời hạn giải quyết,Hiệu lực từ,Hiệu lực đến,Thay thế bởi",
    "1.000001,Cấp phép,Nhà,10 ngày,,30/06/2022,1.000002",
    "1.000002,Cấp phép mới,Nhà ở,8 ngày,01/07/2022,,",
]
DOCUMENTS = ["Số đến,Ngày đến,Sổ văn bản,Đơn vị xử lý", "1,03/01/2022,Sổ đến,P.A", "2,04/01/2022,Sổ đến,CS1"]
A_TO_B = {"kind": "division", "name": "Phòng A", "also": "P.A", "valid_to": "30/06/2022", "successor": "Phòng B", "reason": "Sáp nhập"}  # fmt: skip
CS1 = {"kind": "unit", "name": "Cơ sở 1", "also": "CS1", "reason": "Viết tắt"}
OLD = {
    "kind": "procedure",
    "name": "Cấp phép",
    "code": "1.000001",
    "valid_to": "30/06/2022",
    "successor": "Cấp phép mới",
}
NEW = {"kind": "procedure", "name": "Cấp phép mới", "code": "1.000002"}


@pytest.fixture
def desk(tmp_path, handbook_of):
    """A folder of small exports; calling it writes the names of a handbook beside them."""
    for name, lines in (("a_20220901", EXPORT), ("catalogue", CATALOGUE), ("register", DOCUMENTS)):
        (tmp_path / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")

    def write(*lines, **sheets):
        handbook_of(tmp_path, names=lines, **sheets)
        return tmp_path

    return write


def held(data, column):
    return data.dossiers[column].astype("str").fillna("").tolist()


# --- spellings -------------------------------------------------------------------------------------------------------


def test_another_spelling_counts_under_its_name_and_comes_back_with_its_line(desk):
    assert held(load(desk()), "unit") == ["Cơ sở 1", "CS1", "Cơ sở 2", ""]
    assert held(load(desk(CS1)), "unit") == ["Cơ sở 1", "Cơ sở 1", "Cơ sở 2", ""]
    assert held(load(desk()), "unit") == ["Cơ sở 1", "CS1", "Cơ sở 2", ""]


def test_capitals_and_accents_of_a_name_make_no_other_name(desk):
    assert held(load(desk(A_TO_B)), "division") == ["Phòng A", "Phòng A", "Phòng A", "Phòng B"]


def test_every_table_has_the_same_names(desk):
    field = {"kind": "field", "name": "Nhà ở", "also": "nhà"}
    data = load(desk(CS1, A_TO_B, field))
    assert data.documents.unit.tolist() == ["Phòng A", "Cơ sở 1"], "registers of documents name divisions as units"
    assert data.document_history.unit.tolist() == ["Phòng A", "Cơ sở 1"]
    assert data.procedures.field.tolist() == ["Nhà ở", "Nhà ở"]
    assert data.history.unit.astype("str").tolist() == data.dossiers.unit.astype("str").tolist()


def test_the_cleaned_tables_keep_what_was_exported(desk):
    plain = load(desk())
    manifest = (processed_folder(desk()) / "manifest.json").read_bytes()
    named = load(desk(CS1, A_TO_B), names="today")
    assert (processed_folder(desk()) / "manifest.json").read_bytes() == manifest, "nothing is cleaned anew"
    pd.testing.assert_frame_equal(named.read("dossiers"), plain.dossiers)


def test_a_column_of_categories_stays_one_in_order(desk):
    units = load(desk({"kind": "unit", "name": "Z", "also": "Cơ sở 1"})).dossiers.unit
    assert units.cat.categories.tolist() == ["CS1", "Cơ sở 2", "Z"]


# --- as then, as today -----------------------------------------------------------------------------------------------


def test_a_successor_acts_only_as_today(desk):
    folder = desk(A_TO_B)
    assert held(load(folder), "division") == ["Phòng A", "Phòng A", "Phòng A", "Phòng B"]
    assert held(load(folder, names="today"), "division") == ["Phòng B"] * 4


def test_successors_are_followed_to_the_last_by_any_spelling(desk):
    b_to_c = {"kind": "division", "name": "Phòng B", "also": "P.B", "successor": "p. c"}
    c = {"kind": "division", "name": "Phòng C", "also": "P.C"}
    folder = desk({**A_TO_B, "successor": "p b"}, b_to_c, c)
    assert held(load(folder, names="today"), "division") == ["Phòng C"] * 4


def test_the_setting_chooses_the_view_and_a_word_of_the_command_wins(desk):
    folder = desk(A_TO_B, settings=[{"setting": "names", "value": "today"}])
    assert set(held(load(folder), "division")) == {"Phòng B"}
    assert set(held(load(folder, names="then"), "division")) == {"Phòng A", "Phòng B"}


def test_a_view_that_is_none_is_refused(desk, tmp_path):
    with pytest.raises(Unanswerable, match="known are then and today"):
        load(desk(), names="now")
    with pytest.raises(Unanswerable, match="known are then and today"):
        count_exports(desk(), names="now")
    own = tmp_path / "own.toml"
    own.write_text('[settings]\nnames = "now"\n', encoding="utf-8")
    with pytest.raises(VocabularyError, match="must be then or today"):
        read_vocabulary(own)


# --- procedures ------------------------------------------------------------------------------------------------------


def test_the_code_of_a_procedure_goes_with_its_name(desk):
    year = read_period("2022")
    for lines in ([OLD, NEW], [OLD]):  # the catalogue has the code where the handbook does not
        data = load(desk(*lines), names="today")
        assert held(data, "procedure_code") == ["1.000002"] * 4
        table = count_procedures(data.dossiers, data.procedures, year)
        assert table[["procedure_code", "procedure", "received"]].to_numpy().tolist() == [
            ["1.000002", "Cấp phép mới", 4]
        ]
    assert held(load(desk(OLD, NEW)), "procedure_code")[:2] == ["1.000001.H12", "1.000001"]


def test_a_code_that_goes_on_is_in_force_in_the_days_of_both_and_has_no_successor_but_itself(desk):
    data = load(desk(OLD, NEW), names="today")
    assert count_out_of_force(data.dossiers, data.procedures, read_period("2022")).empty
    assert data.procedures.successor.isna().all()


def test_a_code_without_a_known_successor_stays(desk):
    data = load(desk({**OLD, "successor": "Thủ tục khác"}), names="today")
    assert held(data, "procedure_code")[1] == "1.000001"
    assert held(data, "procedure")[:2] == ["Thủ tục khác"] * 2


def test_two_codes_of_one_name_stay_two_where_nothing_replaces_it(desk):
    folder = desk(OLD | {"successor": "", "valid_to": ""}, {**OLD, "successor": "", "valid_to": "", "code": "1.000002"})
    assert held(load(folder, names="today"), "procedure_code") == ["1.000001.H12", "1.000001", "1.000002", "1.000002"]


# --- one unit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["Cơ sở 1", "cs1", "CƠ SỞ 1"])
def test_a_unit_is_found_by_any_of_its_spellings(desk, asked):
    data = load(desk(CS1), unit=asked)
    assert (data.name, len(data.dossiers), len(data.history)) == ("Cơ sở 1", 2, 2)


def test_a_unit_is_found_under_the_names_of_the_view(desk):
    folder = desk({**CS1, "successor": "Cơ sở 2"})
    assert len(load(folder, unit="Cơ sở 2").dossiers) == 1
    assert len(load(folder, unit="CƠ SỞ 2", names="today").dossiers) == 3
    with pytest.raises(Unanswerable, match=r"the units in the exports are: Cơ sở 2\. It is called 'Cơ sở 2' today\."):
        load(folder, unit="CS1", names="today")


def test_a_target_of_a_unit_is_found_by_any_of_its_spellings(desk):
    target = {"measure": "on_time_rate", "unit": "cs1", "year": "2022", "value": "95", "source": "x"}
    data = load(desk(CS1, targets=[target]), unit="Cơ sở 1")
    assert len(_of_scope(data)) == 1
    assert scope_sentences(load(desk(CS1, targets=[target])), labels=EN) == []
    assert len(scope_sentences(load(desk(targets=[{**target, "unit": "CS9"}])), labels=EN)) == 1


# --- counts, and the command -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["then", "today"])
def test_counting_without_rows_uses_the_same_names(desk, view):
    folder, by = desk(CS1, A_TO_B, OLD, NEW), (("unit",), ("division", "procedure"), ("procedure_code",))
    data = load(folder, names=view)
    for columns, events in zip(by, count_exports(folder, by=by, names=view).events, strict=True):
        expected = count_events(data.dossiers, by=columns, per="month")
        pd.testing.assert_frame_equal(
            events.astype(dict.fromkeys(columns, "str")), expected.astype(dict.fromkeys(columns, "str"))
        )


def test_counting_without_rows_uses_the_view_of_the_settings(desk):
    folder = desk(A_TO_B, settings=[{"setting": "names", "value": "today"}])
    assert set(count_exports(folder, by=[["division"]]).events[0].division) == {"Phòng B"}


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command as a shell would; its exit code and what it printed."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["analysis", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code or 0, *capsys.readouterr()

    return run


def test_the_command_takes_the_view_and_any_spelling_of_a_unit(desk, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = str(desk(CS1, A_TO_B))
    then, today = (run("count", "--by", "division", "--data", folder, *view) for view in ([], ["--names", "today"]))
    assert then[0] == today[0] == 0
    assert "Phòng A" in then[1]
    assert "Phòng A" not in today[1]
    code, out, _ = run("form", "2022", "--data", folder, "--unit", "cs1", "--names", "today", "--out", str(tmp_path))
    assert (code, out.strip()) == (0, str(tmp_path / "06a-2022.co-so-1.today.xlsx"))
    assert run("figures", "2022", "--data", folder, "--names", "now")[0] == 2


# --- what the page says ----------------------------------------------------------------------------------------------


def test_the_page_names_what_was_put_together_how_many_and_why(desk):
    data = load(desk(CS1, A_TO_B))
    table = put_together(data)[["kind", "found", "name", "is_replaced", "dossiers", "documents", "reason"]]
    assert table.to_numpy().tolist() == [
        ["unit", "CS1", "Cơ sở 1", False, 1, 1, "Viết tắt"],
        ["division", "P.A", "Phòng A", False, 1, 1, "Sáp nhập"],
        ["division", "PHÒNG A", "Phòng A", False, 1, 0, ""],
    ]
    shown = show_names(data, labels=VI)
    assert "3 cách viết trong tệp dữ liệu được gộp" in shown
    assert '<th scope="row">CS1</th><td>Cơ sở 1</td><td>Đơn vị tiếp nhận</td><td>cách viết khác</td>' in shown


def test_the_page_says_which_names_are_those_of_today(desk):
    data = load(desk(A_TO_B, OLD, NEW), names="today")
    table = put_together(data)
    replaced = table[table.is_replaced]
    assert replaced[["kind", "found", "name", "dossiers"]].to_numpy().tolist() == [
        ["division", "P.A", "Phòng B", 1], ["division", "PHÒNG A", "Phòng B", 1], ["division", "Phòng A", "Phòng B", 1],
        ["procedure", "CẤP PHÉP", "Cấp phép mới", 1], ["procedure", "Cấp phép", "Cấp phép mới", 1],
        ["procedure_code", "1.000001", "1.000002", 2],
    ]  # fmt: skip
    assert "The report uses the names of today" in show_names(data, labels=EN)


def test_of_one_unit_only_its_own_dossiers_are_named(desk):
    data = load(desk(CS1, A_TO_B), unit="Cơ sở 1")
    assert put_together(data).dossiers.tolist() == [1, 1]


def test_without_a_name_the_page_says_nothing(desk):
    assert show_names(load(desk()), labels=VI) == ""
    assert show_names(load(desk({"kind": "unit", "name": "Cơ sở 9", "also": "CS9"})), labels=VI) == ""


def test_a_name_used_after_its_last_day_is_said_and_not_changed(desk):
    data = load(desk(A_TO_B, {"kind": "division", "name": "Phòng B", "valid_from": "01/08/2022"}))
    assert out_of_time(data)[["name", "dossiers"]].to_numpy().tolist() == [["Phòng A", 1]], "the one of July"
    assert "“Phòng A” is valid up to 30 Jun 2022, but 1 dossiers" in show_names(data, labels=EN)
    assert held(data, "division")[2] == "Phòng A"


def test_what_was_never_accepted_is_not_used_under_a_name(desk):
    (desk() / "b_20220901.csv").write_text(
        f"{HEAD},Trạng thái\nH-9,,,,,Phòng A,04/07/2022,20/07/2022,,Không được tiếp nhận\n", encoding="utf-8"
    )
    assert out_of_time(load(desk(A_TO_B))).dossiers.tolist() == [1]


def test_a_name_used_before_its_first_day_is_said(desk):
    data = load(desk({"kind": "division", "name": "Phòng B", "valid_from": "06/08/2022"}))
    assert "“Phòng B” có hiệu lực từ 06/08/2022" in show_names(data, labels=VI)


def test_the_last_day_and_the_first_day_are_within(desk):
    last = {**A_TO_B, "also": "", "valid_to": "04/07/2022"}
    first = {"kind": "division", "name": "Phòng B", "valid_from": "05/08/2022"}
    assert out_of_time(load(desk(last, first))).empty


def test_a_name_of_an_export_never_runs(desk):
    data = load(desk({**CS1, "name": "<script>", "also": "CS1"}))
    assert "<script>" not in show_names(data, labels=VI)


# --- breaks ----------------------------------------------------------------------------------------------------------


def test_a_successor_is_a_break_of_the_series_the_day_after_drawn_listed_and_marked(desk):
    data = load(desk(A_TO_B))
    breaks = trends.breaks_of(data, trends.whole_span(data))
    assert breaks[["first", "vi", "en", "row"]].to_numpy().tolist() == [
        [pd.Timestamp("2022-07-01"), "Phòng A → Phòng B: Sáp nhập", "Phòng A → Phòng B: Sáp nhập", 5]
    ]
    shown = trends_page.show_breaks(breaks, labels=VI)
    assert "Sổ tay của đơn vị, trang Tên gọi, dòng 5" in shown
    ax = trend_charts.plot_flows(trends.monthly(data), breaks, labels=VI)
    assert [(text.get_text(), text.xy[0]) for text in ax.texts if "[" in text.get_text()] == [("[1]", 5.5)]
    plt.close("all")
    gone = load(desk())
    assert trends.breaks_of(gone, trends.whole_span(gone)).empty


def test_a_merger_is_one_break_and_a_name_that_begins_with_it_adds_none(desk):
    merged = [{**A_TO_B, "also": ""}, {**A_TO_B, "name": "Phòng D", "also": "Phòng E"}]
    begun = {"kind": "division", "name": "Phòng B", "valid_from": "01/07/2022", "reason": "Thành lập"}
    (desk() / "b_20220901.csv").write_text(f"{HEAD}\nH-9,,,,,Phòng D,03/01/2022,20/01/2022,\n", encoding="utf-8")
    assert own_breaks(load(desk(*merged, begun))).vi.tolist() == ["Phòng A; Phòng D → Phòng B: Sáp nhập"]
    assert own_breaks(load(desk(begun))).vi.tolist() == ["Phòng B: Thành lập"]


def test_a_name_that_the_data_do_not_have_breaks_nothing(desk):
    assert own_breaks(load(desk({**A_TO_B, "name": "Phòng X", "also": ""}))).empty


def test_a_break_that_everyone_has_stands_beside_that_of_the_department(desk):
    (desk() / "b_20251231.csv").write_text(f"{HEAD}\nH-9,,,,,Phòng B,03/11/2025,20/11/2025,\n", encoding="utf-8")
    data = load(desk(A_TO_B))
    breaks = trends.breaks_of(data, trends.whole_span(data))
    assert breaks.row.isna().tolist() == [False, True, True]
    assert "portals of the provinces" in trends_page.show_breaks(breaks, labels=VI)


# --- wrong lines -----------------------------------------------------------------------------------------------------

WRONG = [
    ({"kind": "phường", "name": "x"}, "column “Loại tên”: says “phường”; allowed are"),
    ({"kind": "unit"}, "column “Tên”: is blank"),
    ({"kind": "unit", "name": "…", "also": "x"}, "column “Tên”: says “…”, which has no letter"),
    ({"kind": "unit", "name": "x", "valid_to": "31/02/2022"}, "column “Có hiệu lực đến”: says “31/02/2022”, which is no day"),
    (
        {"kind": "unit", "name": "x", "valid_from": "02/01/2022", "valid_to": "01/01/2022"},
        "column “Có hiệu lực đến”: says “01/01/2022”, which is before the day it is valid from (02/01/2022)",
    ),
    ({"kind": "unit", "name": "Cơ sở 3", "also": "cs1"}, "column “Cách viết khác”: says “cs1”, but a line above counts"),
    ({"kind": "unit", "name": "cs1"}, "column “Tên”: says “cs1”, but a line above counts this spelling under “Cơ sở 1”"),
    ({"kind": "division", "name": "P A", "successor": "Phòng C"}, "“P A”, but a line above counts"),
    ({"kind": "division", "name": "PHÒNG A", "successor": "Phòng C"}, "another successor (“Phòng B”)"),
    (
        {"kind": "division", "name": "Phòng B", "successor": "P.A"},
        "column “Được thay bằng”: says “P.A”, so that the names replace each other in a circle: Phòng B → Phòng A → Phòng B",
    ),
    ({"kind": "division", "name": "Phòng C", "successor": "Phong C"}, "in a circle: Phòng C → Phòng C"),
    (
        {"kind": "procedure", "name": "Khác", "code": "1.000001.H12", "successor": "Mới"},
        "column “Mã”: says “1.000001.H12”, which is the code of “Cấp phép”",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "told"), WRONG)
def test_a_wrong_line_is_one_sentence_and_stops_no_other(desk, line, told):
    path = desk(CS1, A_TO_B, OLD, line) / NAME
    book, _ = lay_names(read_handbook(path), read_vocabulary())
    said = mistake_sentences(book, labels=EN)
    assert len(said) == 2
    assert said[1].startswith("Handbook, sheet “Tên gọi”, row 8, ")
    assert told in said[1]
    naming = naming_of(book.of("names"), view="today")
    assert (naming.name_of("unit", "CS1"), naming.name_of("division", "P.A")) == ("Cơ sở 1", "Phòng B")


def test_a_wrong_line_is_left_out_wherever_exports_are_read(desk):
    folder = desk(A_TO_B, {"kind": "division", "name": "Phòng B", "successor": "P.A"})
    for handbook in (load(folder).handbook, count_exports(folder).handbook):
        assert handbook.mistakes.problem.tolist() == ["names.circle"]


def test_a_spelling_that_closes_a_circle_is_the_mistake():
    book = laid([{"name": "A", "successor": "P.B"}, {"name": "A", "also": "P B"}])
    assert book.mistakes[["row", "column", "problem"]].to_numpy().tolist() == [[7, "Cách viết khác", "names.circle"]]


def test_a_line_again_and_a_code_kept_by_a_successor_are_no_mistakes():
    again = [{"name": "A", "also": "a1", "successor": "B"}, {"name": "a", "also": "a2", "successor": "b"}]
    assert laid(again).mistakes.empty
    chain = [{"name": "A", "code": "1.000001", "successor": "B"}, {"name": "B", "code": "1.000001", "successor": "C"}]
    assert laid([{**line, "kind": "procedure"} for line in chain]).mistakes.empty


# --- properties ------------------------------------------------------------------------------------------------------


def table(lines):
    """Lines as ``read_handbook`` gives them."""
    blank = {
        "kind": "unit",
        "also": "",
        "code": "",
        "valid_from": pd.NaT,
        "valid_to": pd.NaT,
        "successor": "",
        "reason": "",
    }
    full = pd.DataFrame(
        [{**blank, **line, "row": row} for row, line in enumerate(lines, 6)], columns=["name", *blank, "row"]
    )
    days = dict.fromkeys(("valid_from", "valid_to"), "datetime64[us]")
    return full.astype(dict.fromkeys(("kind", "name", "also", "code", "successor", "reason"), "str") | days)


def laid(lines):
    book = read_handbook(None)
    return lay_names(book._replace(lines={**book.lines, "names": table(lines)}), read_vocabulary())[0]


WORD = st.sampled_from(["A", "B", "C", "D", "a.", "Ạ", "b!", "E"])
LINE = st.fixed_dictionaries(
    {"kind": st.sampled_from(["unit", "procedure"]), "name": WORD},
    optional={"also": WORD, "successor": WORD, "code": st.sampled_from(["1.000001", "1.000002"])},
)
HELD = st.lists(st.sampled_from(["A", "a", "B", "C", "D", "E", "F", None]), min_size=1, max_size=30)


@pytest.mark.long
@settings(deadline=None)
@given(st.lists(LINE, max_size=12), HELD, st.sampled_from(["then", "today"]))
def test_whatever_a_handbook_says_no_total_moves_and_every_circle_is_found(lines, texts, view):
    book = laid(lines)
    assert len(book.of("names")) + len(book.mistakes) == len(lines)
    before = pd.DataFrame({"unit": pd.Series(texts, dtype="str").astype("category"), "procedure_code": "1.000001"})
    kept = before.copy(deep=True)
    after = rename(before, naming_of(book.of("names"), view=view))
    assert (after.unit.isna() == before.unit.isna()).all()
    assert len(after) == len(before)
    pd.testing.assert_frame_equal(before, kept)
    again = rename(after, naming_of(book.of("names"), view=view))
    pd.testing.assert_frame_equal(again, after)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["a1", "a2", "b1", "c"]), st.sampled_from(["Xa", "Xb"]), max_size=4), HELD)
def test_as_then_with_only_spellings_is_a_rename_by_hand(spelt, texts):
    units = pd.Series([text and f"{text}1" for text in texts], dtype="str")
    book = laid([{"name": name, "also": also} for also, name in spelt.items()])
    found = rename(pd.DataFrame({"unit": units}), naming_of(book.of("names"), view="then")).unit
    assert found.fillna("").tolist() == [spelt.get(fold(text), text) for text in units.fillna("")]


@pytest.mark.long
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        LINE.map(
            lambda line: {k: f"không có {v}" if k in {"name", "also", "successor"} else v for k, v in line.items()}
        )
    )
)
def test_a_handbook_of_names_that_do_not_occur_changes_nothing(sample, lines):
    lines = [{**line, "code": ""} for line in lines]
    naming = naming_of(laid(lines).of("names"), view="today", catalogue=sample.procedures)
    assert rename(sample.dossiers, naming)[list(KINDS)].equals(sample.dossiers[list(KINDS)])


def test_on_the_sample_a_merger_moves_no_total_and_only_its_own_rows(sample):
    divisions = sample.dossiers.division.cat.categories.tolist()
    lines = [{"kind": "division", "name": divisions[0], "successor": divisions[1]}]
    merged = rename(sample.dossiers, naming_of(laid(lines).of("names"), view="today"))
    before, after = (d.division.astype("str").value_counts() for d in (sample.dossiers, merged))
    assert after.sum() == before.sum()
    assert after[divisions[1]] == before[divisions[0]] + before[divisions[1]]
    assert after.drop(divisions[1]).to_dict() == before.drop(divisions[:2]).to_dict()
    others = [column for column in sample.dossiers if column != "division"]
    pd.testing.assert_frame_equal(merged[others], sample.dossiers[others])
