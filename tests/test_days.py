"""Days of the handbook: laid over the calendar, shown against it, and gone with their line."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.calendars import calendar_of, read_calendar
from analysis.days import compare_days, lay_days
from analysis.days_page import show_days
from analysis.handbook import read_handbook
from analysis.handbook_page import mistake_sentences
from analysis.labels import read_labels
from analysis.store import load
from analysis.turnaround import days_taken
from analysis.vocabulary import read_vocabulary
from analysis.workdays import add_workdays, count_workdays

VI, EN = read_labels("vi"), read_labels("en")
EXPORT = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày có kết quả\nH-1,05/09/2022 08:00,20/09/2022,08/09/2022 10:00\n"

HOLIDAYS_2027 = [
    "01/01/2027", *(f"{day:02}/02/2027" for day in (4, 5, 8, 9, 10)), "16/04/2027", "30/04/2027", "03/05/2027",
    "02/09/2027", "03/09/2027",
]  # fmt: skip
"""Made-up: eleven weekdays."""


@pytest.fixture
def read(tmp_path, handbook_of):
    """Read one dossier with the days of a handbook beside it."""
    (tmp_path / "a.csv").write_text(EXPORT, encoding="utf-8")

    def read(*days):
        lines = [dict(zip(("day", "kind", "basis", "note"), day, strict=False)) for day in days]
        handbook_of(tmp_path, days=lines)
        return load(tmp_path)

    return read


def taken(data):
    dossiers = data.dossiers
    return days_taken(dossiers, dossiers.resolved_on, calendar=data.calendar).working_days.tolist()


def days(*texts, kind="off"):
    return pd.DataFrame({"day": pd.to_datetime(pd.Series(texts), dayfirst=True).astype("datetime64[us]"), "kind": kind})


def states(calendar, *texts):
    return calendar.state_of(days(*texts).day).tolist()


# --- acting, and being taken back -------------------------------------------------------------------------------------


def test_a_day_off_is_taken_out_of_every_duration_and_comes_back_with_its_line(read):
    assert taken(read()) == [3]
    with_day = read(("06/09/2022", "Nghỉ", "Công điện của UBND tỉnh về bão"))
    assert taken(with_day) == [2]
    assert states(with_day.calendar, "06/09/2022") == ["off"]
    assert taken(read()) == [3]


def test_a_make_up_saturday_is_worked():
    saturday = days("10/09/2022", kind="make-up")
    assert states(read_calendar(), "10/09/2022") == ["off"]
    assert states(read_calendar(days=saturday), "10/09/2022") == ["worked"]


def test_a_day_that_the_calendar_calls_off_can_be_worked_and_a_make_up_day_off():
    calendar = read_calendar(days=days("29/04/2024", kind="make-up"))
    assert states(calendar, "29/04/2024") == ["worked"]
    assert states(read_calendar(days=days("04/05/2024")), "04/05/2024") == ["off"]


def test_an_undecided_day_can_be_decided_either_way():
    assert states(read_calendar(), "24/11/2026") == ["undecided"]
    for kind, state in (("off", "off"), ("make-up", "worked")):
        assert states(read_calendar(days=days("24/11/2026", kind=kind)), "24/11/2026") == [state]
    span = [pd.to_datetime(pd.Series([day])) for day in ("2026-11-23", "2026-11-25")]
    assert count_workdays(*span, calendar=read_calendar(days=days("24/11/2026"))).tolist() == [1]


def test_every_part_that_counts_working_days_uses_the_same_calendar(root):
    named = [p.name for p in (root / "analysis").glob("*.py") if "calendar_of(data" in p.read_text("utf-8")]
    assert named == ["days_page.py"], "Data.calendar knows the handbook; calendar_of(data…) does not"


def test_the_shipped_calendar_stays_as_it_is(read, root):
    before = (root / "analysis/workdays.csv").read_bytes()
    _ = read(("06/09/2022", "Nghỉ", "x")).calendar
    assert (root / "analysis/workdays.csv").read_bytes() == before
    assert states(calendar_of(read_vocabulary().settings), "06/09/2022") == ["worked"]


# --- years that the calendar does not cover --------------------------------------------------------------------------


def test_one_holiday_typed_does_not_make_a_year_known():
    calendar = read_calendar(days=days("01/01/2027"))
    assert calendar.years == "2015–2026"
    assert states(calendar, "01/01/2027", "04/01/2027") == ["not_covered"] * 2


def test_a_year_with_all_its_holidays_is_known():
    calendar = read_calendar(days=days(*HOLIDAYS_2027))
    assert calendar.years == "2015–2027"
    assert states(calendar, "01/01/2027", "04/01/2027", "02/01/2027") == ["off", "worked", "off"]
    assert read_calendar(days=days(*HOLIDAYS_2027[1:])).years == "2015–2026"


def test_a_holiday_at_a_weekend_does_not_count_for_the_weekday_that_replaces_it():
    assert read_calendar(days=days(*HOLIDAYS_2027[1:], "01/05/2027")).years == "2015–2026"


def test_a_holiday_typed_twice_counts_once():
    assert read_calendar(days=days(*HOLIDAYS_2027[1:], HOLIDAYS_2027[1])).years == "2015–2026"


def test_before_2021_the_law_gave_ten_days():
    weekdays = pd.bdate_range("2014-06-02", periods=10).strftime("%d/%m/%Y")
    assert read_calendar(days=days(*weekdays)).years == "2014–2026"
    assert read_calendar(days=days(*weekdays[1:])).years == "2015–2026"


def test_a_year_after_a_gap_is_known_and_the_gap_is_not():
    later = pd.bdate_range("2028-06-05", periods=11).strftime("%d/%m/%Y")
    calendar = read_calendar(days=days("01/01/2027", *later))
    assert calendar.years == "2015–2026, 2028"
    assert states(calendar, "01/01/2027", "05/01/2027", "05/01/2028") == ["not_covered", "not_covered", "worked"]
    thursday = pd.to_datetime(pd.Series(["2026-12-30"]))
    assert add_workdays(thursday, pd.Series([5]), calendar=calendar).isna().all()


# --- what the page says ----------------------------------------------------------------------------------------------


def test_the_page_names_each_day_what_it_was_what_it_is_and_why(read):
    shown = show_days(read(("06/09/2022", "Nghỉ", "Công điện về bão"), ("03/09/2022", "Nghỉ", "Lễ")), labels=VI)
    assert "Sổ tay ghi 2 ngày nghỉ hoặc làm bù; 1 ngày khác với lịch" in shown
    assert '<th scope="row">Thứ Ba, 06/09/2022</th><td>Làm việc</td><td>Nghỉ</td><td>Công điện về bão</td>' in shown
    assert "<td>Nghỉ</td><td>Nghỉ (không thay đổi gì)</td><td>Lễ</td>" in shown


def test_the_page_says_how_many_days_of_a_year_are_missing(read):
    typed = [(day, "Nghỉ", "Thông báo") for day in HOLIDAYS_2027[:4]]
    assert "lists 4 weekdays off, fewer than the holidays that the law gives (11)" in show_days(read(*typed), labels=EN)


def test_without_a_day_the_page_says_nothing(read):
    assert show_days(read(), labels=VI) == ""


def test_where_no_calendar_is_chosen_the_days_count_for_nothing_and_the_page_says_so(read):
    data = read(("06/09/2022", "Nghỉ", "x"))
    assert data.calendar.file
    none = data.with_(vocabulary=data.vocabulary._replace(settings=data.vocabulary.settings | {"calendar": "none"}))
    assert not none.calendar.file
    assert "so these days count for nothing" in show_days(none, labels=EN)


def test_a_basis_is_text_and_never_runs(read):
    assert "<script>" not in show_days(read(("06/09/2022", "Nghỉ", "<script>")), labels=VI)


# --- wrong lines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("31/02/2022", "Nghỉ", "x"), "row 6, column “Ngày”: says “31/02/2022”, which is no day"),
        (("06/09/2022", "Có thể", "x"), "row 6, column “Nghỉ hay làm”: says “Có thể”; allowed are: Nghỉ; Làm việc (làm bù)"),
        (("06/09/2022", "Nghỉ", ""), "row 6, column “Căn cứ”: is blank"),
        (("07/09/2022", "Làm việc (làm bù)", "x"), "row 6, column “Nghỉ hay làm”: says “Làm việc (làm bù)”, but a line above"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_one_sentence_and_stops_no_other(read, line, told):
    data = read(("07/09/2022", "Nghỉ", "y"), line)
    said = mistake_sentences(data.handbook, labels=EN)
    assert len(said) == 2
    assert told in said[1]
    assert taken(data) == [2]


def test_a_day_that_stands_twice_and_says_the_same_is_no_mistake(read):
    data = read(*[("07/09/2022", "Nghỉ", "y")] * 2)
    assert data.handbook.mistakes.empty
    assert taken(data) == [2]


# --- properties ------------------------------------------------------------------------------------------------------

DAY = st.dates(pd.Timestamp("2014-01-01").date(), pd.Timestamp("2029-12-31").date())
LINES = st.lists(st.tuples(DAY, st.sampled_from(["off", "make-up"])), max_size=20)
WITHIN = st.dates(pd.Timestamp("2022-03-01").date(), pd.Timestamp("2022-05-31").date())


def table(lines):
    typed = pd.DataFrame(lines, columns=["day", "kind"])
    return typed.assign(
        day=pd.to_datetime(typed.day).astype("datetime64[us]"), basis="", note="", row=range(len(lines))
    )


@given(LINES, WITHIN, WITHIN)
def test_days_outside_a_period_change_no_duration_inside_it(lines, start, end):
    outside = [
        line
        for line in lines
        if not (pd.Timestamp("2022-03-01") <= pd.Timestamp(line[0]) <= pd.Timestamp("2022-05-31"))
    ]
    span = [pd.to_datetime(pd.Series([day])) for day in (start, end)]
    laid = count_workdays(*span, calendar=read_calendar(days=table(outside)))
    assert laid.tolist() == count_workdays(*span, calendar=read_calendar()).tolist()


@given(LINES)
def test_every_day_of_a_covered_year_is_what_the_handbook_says(lines):
    book = read_handbook(None)
    book, _ = lay_days(book._replace(lines={**book.lines, "days": table(lines)}), read_vocabulary())
    calendar = read_calendar(days=book.of("days"))
    compared = compare_days(book.of("days"), read_calendar(), calendar)
    known = compared[compared.was != "not_covered"]
    assert known.now.tolist() == known.kind.map({"off": "off", "make-up": "worked"}).tolist()
    assert len(book.of("days")) + len(book.mistakes) == len(lines)
