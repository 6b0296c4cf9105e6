"""What a choice selects has the report's figures, and what selects nothing says why."""

import io
import shutil
import xml.etree.ElementTree as ET

import openpyxl
import pandas as pd
import pytest

from analysis import store
from analysis.counts import count_events, total, within
from analysis.definitions import ONLINE, on_time_definitions, online_definitions
from analysis.exploration import BLANK, ON_TIME, TABLES, Choice, ChoiceRefused
from analysis.explored import Reading, explore, with_choice
from analysis.explored_files import picture_file, table_file, table_workbook
from analysis.explored_page import PICTURES, show_explored, show_grid, show_kept, show_picture
from analysis.labels import read_labels
from analysis.metrics import MEASURES, headline
from analysis.periods import read_period, until, year_before
from analysis.trends import monthly
from analysis.vocabulary import System, read_vocabulary

VI = read_labels("vi")
OF_DOSSIERS = [name for name, measure in MEASURES.items() if measure.table == "dossiers"]


@pytest.fixture(scope="module")
def reading(sample):
    return Reading(sample)


@pytest.fixture
def read_with(sample_folder, tmp_path):
    """Reads a copy of the sample with a setting of one's own, so that the sample stays as others have it."""
    shutil.copytree(sample_folder / "data/raw", tmp_path / "data/raw")

    def read(setting):
        (tmp_path / "ours.toml").write_text(f"[settings]\n{setting}\n", encoding="utf-8")
        return store.load(tmp_path / "data/raw", vocabulary=tmp_path / "ours.toml")

    return read


def same(explored, data, period):
    """The figures of dossiers, as the report has them."""
    expected = headline(data, until(read_period(period), data.as_of)).loc[OF_DOSSIERS]
    pd.testing.assert_frame_equal(explored.figures.loc[OF_DOSSIERS], expected)


@pytest.mark.parametrize("period", ["2022", "2021", "2022-Q3", "2022-11", "2022-official", "2022-02-10..2022-05-03"])
def test_the_figures_of_a_period_are_those_of_the_report(reading, sample, period):
    same(explore(reading, Choice(period=period)), sample, period)


def test_the_figures_up_to_a_day_are_those_of_the_report_up_to_it(reading, sample_folder):
    data = store.load(sample_folder / "data/raw", as_of="2022-06-30")
    explored = explore(reading, Choice(period="2022", as_of="2022-06-30"))
    same(explored, data, "2022")
    assert explored.data.as_of_basis == "given"


def test_the_figures_of_a_unit_are_those_of_its_report(reading, sample_folder):
    same(
        explore(reading, Choice(period="2022", unit="SỞ XÂY DỰNG")),
        store.load(sample_folder / "data/raw", unit="Sở Xây dựng"),
        "2022",
    )


@pytest.mark.parametrize(("rule", "value"), [("due", "current"), ("judged_by", "timestamp")])
def test_a_rule_gives_what_the_same_setting_gives(reading, read_with, rule, value):
    data = read_with(f'{rule} = "{value}"')
    explored = explore(reading, Choice(period="2022", **{rule: value}))
    same(explored, data, "2022")
    assert explored.figures.value["late"] != headline(reading.data, explored.span).value["late"]


def test_a_rule_that_is_set_can_be_chosen_away(read_with, sample):
    other = Reading(read_with('due = "current"'))
    same(explore(other, Choice(period="2022", due="first")), sample, "2022")


def test_a_rule_that_is_chosen_holds_for_a_system_with_a_rule_of_its_own():
    words = read_vocabulary()._replace(
        systems={"mot cua": System("Một cửa", settings={"due": "first", "judged_by": "timestamp"})}
    )
    chosen = with_choice(words, Choice(due="current"))
    assert (chosen.setting("due", "Một cửa"), chosen.setting("judged_by", "Một cửa")) == ("current", "timestamp")


@pytest.mark.parametrize("name", ON_TIME)
def test_the_on_time_rate_follows_its_definition_and_nothing_it_counts_was_left_out(reading, sample, name):
    explored = explore(reading, Choice(period="2022-Q3", on_time=name))
    now, before = (
        on_time_definitions(sample.dossiers, period).loc[name] for period in (explored.span, year_before(explored.span))
    )
    row = explored.figures.loc["on_time_rate"]
    assert (row.numerator, row.denominator, row.value) == (now.numerator, now.denominator, now.rate)
    assert row.before == pytest.approx(before.rate)
    assert row.change == pytest.approx(now.rate - before.rate)


@pytest.mark.parametrize("name", ONLINE)
def test_the_online_share_follows_its_definition(reading, sample, name):
    explored = explore(reading, Choice(period="2022", online=name))
    has_results = sample.has("dossiers", "result_digitised")
    expected = online_definitions(sample.dossiers, sample.procedures, explored.span, has_results=has_results).loc[name]
    assert explored.figures.value["online_share"] == pytest.approx(expected.rate, nan_ok=True)


def test_the_rates_of_months_are_those_of_the_page_of_trends(reading, sample):
    rates, every = explore(reading, Choice(period="2022")).rates, monthly(sample)
    columns = ["received", "online", "resolved_late", "online_share", "on_time_rate", "is_whole"]
    pd.testing.assert_frame_equal(rates[columns], every.loc[rates.index, columns], check_names=False, check_freq=False)


def test_the_rates_of_months_follow_the_definitions(reading, sample):
    rates = explore(reading, Choice(period="2022", on_time="D2", online="O2")).rates
    march = read_period("2022-03")
    timely = on_time_definitions(sample.dossiers, march).loc["D2"]
    online = online_definitions(sample.dossiers, sample.procedures, march).loc["O2"]
    assert rates.on_time_rate["2022-03"] == pytest.approx(timely.rate)
    assert rates.online_share["2022-03"] == pytest.approx(online.rate)
    assert rates.received["2022-03"] == online.denominator


@pytest.mark.parametrize("rows", TABLES)
def test_the_table_adds_up_to_the_figures(reading, rows):
    explored = explore(reading, Choice(period="2022", table=rows))
    value, table = explored.figures.value, explored.table
    columns = ["received", "online", "resolved", "timely", "late", *(["open", "overdue"] if rows != "month" else [])]
    assert table[columns].sum().to_dict() == value[columns].to_dict()
    assert len(table) > (0 if rows == "unit" else 1)


def test_a_channel_alone_is_all_online(reading):
    explored = explore(reading, Choice(period="2022", channel="online"))
    assert explored.figures.value[["received", "online", "in_person"]].tolist() == [163, 163, 0]


def test_a_field_and_a_procedure_count_as_their_rows_of_the_table(reading):
    by_field = explore(reading, Choice(period="2022", table="field")).table
    for name, received in by_field.received.items():
        assert explore(reading, Choice(period="2022", field=name)).figures.value["received"] == received
    key, name = next(iter(reading.procedures.items()))
    by_procedure = explore(reading, Choice(period="2022", table="procedure")).table
    assert (
        explore(reading, Choice(period="2022", procedure=key)).figures.value["received"] == by_procedure.received[name]
    )


def test_dossiers_whose_field_is_left_blank_can_be_looked_at(sample):
    dossiers = sample.dossiers.assign(field=sample.dossiers.field.astype("str").where(sample.dossiers.index % 3 > 0))
    other = Reading(sample.with_(dossiers=dossiers))
    span = read_period("2022")
    expected = total(within(count_events(dossiers, by=["field"]), span), by=["field"]).received[""]
    assert other.names("field")[-1] == BLANK
    assert explore(other, Choice(period="2022", field=BLANK)).figures.value["received"] == expected > 0
    assert explore(other, Choice(period="2022", table="field")).table.received[BLANK] == expected


def test_exploring_leaves_what_was_read_as_it_was(reading, sample):
    before = sample.dossiers.copy()
    for choice in (Choice(period="2022", due="current"), Choice(period="2022", channel="online", on_time="D3")):
        _ = explore(reading, choice).figures
    pd.testing.assert_frame_equal(sample.dossiers, before)


@pytest.mark.parametrize(("choice", "said"), [
    (Choice(period="20222"), "“20222” is no period. What can be typed: 2022, 2022-Q3, 2022-H1"),
    (Choice(period="2022-12-01..2022-01-01"), "ends before it begins"),
    (Choice(period="2022", as_of="tháng ba"), "A day is written 2022-11-10"),
    (Choice(period="2023"), "after the day of the data (2022-11-10)"),
    (Choice(period="2019"), "The exports say nothing of this period (2019-01-01 to 2019-12-31)"),
    (Choice(period="2022", field="Hoạt động xây"), "the nearest is “Hoạt động xây dựng”"),
    (Choice(period="2022", channel="other"), "No dossier fits this choice"),
])  # fmt: skip
def test_what_shows_nothing_says_why_and_what_to_do(reading, choice, said):
    with pytest.raises(ChoiceRefused) as refused:
        explore(reading, choice)
    assert said in str(refused.value)


HOSTILE = "<script>document.title='run'</script>"


def test_markup_in_a_name_is_shown_and_never_run(sample):
    dossiers = sample.dossiers.assign(field=HOSTILE, procedure=HOSTILE, procedure_code=None)
    explored = explore(
        Reading(sample.with_(dossiers=dossiers)), Choice(period="2022", field=HOSTILE, procedure=HOSTILE, table="field")
    )
    shown = [
        show_explored(explored, labels=VI),
        show_grid(explored, labels=VI),
        show_kept(explored.choice, {}, labels=VI),
    ]
    assert all("&lt;script&gt;document" in piece for piece in shown)
    assert not any("<script>document" in piece for piece in shown)


def test_what_is_shown_says_what_was_chosen_and_how_the_rates_are_made(reading):
    shown = show_explored(
        explore(reading, Choice(period="2022-Q3", channel="online", on_time="D3")), labels=VI
    ).replace("\xa0", " ")
    for said in ("quý 3 năm 2022: từ 01/07/2022 đến 30/09/2022", "Hình thức nộp: trực tuyến", "theo D3 · đến hạn trong kỳ: 42 ÷ 57 = 73,68 %",
                 "Dữ liệu mẫu, không có thật"):  # fmt: skip
        assert said in shown


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_a_chart_with_its_sentence(reading, name):
    shown = show_picture(name, explore(reading, Choice(period="2022-Q3", channel="online", online="O2")), labels=VI)
    assert shown.count("<img alt=") == 1
    assert '<p class="finding">' in shown


def test_a_picture_without_a_single_dossier_is_drawn_all_the_same(reading):
    explored = explore(reading, Choice(period="2022-01", channel="online"))
    assert all("<img" in show_picture(name, explored, labels=VI) for name in PICTURES)


def test_a_picture_that_is_saved_has_its_title_and_letters_that_need_no_font(reading, tmp_path):
    explored = explore(reading, Choice(period="2022", channel="online"))
    png = picture_file("timeliness", explored, tmp_path, kind="png", labels=VI)
    svg = picture_file("timeliness", explored, tmp_path, kind="svg", labels=VI)
    assert [path.name for path in (png, svg)] == [f"2022.online.dung-han.{kind}" for kind in ("png", "svg")]
    assert png.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    tags = [element.tag.rpartition("}")[2] for element in ET.fromstring(svg.read_text("utf-8")).iter()]
    assert tags.count("text") == 0
    assert tags.count("path") > 50
    assert svg.read_bytes() == picture_file("timeliness", explored, tmp_path, kind="svg", labels=VI).read_bytes()


def test_the_workbook_has_real_numbers_and_says_what_was_chosen(reading, tmp_path):
    explored = explore(reading, Choice(period="2022", table="channel"))
    path = table_file(explored, tmp_path, labels=VI)
    book = openpyxl.load_workbook(path)
    assert path.name == "2022.bang-hinh-thuc-nop.xlsx"
    assert [row[0].value for row in book.worksheets[0].iter_rows(max_row=4)][-1] == "period=2022; table=channel"
    rows = {row[0]: row[1:] for row in book.worksheets[1].iter_rows(min_row=4, values_only=True) if row[1] is not None}
    assert rows["trực tuyến"][:3] == (163, 163, 1)
    assert rows["trực tiếp"][0] == 774
    assert table_workbook(explored, labels=VI) == path.read_bytes()
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[1]["D4"].number_format == "0.00%"
