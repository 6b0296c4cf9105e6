"""Which published figures moved, by how much, and why: only what is known is said."""

import pytest
from test_corrections import HEADER, LINES, put, write_book

from analysis.effects import effect
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until, year_before
from analysis.record import record
from analysis.revisions import GROUPS, late_rows, parts, reasons, revisions
from analysis.revisions_page import show_revisions, show_since_signed
from analysis.store import load

YEAR = read_period("2022")
LATE_LINES = (
    "N1,03/02/2022,10/02/2022,12/02/2022,Trực tuyến,Đã trả kết quả",
    "N2,04/03/2022,11/03/2022,,Trực tiếp,Đang xử lý",
    "N3,04/03/2021,11/03/2021,,Trực tiếp,Đang xử lý",
)
EN = read_labels("en")


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """Four dossiers, of which three can be read; H1 ends ten years late, which the handbook may correct."""
    folder = tmp_path / "data/raw"
    put(folder, *LINES)
    monkeypatch.chdir(tmp_path)
    return folder


def figures_and_effect(data):
    span = until(YEAR, data.as_of)
    asked = {"whole_year": year_before(YEAR)}
    return headline(data, span, **asked), effect(data, span, **asked)


def told(data):
    """The record of a year's page."""
    figures, moved = figures_and_effect(data)
    return record(data, until(YEAR, data.as_of), figures, parameters={}, moved=moved)


def moved(before, now):
    table = revisions(before, now)
    of_period = table[table.column == "value"]
    return {row["measure"]: row["change"] for row in of_period.to_dict("records")}


def why(before, now):
    return [tuple(row) for row in reasons(before, now).to_numpy().tolist()]


def part(data, before, now, name):
    """One part of the changes of a period, where it is not 0."""
    table = parts(data, YEAR, before, now)[name].xs("value", level="column")
    return table[table.notna() & (table != 0)].to_dict()


def test_nothing_moves_and_nothing_differs_when_nothing_changed(raw):
    one, other = told(load(raw)), told(load(raw))
    assert revisions(one, other).empty
    assert reasons(one, other).empty


def test_a_figure_that_came_or_went_is_a_row():
    one = {"figures": {"received": {"value": 3}, "late": {"value": None}, "gone": {"value": 1}}}
    other = {"figures": {"received": {"value": 3}, "late": {"value": 2}}}
    assert revisions(one, other).measure.tolist() == ["late", "gone"]


def test_late_rows_are_told_by_their_file_and_by_dossiers_that_stand_nowhere_else(raw):
    before = told(load(raw))
    put(raw, *LATE_LINES, LINES[1], name="muon_20221110.csv")
    data = load(raw)
    now = told(data)
    assert {name: moved(before, now)[name] for name in ("received", "online", "open", "late")} == {
        "received": 2, "online": 1, "open": 2, "late": 1,
    }  # fmt: skip
    assert why(before, now) == [("files_added", "muon_20221110.csv", "", "5")]
    assert late_rows(data, YEAR, before).to_dict() == {
        "muon_20221110.csv": 2
    }  # N3 came in 2021, H2 stands in the old file
    assert (
        part(data, before, now, "corrections")
        == part(data, before, now, "rules")
        == part(data, before, now, "day")
        == {}
    )


def test_nothing_is_said_of_late_dossiers_where_lines_of_old_files_repeat_new_ones(raw):
    """An older export that turns up later holds the first states, so the file of the first state tells nothing."""
    before = told(load(raw))
    put(raw, *LINES, name="cu_20220601.csv")
    assert late_rows(load(raw), YEAR, before).empty


def test_a_rule_is_the_reason_with_its_exact_part_even_where_lines_came_too(raw):
    put(raw, *(f"{line}:00" if i else line for i, line in enumerate(LINES)))
    header = f"{HEADER},Ngày hẹn trả lần đầu"
    put(raw, "P1,03/02/2022,20/02/2022,15/02/2022,Trực tuyến,Đã trả kết quả,10/02/2022", header=header)
    before = told(load(raw))
    assert before["figures"]["late"]["value"] == 1
    (raw.parents[1] / "ours.toml").write_text('[settings]\ndue = "current"\n', "utf-8")
    put(raw, LATE_LINES[0], name="muon_20221110.csv")
    data = load(raw, vocabulary="ours.toml")
    now = told(data)
    assert why(before, now) == [("files_added", "muon_20221110.csv", "", "2"), ("setting", "due", "first", "current")]
    assert moved(before, now)["received"] == 1
    assert part(data, before, now, "rules") == {"late": -1, "early": 1, "timely": 1, "on_time_rate": 0.5}
    assert "late" not in moved(before, now)  # one more late by its line, one less by the rule


def test_a_correction_is_the_reason_with_its_exact_part(raw):
    put(raw, *LINES[1:], "H1,03/01/2022,10/01/2022,12/01/2022,Trực tuyến,Đã trả kết quả")
    before = told(load(raw))
    write_book(raw, ("H1", "resolved_on", "12/01/2022", "09/01/2022"))
    data = load(raw)
    now = told(data)
    assert why(before, now) == [("corrections", "", "0", "1")]
    expected = {"late": -1, "early": 1, "timely": 1, "on_time_rate": 0.5}
    assert moved(before, now) == part(data, before, now, "corrections") == expected
    put(raw, LATE_LINES[0], name="muon_20221110.csv")
    data = load(raw)
    both = told(data)
    assert {group for group, *_ in why(before, both)} == {"corrections", "files_added"}
    assert part(data, before, both, "corrections")["late"] == -1
    assert "late" not in moved(before, both)


def test_a_period_that_went_on_is_told_apart_from_lines_that_came_late(raw):
    before = told(load(raw, as_of="2022-02-28"))
    put(raw, *LATE_LINES[:2], name="muon_20221110.csv")
    data = load(raw, as_of="2022-03-31")
    now = told(data)
    assert [row[0] for row in why(before, now)] == ["files_added", "as_of"]
    assert moved(before, now)["received"] == 2
    assert part(data, before, now, "day")["received"] == 1  # N2, in March
    assert late_rows(data, YEAR, before).to_dict() == {"muon_20221110.csv": 1}  # N1, in February


def test_the_parts_are_exact_together_where_everything_changes_at_once(raw):
    """What is left when the parts are taken away is what the lines alone do, by the old rules and without corrections."""
    header = f"{HEADER},Ngày hẹn trả lần đầu"
    lines = ["P1,03/02/2022,20/02/2022,15/02/2022,Trực tuyến,Đã trả kết quả,10/02/2022"]
    lines += ["P2,03/02/2022,20/02/2022,15/02/2022,Trực tuyến,Đã trả kết quả,10/02/2022"]
    put(raw, *lines, header=header)
    before = told(load(raw, as_of="2022-02-28"))
    put(raw, LATE_LINES[0], "N4,01/03/2022,08/03/2022,09/03/2022,Trực tiếp,Đã trả kết quả", name="muon_20221110.csv")
    write_book(raw, ("P2", "resolved_on", "15/02/2022", "09/02/2022"))
    (raw.parents[1] / "ours.toml").write_text('[settings]\ndue = "current"\n', "utf-8")
    data = load(raw, vocabulary="ours.toml", as_of="2022-03-31")
    now = told(data)
    known = parts(data, YEAR, before, now)
    plain = told(load(raw, handbook="none", as_of="2022-02-28"))
    for measure, rest in {"late": 1, "received": 1, "timely": 0, "early": 0}.items():
        one, other, lines = (each["figures"][measure]["value"] for each in (before, now, plain))
        assert other - one - known.loc[(measure, "value")].sum() == lines - one == rest
    assert known.loc[("late", "value")].to_dict() == {"day": 1, "rules": -1, "corrections": -1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"files": {"a.csv": {"sha256": "2", "lines": 5}}}, ("files_changed", "a.csv", "3", "5")),
        ({"files": {}, "unreadable": ["a.csv"]}, ("unreadable", "a.csv", "", "")),
        ({"vocabulary": {"words": "2", "systems": "1"}}, ("words", "", "", "")),
        ({"vocabulary": {"words": "1", "systems": "2"}}, ("systems", "", "", "")),
        ({"names": {"number": 2, "sha256": "2"}}, ("names", "", "1", "2")),
        ({"calendar": {"years": "2015–2027", "sha256": "2"}}, ("calendar", "", "2015–2026", "2015–2027")),
        ({"programs": {"pandas": "4.0", "code": "a" * 64}}, ("program", "pandas", "3.1", "4.0")),
        ({"programs": {"pandas": "3.1", "code": "b" * 64}}, ("code", "", "a" * 12, "b" * 12)),
    ],
)
def test_everything_that_figures_rest_on_can_be_the_reason_and_be_said(change, expected):
    base = {
        "files": {"a.csv": {"sha256": "1", "lines": 3}}, "vocabulary": {"words": "1", "systems": "1"},
        "names": {"number": 1, "sha256": "1"}, "calendar": {"years": "2015–2026", "sha256": "1"},
        "programs": {"pandas": "3.1", "code": "a" * 64},
    }  # fmt: skip
    found = why(base, {**base, **change})
    assert expected in found
    assert all(EN.name(f"revisions.kind_{kind}") and EN.name(f"revisions.group_{GROUPS[kind]}") for kind, *_ in found)


# --- on the page -----------------------------------------------------------------------------------------------------


def vintage(folder, said, **more):
    """A vintage of a record."""
    from analysis.html_page import as_json

    path = folder / "vintages/2022/2023-01-05T060000.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    extra = "".join(f'"{name}": "{value}", ' for name, value in more.items())
    path.write_text(f'{{"at": "2023-01-05T06:00:00+07:00", {extra}"sha256": {{}}, "record": {as_json(said)}}}', "utf-8")
    return str(path)


def shown(data, **compared):
    figures, corrected = figures_and_effect(data)
    return show_revisions(data, YEAR, figures, moved=corrected, labels=EN, **compared)


def test_a_first_page_says_that_there_is_nothing_to_compare_with(raw):
    assert "nothing to compare with" in shown(load(raw))


def test_where_nothing_moved_the_page_says_so_in_one_line(raw, tmp_path):
    data = load(raw)
    said = shown(data, before=vintage(tmp_path, told(data)))
    assert "Against the edition made 5 Jan 2023 06:00 (data up to 10 Nov 2022): no headline figure moved." in said
    assert "are the same too" in said
    assert "<table" not in said


def test_the_page_names_the_figures_the_only_reason_and_the_file(raw, tmp_path):
    before = vintage(tmp_path, told(load(raw)))
    put(raw, *LATE_LINES, name="muon_20221110.csv")
    said = shown(load(raw), before=before)
    assert "Only one thing differs: late dossiers (muon_20221110.csv: 2); every change comes from it." in said
    received = 'Dossiers received</th><td class="number">3</td><td class="number">5</td><td class="number">+2</td></tr>'
    assert received in said
    assert "lines: 4; late dossiers: 2 (received by then, and only here)" in said


def test_several_reasons_are_all_named_and_the_exact_parts_stand_in_columns(raw, tmp_path):
    put(raw, *LINES[1:], "H1,03/01/2022,10/01/2022,12/01/2022,Trực tuyến,Đã trả kết quả")
    before = vintage(tmp_path, told(load(raw)))
    write_book(raw, ("H1", "resolved_on", "12/01/2022", "09/01/2022"))
    put(raw, *LATE_LINES, name="muon_20221110.csv")
    said = shown(load(raw), before=before)
    assert "late dossiers (muon_20221110.csv: 2) and corrections of the handbook" in said
    assert ">By corrections</th>" in said
    assert ">By the rules</th>" not in said


def test_the_signed_report_is_told_of_in_place_of_an_equal_one_before(raw, tmp_path):
    data = load(raw)
    signed = vintage(tmp_path / "signed", told(data), number="123/BC-SXD", day="2023-01-15")
    said = shown(data, before=vintage(tmp_path, told(data)), signed=signed)
    assert "the signed edition no. 123/BC-SXD of 15 Jan 2023 (data up to 10 Nov 2022): no headline figure moved" in said
    assert "the edition made" not in said


def test_the_head_of_a_page_says_how_it_stands_against_what_was_signed(raw, tmp_path):
    signed = vintage(tmp_path, told(load(raw)), number="123/BC-SXD")
    assert "Every headline figure is that of the signed edition no. 123/BC-SXD" in show_since_signed(
        figures_and_effect(load(raw))[0], signed=signed, labels=EN
    )
    put(raw, *LATE_LINES, name="muon_20221110.csv")
    said = show_since_signed(figures_and_effect(load(raw))[0], signed=signed, labels=EN)
    assert "Dossiers received 3 → 5" in said
    assert 'class="notice"' in said
    assert show_since_signed(figures_and_effect(load(raw))[0], signed="", labels=EN) == ""


def test_a_page_without_what_exported_figures_were_says_nothing_of_corrections(raw):
    data = load(raw)
    before = told(data)
    del before["as_exported"]
    assert parts(data, YEAR, before, told(data)).corrections.isna().all()
