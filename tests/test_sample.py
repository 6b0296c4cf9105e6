"""The made-up sample gives the figures that its README promises, and can be made again."""

import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from analysis.counts import count_events, count_intake, timeliness, total, within
from analysis.periods import Period, read_period, until
from analysis.stocks import balance, open_on, state_on
from analysis.store import load

REGISTER = "sample/so-theo-doi-ho-so_20221110.xlsx"
QUARTER = "sample/ho-so-quy-3-2022.xls"
YEAR_BEFORE = Period("2021", pd.Timestamp("2021-01-01"), pd.Timestamp("2021-11-10"))


def make(root, folder):
    program = root / "benchmarks/make_sample.py"
    return subprocess.run([sys.executable, "-W", "error", program, "--out", folder], check=True, capture_output=True)


def content(path):
    """What a file says: the parts of a workbook as they were before they were compressed."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        return {part.filename: parts.read(part) for part in parts.infolist()}


@pytest.fixture(scope="module")
def sample(root, tmp_path_factory):
    """The sample as the program reads it from a data folder that holds nothing else."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(root / "data/raw/sample", folder / "data/raw/sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield load("data/raw")


@pytest.fixture(scope="module")
def dossiers(sample):
    return sample.dossiers


@pytest.fixture(scope="module")
def this_year(sample):
    return until(read_period("2022"), sample.as_of)


@pytest.fixture(scope="module")
def received(dossiers, this_year):
    """The dossiers received in 2022."""
    return dossiers[dossiers.received_on.dt.year.eq(2022) & dossiers.status.ne("not_accepted")]


def electronic(sample, direction, period):
    documents = sample.documents[sample.documents.direction.eq(direction) & sample.documents.form.eq("electronic")]
    day = documents.arrived_on if direction == "incoming" else documents.issued_on
    return documents[day.between(period.first, period.last)]


def online_meetings(sample, period):
    held = sample.meetings.held_on.dt.normalize().between(period.first, period.last)
    return int((held & sample.meetings["mode"].eq("online")).sum())


def fates(sample, file):
    return sample.fates[sample.fates.source_file == file]


# --- what must come out ----------------------------------------------------------------------------------------------


def test_it_is_known_as_the_sample_and_its_day_is_said_by_the_exports(sample):
    assert sample.is_sample
    assert (sample.as_of, sample.as_of_basis) == (pd.Timestamp("2022-11-10"), "export")


def test_in_2022_937_dossiers_were_received_163_of_them_online_and_774_in_person(dossiers, this_year):
    intake = total(within(count_intake(dossiers), this_year)).iloc[0]
    assert intake[intake > 0].to_dict() == {"online": 163, "in_person": 774, "received": 937}


def test_they_were_received_from_4_january_to_10_november_and_each_has_a_due_date(received):
    assert len(received) == 937
    assert received.received_on.between("2022-01-04", "2022-11-11").all()
    assert received.first_due_on.notna().all()


def test_of_855_resolved_600_were_early_or_on_time_and_255_late(dossiers, this_year):
    row = balance(dossiers, this_year).iloc[0]
    assert (row.resolved, row.resolved_early + row.resolved_on_time, row.resolved_late) == (855, 600, 255)
    assert min(row.resolved_early, row.resolved_on_time) > 100
    assert row.resolved_no_due == 0


def test_9_withdrawn_and_6_returned_close_the_gap_of_the_published_figures(dossiers, this_year):
    row = balance(dossiers, this_year).iloc[0]
    assert (row.withdrawn, row.returned, row.transferred, row.not_accepted) == (9, 6, 0, 2)
    assert row.received - row.resolved - row.open == 9 + 6


def test_67_are_open_12_of_them_paused_and_20_overdue(dossiers, sample):
    still = open_on(dossiers, sample.as_of)
    assert len(still) == 67
    assert still.state.astype("str").value_counts().to_dict() == {"pending": 55, "paused": 12}
    assert still.timeliness.value_counts().to_dict() == {"in_time": 47, "overdue": 20}


def test_in_2021_820_dossiers_were_received_and_all_of_them_ended(dossiers):
    row = balance(dossiers, read_period("2021")).iloc[0]
    assert (row.received, row.resolved, row.withdrawn, row.returned, row.open) == (820, 806, 8, 6, 0)
    assert row.resolved_late == 290


def test_nothing_is_open_on_31_december_2021(dossiers):
    assert open_on(dossiers, pd.Timestamp("2021-12-31")).empty


def test_the_balance_leaves_nothing_over_for_the_years_and_for_every_month(dossiers, this_year):
    months = [read_period(str(month)) for month in pd.period_range("2021-01", "2022-10", freq="M")]
    periods = [read_period("2021"), this_year, *months]
    assert [p.name for p in periods if balance(dossiers, p).missing.ne(0).any()] == []


@pytest.mark.parametrize("group", ["channel", "field", "division", "procedure_code"])
def test_the_balance_holds_for_every_group_of_every_month_and_adds_up(dossiers, sample, group):
    for month in pd.period_range("2021-01", "2022-11", freq="M"):
        period = until(read_period(str(month)), sample.as_of)
        table, whole = balance(dossiers, period, by=[group]), balance(dossiers, period).iloc[0]
        assert table.missing.eq(0).all(), (month, group)
        assert table.drop(columns=group).sum().equals(whole), (month, group)


def test_what_came_less_what_left_is_what_is_open_at_the_end_of_every_day_of_2022(dossiers, sample):
    counts = count_events(dossiers).set_index("day")
    left = counts.drop(columns=["received", "not_accepted"]).sum(axis=1)
    days = pd.date_range("2021-12-31", sample.as_of)
    stock = (counts.received - left).cumsum().reindex(days, method="ffill")
    assert stock.to_dict() == {day: state_on(dossiers, day).isin(["pending", "paused"]).sum() for day in days}


def test_no_state_is_unknown(dossiers, sample):
    assert state_on(dossiers, sample.as_of).ne("unknown").all()


def test_the_online_share_rises_through_2022(received):
    share = received.channel.eq("online").groupby(received.received_on.dt.quarter).mean()
    assert share.is_monotonic_increasing


def test_online_dossiers_come_at_any_hour_and_the_desk_keeps_office_hours(received):
    at_night = ~received.received_on.dt.hour.between(7, 16) | received.received_on.dt.day_of_week.ge(5)
    assert at_night[received.channel == "online"].any()
    assert not at_night[received.channel == "in_person"].any()


def test_some_online_dossiers_were_sent_with_help_and_some_results_are_digitised(received):
    assert (
        received.channel[received.assisted == "yes"].value_counts()["online"] == received.assisted.eq("yes").sum() == 40
    )
    assert received.result_digitised.eq("yes").sum() > 300


def test_2734_electronic_documents_went_out_in_2022_and_2706_by_the_same_day_of_2021(sample, this_year):
    assert len(electronic(sample, "outgoing", this_year)) == 2734
    assert len(electronic(sample, "outgoing", YEAR_BEFORE)) == 2706
    assert len(electronic(sample, "outgoing", read_period("2021"))) == 3143


def test_9505_electronic_documents_came_in_in_2022_and_9127_by_the_same_day_of_2021(sample, this_year):
    assert len(electronic(sample, "incoming", this_year)) == 9505
    assert len(electronic(sample, "incoming", YEAR_BEFORE)) == 9127
    assert len(electronic(sample, "incoming", read_period("2021"))) == 10620


@pytest.mark.parametrize("direction", ["outgoing", "incoming"])
def test_over_90_percent_of_the_electronic_documents_of_2022_are_signed(sample, this_year, direction):
    assert electronic(sample, direction, this_year).signed.ne("none").mean() > 0.9


def test_what_is_secret_is_on_paper(sample):
    secret = sample.documents[sample.documents.secret == "yes"]
    assert len(secret) > 0
    assert secret.form.eq("paper").all()


def test_23_meetings_were_held_online_in_2022_and_14_by_the_same_day_of_2021(sample, this_year):
    assert online_meetings(sample, this_year) == 23
    assert online_meetings(sample, YEAR_BEFORE) == 14


def test_of_27_procedures_24_were_asked_for_and_5_of_these_never_online(sample, received):
    online = received.channel.eq("online").groupby(received.procedure_code).sum()
    assert (len(sample.procedures), len(online), online.eq(0).sum()) == (27, 24, 5)
    assert set(online.index) < set(sample.procedures.procedure_code)
    assert "1.009980" in online.index


def test_every_procedure_has_a_term_in_working_days(sample):
    assert sample.procedures.term_unit.eq("working_days").all()
    assert sample.procedures.term_days.astype("int").gt(0).all()


def test_a_re_appointed_dossier_keeps_its_first_due_date_and_is_late_by_it(received):
    moved = received[received.due_on > received.first_due_on]
    assert len(moved) > 50
    assert not timeliness(moved).isin(["early", "on_time"]).any()
    assert (received.due_on >= received.first_due_on).all()


def test_a_fee_is_due_for_most_dossiers_and_some_are_paid_online(received):
    assert received.fee_due.notna().all()
    assert received.paid_online.notna().equals(received.fee_due == "yes")
    assert received.paid_online.eq("yes").sum() > 50


def test_some_terms_are_shorter_than_the_law_allows(sample):
    shorter = sample.procedures.term_days.astype("int") < sample.procedures.legal_term_days.astype("int")
    assert shorter.sum() == 3


def test_some_incoming_documents_are_to_be_handled_by_a_day_and_some_are_late(sample):
    asked = sample.documents[sample.documents.due_on.notna()]
    assert asked.direction.eq("incoming").all()
    assert asked.handled_on.isna().any()
    assert (asked.handled_on > asked.due_on).any()


def test_three_numbers_of_the_outgoing_register_of_2022_stand_for_no_document(sample):
    issued = sample.documents[sample.documents.direction.eq("outgoing") & sample.documents.issued_on.dt.year.eq(2022)]
    numbers = set(issued.number.astype("int"))
    assert set(range(1, max(numbers) + 1)) - numbers == {1500, 1501, 1502}


# --- what became of the lines ----------------------------------------------------------------------------------------


def test_the_fates_add_up_to_the_lines_of_every_file(sample):
    per_file = sample.fates.groupby("source_file").size()
    assert per_file.to_dict() == sample.files.set_index("source_file").lines.to_dict()
    assert len(per_file) == 9


def test_the_layout_of_the_register_is_seen_through(sample):
    layout = fates(sample, REGISTER).query("fate == 'not_data'").reason.value_counts().to_dict()
    said = {"header": 2, "number_row": 1, "section": 7, "total": 1, "signature": 1}
    assert {reason: layout[reason] for reason in said} == said


def test_five_damaged_lines_are_rejected_each_for_its_own_reason(sample):
    rejected = sample.fates[sample.fates.fate == "rejected"]
    assert set(rejected.source_file) == {REGISTER}
    assert sorted(zip(rejected.reason, rejected.value, strict=True)) == [
        ("end_without_day", "Đã trả kết quả"),
        ("missing_dossier_id", ""),
        ("unreadable_due_on", "32/10/2022"),
        ("unreadable_received_on", "31/02/2022"),
        ("unreadable_resolved_on", "sáng thứ hai"),
    ]


def test_four_lines_of_the_register_are_repeated_and_the_quarter_repeats_or_is_superseded(sample, received):
    in_quarter = received.received_on.dt.quarter.eq(3).sum()
    old = fates(sample, QUARTER).fate.value_counts()
    new = fates(sample, REGISTER).fate.value_counts()
    assert old.superseded + old.kept == in_quarter
    # What did not change since October is kept where it was said first, and repeated in the register.
    assert new.repeated == 4 + old.kept
    assert min(old.superseded, old.kept) > 50


def test_the_third_quarter_changes_no_figure(sample, dossiers, this_year, root, tmp_path, monkeypatch):
    shutil.copytree(root / "data/raw/sample", tmp_path / "exports", ignore=shutil.ignore_patterns("*.xls", "van-ban*"))
    monkeypatch.chdir(tmp_path)
    without = load("exports").dossiers
    pd.testing.assert_frame_equal(balance(without, this_year), balance(dossiers, this_year))
    same = ["dossier_id", "status", "received_on", "first_due_on", "resolved_on", "closed_on", "paused_from"]
    pd.testing.assert_frame_equal(without[same], dossiers[same])


def test_two_lines_are_doubted(sample):
    doubts = sample.warnings[["reason", "column", "value"]].to_numpy().tolist()
    assert doubts == [
        ["unmapped_word", "result_digitised", "xem hồ sơ giấy"],
        ["resolved_before_received", "resolved_on", "21/01/2022 09:53"],
    ]


def test_the_dossier_resolved_before_it_was_received_counts_as_in_time(dossiers):
    turned = dossiers[dossiers.resolved_on < dossiers.received_on]
    assert timeliness(turned).tolist() == ["early"]
    assert (turned.received_on - turned.resolved_on).tolist() == [pd.Timedelta(minutes=7)]


def test_instants_survive_every_format_to_the_minute(dossiers):
    for column in ("received_on", "due_on", "resolved_on", "closed_on", "paused_from", "paused_to"):
        known = dossiers[column].dropna()
        assert known.eq(known.dt.floor("min")).all()


def test_where_a_person_could_be_named_only_placeholders_stand(root):
    register = pd.read_excel(root / "data/raw" / REGISTER, header=5, dtype=str, engine="calamine").iloc[2:]
    older = pd.read_csv(root / "data/raw/sample/ho-so-2021_20220105.csv", dtype=str)
    applicants = pd.concat([register["Chủ hồ sơ"], older["Người nộp"]]).dropna()
    assert len(applicants) == 948 + 820
    assert applicants.str.fullmatch(r"Tổ chức A\d+").all()
    assert set(register["Địa chỉ"].dropna()) == {"(mẫu)"}
    assert register["Số điện thoại"].isna().all()


# --- how it is made --------------------------------------------------------------------------------------------------


def test_making_it_twice_gives_the_same_bytes_and_those_are_the_committed_ones(root, tmp_path):
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: make(root, tmp_path / name), ("one", "two")))
    committed = {p.name: p for p in (root / "data/raw/sample").iterdir() if p.name != "README.md"}
    assert {p.name for p in (tmp_path / "one").iterdir()} == set(committed)
    for name, path in committed.items():
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        # Compressors differ from one Python to another, what they compress does not.
        assert content(tmp_path / "one" / name) == content(path)


def test_without_its_handbook_one_dossier_more_is_late(root, sample, this_year, tmp_path):
    shutil.copytree(root / "data/raw/sample", tmp_path / "sample")
    exported = load(tmp_path / "sample", handbook="none")
    figures = [total(within(count_events(data.dossiers), this_year)).iloc[0] for data in (sample, exported)]
    assert [(f.resolved_early + f.resolved_on_time, f.resolved_late) for f in figures] == [(600, 255), (599, 256)]
    assert sample.corrected.acts.tolist() == [True]
    assert sample.handbook.mistakes.empty
