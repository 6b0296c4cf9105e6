"""Corrections are printed where they act: each on the page about quality, and beside the figures that they move."""

import openpyxl
import pytest

from analysis.__main__ import main
from analysis.corrections_page import effect_sentences, idle_sentences, show_corrections, show_effect
from analysis.effects import effect
from analysis.handbook_form import read_form
from analysis.labels import LANGUAGES, read_labels
from analysis.metrics import headline
from analysis.page import MOVED
from analysis.periods import read_period
from analysis.sections import show_cards, show_headline
from analysis.store import load

VI, EN = read_labels("vi"), read_labels("en")
YEAR = read_period("2022")
HEADER = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả,Hình thức nộp,Trạng thái"
LINES = (
    "H1,03/01/2022,10/01/2022,12/01/2032,Trực tuyến,Đã trả kết quả",
    "H2,04/01/2022,11/01/2022,10/01/2022,Trực tiếp,Đã trả kết quả",
    "H3,31/02/2022,11/03/2022,10/03/2022,Trực tiếp,Đã trả kết quả",
)
LATE = ("H1", "resolved_on", "12/01/2032", "09/01/2022")
GONE = ("X9", "due_on", "01/01/2022", "02/01/2022")
OTHER = ("H2", "due_on", "01/01/2022", "02/01/2022")


def put(folder, *lines):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ho-so_20221110.csv").write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")


def corrected(raw, *corrections):
    """The data with a handbook of some corrections: code, column, old, new."""
    book = openpyxl.Workbook()
    book.active.title = "Điều chỉnh"
    book.active.append([column.names["vi"] for column in read_form().sheets["corrections"].read])
    for line in corrections:
        book.active.append(["", *line, "Nhập nhầm", "Bộ phận Một cửa", "20/05/2022"])
    book.save(raw / "so-tay.xlsx")
    return load(raw)


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """Three dossiers: H1 ends ten years late, H3 has a day of receipt that the calendar does not have."""
    put(tmp_path / "data/raw", *LINES)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data/raw"


def run(monkeypatch, *arguments):
    """The exit code of a command."""
    monkeypatch.setattr("sys.argv", ["analysis", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def test_every_correction_is_listed_with_who_why_and_where(raw):
    shown = show_corrections(corrected(raw, LATE), labels=VI)
    assert "1 trong 1 điều chỉnh của sổ tay được áp dụng cho 1 dòng." in shown
    for cell in ("H1", "12/01/2032 → 09/01/2022", "Nhập nhầm", "Bộ phận Một cửa", "20/05/2022", "ho-so_20221110.csv"):
        assert f"{cell}</t" in shown


def test_what_no_longer_applies_is_said_first_with_why(raw):
    data = corrected(raw, LATE, GONE, OTHER)
    gone, other = idle_sentences(data, labels=EN)
    assert gone.startswith("Handbook, sheet “Điều chỉnh”, row 3: no longer applies. No line that can be read has")
    assert "“X9” in the system “one-stop”" in gone
    assert other.startswith("Handbook, sheet “Điều chỉnh”, row 4: no longer applies. Dossier “H2”, column")
    assert other.endswith("the export says “11/01/2022” now, not “01/01/2022”.")
    shown = show_corrections(data, labels=EN)
    assert shown.index("row 4") < shown.index("that apply: 1 of 3.") < shown.index("<table>")


def test_a_value_that_may_be_of_a_person_is_cut(raw):
    put(raw, LINES[0].replace("12/01/2032", "Người Thứ Nhất"))
    data = corrected(raw, LATE)
    (told,) = idle_sentences(data, labels=VI)
    assert "“Người…”" in told
    assert "Thứ Nhất" not in show_corrections(data, labels=VI)


def test_a_cell_is_shown_and_never_run(raw):
    data = corrected(raw, ("H1", "division", "(trống)", "<script>alert(1)</script>"))
    shown = show_corrections(data, labels=VI)
    assert "<script>" not in shown
    assert "(trống) → &lt;script&gt;" in shown


def test_without_corrections_both_pages_say_so_or_nothing(raw):
    data = corrected(raw)
    for lang in LANGUAGES:
        labels = read_labels(lang)
        assert labels.name("corrections.none") in show_corrections(data, labels=labels)
        assert show_effect(data, effect(data, YEAR), labels=labels) == ""


def test_the_figures_that_move_are_named_and_marked_and_no_dossier_is(raw):
    data = corrected(raw, LATE)
    figures, moved = headline(data, YEAR), effect(data, YEAR)
    (told,) = effect_sentences(data, moved, labels=VI)
    assert told.startswith("1 điều chỉnh của sổ tay đang được áp dụng.")
    assert "Hồ sơ đã giải quyết 2 (không điều chỉnh: 1)" in told
    assert "H1" not in told
    cards, table = show_cards(figures, moved=moved, labels=VI), show_headline(figures, moved=moved, labels=VI)
    assert cards.count(MOVED) == len({"resolved", "open", "overdue"})
    assert f'<td class="number">2{MOVED}</td>' in table
    assert MOVED not in show_cards(figures, labels=VI) + show_headline(figures, labels=VI)


def test_a_correction_that_moves_no_figure_is_still_said(raw):
    data = corrected(raw, ("H1", "division", "(trống)", "Phòng 1"))
    (told,) = effect_sentences(data, effect(data, YEAR), labels=EN)
    assert told == "Corrections of the handbook that apply: 1. None of the headline figures here is another for it."


def test_a_line_that_is_rejected_all_the_same_is_said(raw):
    data = corrected(raw, ("H3", "due_on", "11/03/2022", "12/03/2022"))
    assert "1 (rejected all the same: 1)" in show_corrections(data, labels=EN)


def test_clean_says_how_many_act_and_complains_of_those_that_do_not(raw, monkeypatch, capsys):
    corrected(raw, LATE, GONE)
    assert run(monkeypatch, "clean") == 0
    said = capsys.readouterr()
    assert "Corrections of the handbook that apply: 1 of 2. Lines changed: 1." in said.out
    assert "row 3: no longer applies." in said.err


def test_figures_say_that_corrections_act(raw, monkeypatch, capsys):
    corrected(raw, LATE)
    assert run(monkeypatch, "figures", "2022") == 0
    assert "Hồ sơ đã giải quyết 2 (không điều chỉnh: 1)" in capsys.readouterr().out
    assert run(monkeypatch, "figures", "2022", "--handbook", "none") == 0
    assert "điều chỉnh" not in capsys.readouterr().out
