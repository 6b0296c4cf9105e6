"""Real public files that nobody of this project wrote, with figures computed independently of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.calendars import calendar_of
from analysis.catalogue import count_procedures, differing_names
from analysis.catalogue_page import show_fields, show_services, show_take_up
from analysis.codes import core_code
from analysis.counts import CHANNELS, count_events, count_intake, timeliness, total
from analysis.definitions import on_time_definitions
from analysis.labels import read_labels
from analysis.periods import read_period, until
from analysis.stocks import open_on
from analysis.store import load
from analysis.take_up import count_services
from analysis.trends import monthly
from analysis.turnaround import turnaround

OWN = """
[columns.dossiers]
dossier_id = ["case:concept:name"]
channel = ["case:channel"]
received_on = ["case:startdate"]
due_on = ["case:deadline"]
resolved_on = ["case:enddate"]
division = ["case:department"]

[words.channel]
online = ["Internet"]
in_person = ["Desk"]
postal = ["Post"]
other = ["e-mail", "Intern"]

[dates]
timezone = "Europe/Amsterdam"

[settings]
calendar = "none"
"""


@pytest.fixture(scope="module")
def permits(real_files, tmp_path_factory):
    """The permits of a Dutch municipality, read with a vocabulary file and no code of their own."""
    folder = tmp_path_factory.mktemp("permits")
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return load(real_files / "permit-applications-nl.csv", vocabulary=folder / "own.toml")


@pytest.fixture(scope="module")
def catalogue(real_files, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("catalogue"))
        return load(real_files / "procedures-ministry-of-construction.xlsx", as_of="2026-01-01")


def test_every_permit_is_kept_and_no_line_lost(permits):
    assert permits.fates.fate.value_counts().to_dict() == {"kept": 1434, "not_data": 1}
    assert permits.files.lines.tolist() == [1435]


def test_permits_have_no_calendar_so_only_calendar_days(permits):
    calendar = calendar_of(permits.vocabulary.settings)
    took = turnaround(permits.dossiers, calendar=calendar)
    assert calendar.file == ""
    assert took.working_days.isna().all()
    assert took.calendar_days.notna().sum() == 1329


def test_permits_by_channel(permits):
    (row,) = total(count_intake(permits.dossiers)).to_dict("records")
    assert [row[c] for c in CHANNELS] == [1250, 109, 53, 22, 0]
    assert row["online"] / row["received"] == pytest.approx(0.8717, abs=5e-5)


@pytest.mark.parametrize(("rule", "in_time", "late"), [("day", 1020, 309), ("timestamp", 952, 377)])
def test_permits_in_time_and_late_in_local_time(permits, rule, in_time, late):
    kinds = timeliness(permits.dossiers, rule=rule).value_counts()
    assert (kinds.early + kinds.on_time, kinds.late, kinds.no_due) == (in_time, late, 0)
    assert permits.dossiers.resolved_on.isna().sum() == 105


def test_permits_received_and_resolved_by_year(permits):
    events = count_events(permits.dossiers)
    years = events.groupby(events.day.dt.year)[
        ["received", "resolved_early", "resolved_on_time", "resolved_late"]
    ].sum()
    assert years.received.to_dict() == {2010: 329, 2011: 1094, 2012: 11}
    assert years.drop(columns="received").sum(axis=1).to_dict() == {2010: 114, 2011: 1164, 2012: 51}
    assert events.day.min() >= pd.Timestamp("2010-10-01")


@pytest.fixture(scope="module")
def by_hand(real_files):
    """The permits as plain pandas reads them: instants in local time, and nothing of this project."""
    table = pd.read_csv(real_files / "permit-applications-nl.csv")
    names = {"came": "case:startdate", "due": "case:deadline", "end": "case:enddate"}
    local = {
        name: pd.to_datetime(table[column], utc=True, format="ISO8601").dt.tz_convert("Europe/Amsterdam")
        for name, column in names.items()
    }
    return pd.DataFrame(local | {"online": table["case:channel"] == "Internet"})


@pytest.mark.parametrize("rule", ["day", "timestamp"])
def test_permits_of_every_month_are_in_time_or_late_as_plain_pandas_has_them(permits, by_hand, rule):
    ended = by_hand.dropna(subset="end")
    late = ended.end > ended.due if rule == "timestamp" else ended.end.dt.date > ended.due.dt.date
    # What ends before it starts left the desk on the day of receipt.
    left = ended.end.mask(ended.end < ended.came, ended.came).dt.strftime("%Y-%m")
    events = count_events(permits.dossiers, rule=rule)
    months = events.groupby(events.day.dt.strftime("%Y-%m")).sum(numeric_only=True)
    timely = months.resolved_early + months.resolved_on_time
    assert months.resolved_late[months.resolved_late > 0].to_dict() == left[late].value_counts().to_dict()
    assert timely[timely > 0].to_dict() == left[~late].value_counts().to_dict()


def test_permits_as_series_are_what_plain_pandas_counts_per_month(permits, by_hand):
    series = monthly(permits)
    came = by_hand.came.dt.strftime("%Y-%m")
    received = series.received[series.received > 0]
    assert received.set_axis(received.index.astype("str")).to_dict() == came.value_counts().to_dict()
    online = series.online[series.online > 0]
    assert online.set_axis(online.index.astype("str")).to_dict() == came[by_hand.online].value_counts().to_dict()
    assert series.not_ended.iloc[-1] == by_hand.end.isna().sum() == 105


@pytest.mark.parametrize("year", [2010, 2011, 2012])
def test_permits_of_a_year_under_every_definition(permits, by_hand, year):
    span = until(read_period(year), pd.Timestamp("2012-01-23"))
    last = min(pd.Timestamp(year, 12, 31), span.last).date()
    table = on_time_definitions(permits.dossiers, span)
    came, due, end = (by_hand[c].dt.date for c in ("came", "due", "end"))
    end = end.mask(end < came, came)
    timely, of_year = end <= due, lambda days: pd.to_datetime(days).dt.year == year
    resolved = end.notna() & (end <= last)
    there, still = came <= last, (came <= last) & ~resolved
    expected = {
        "D1": (resolved & of_year(end), timely),
        "D2": ((resolved & of_year(end)) | still, (resolved & timely) | (still & (due >= last))),
        "D3": (of_year(due) & (due <= last) & there, resolved & timely),
        "D4": (of_year(came) & there, resolved & timely),
    }
    for name, (whole, part) in expected.items():
        assert (table.numerator[name], table.denominator[name]) == ((whole & part).sum(), whole.sum()), name


def test_permits_open_and_past_due(permits):
    still = open_on(permits.dossiers, pd.Timestamp("2012-01-23"))
    assert (len(still), (still.timeliness == "overdue").sum()) == (105, 37)


def test_permits_that_end_before_they_start_are_named(permits):
    found = permits.warnings[permits.warnings.reason == "resolved_before_received"]
    rows = permits.dossiers.merge(found[["source_row"]], on="source_row")
    assert sorted(rows.dossier_id) == ["case-10862", "case-8267"]


def test_the_person_responsible_is_not_read(permits):
    assert "Resource" not in permits.dossiers.to_csv()


def test_the_catalogue_of_a_ministry_is_read_with_its_codes_as_written(catalogue, real_files):
    procedures = catalogue.procedures
    assert (len(procedures), procedures.field.nunique()) == (525, 19)
    assert catalogue.fates.fate.value_counts()["kept"] == 525
    assert procedures.procedure_code.str.fullmatch(r"\d\.\d{6}").all()
    assert not procedures.procedure_code.duplicated().any()
    assert procedures.procedure_code.str.endswith("0").any()
    from python_calamine import CalamineWorkbook

    path = real_files / "procedures-ministry-of-construction.xlsx"
    cells = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    written = {cell for line in cells for cell in line if isinstance(cell, str)}
    assert set(procedures.procedure_code) <= written


def test_the_catalogue_of_a_ministry_goes_through_every_question_about_procedures(catalogue):
    listed, span = catalogue.procedures, read_period("2025")
    assert core_code(listed.procedure_code).tolist() == listed.procedure_code.tolist()
    nobody = catalogue.read("dossiers").iloc[:0]
    table = count_procedures(nobody, listed, span)
    assert len(table) == 525
    assert set(table.procedure_code) == set(listed.procedure_code)
    assert table.field.nunique() == 19
    assert table[["in_catalogue", "in_force"]].all().all()
    assert table.received.sum() == 0
    assert count_services(table).to_dict() == {
        "in_force": 525, "offered": 0, "not_offered": 0, "level_unknown": 525, "with_online": 0,
    }  # fmt: skip
    days = pd.DataFrame({"table": ["dossiers"], "first": [span.first], "last": [span.last]})
    data = catalogue.with_(coverage=days, begins=catalogue.begins | {"dossiers": span.first})
    for show in (show_services, show_take_up, show_fields):
        assert "Not in this export" in show(data, table, span, labels=read_labels("en"))
    with_office = nobody.reindex(range(525)).assign(
        procedure_code=listed.procedure_code + ".000.00.00.H12",
        received_on=span.first,
        status="pending",
        channel="online",
    )
    counted = count_procedures(with_office, listed, span)
    assert (counted.online == 1).all()
    assert differing_names(with_office.assign(procedure=listed.procedure), listed, span).empty


@pytest.mark.long
def test_the_permit_file_gives_a_report_for_each_of_its_years(real_files, tmp_path):
    (tmp_path / "data/raw").mkdir(parents=True)
    shutil.copy(real_files / "permit-applications-nl.csv", tmp_path / "data/raw")
    (tmp_path / "nl.toml").write_text(OWN, encoding="utf-8")
    command = [sys.executable, "-m", "analysis", "report", "--all", "--vocabulary", "nl.toml", "--lang", "en"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    received = {"2010": "received 329 dossiers", "2011": "received 1,094 dossiers", "2012": "received 11 dossiers"}
    for year, said in received.items():
        assert said in (tmp_path / f"reports/{year}.en.html").read_text("utf-8")
