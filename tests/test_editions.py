"""Editions: the internal one is as it always was; the public one tells no small count that the official forms do not."""

import re
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from lxml import html

from analysis import catalogue, charts, counts, planning
from analysis.__main__ import cli
from analysis.editions import Edition, of_edition, read_edition, require_internal
from analysis.labels import HELD, read_labels
from analysis.periods import read_period, until
from analysis.record import record
from analysis.settings_page import show_settings
from analysis.trends import monthly
from analysis.vocabulary import read_vocabulary

VI = read_labels("vi")
YEAR = Edition(is_public=True, least=5, few=10)
MONTHS = pd.period_range("2022-01", periods=3, freq="M")
OTHER = VI.texts["editions"]["several_procedures"]["vi"]

AS_THE_FORM = {
    ("summary", None),
    ("Kết quả chính", None),
    ("Đã đọc những gì", None),  # lines of files
    ("Tiếp nhận", "Không rõ"),  # of a total
    ("Thủ tục", "Trực tuyến"),  # the year's table of procedures and channels
    ("Thủ tục", "Còn thiếu"),
    ("Thủ tục", "Dịch vụ"),
    ("Thủ tục", "Hồ sơ đã giải quyết"),  # of the only procedure of a field
    ("Thời gian giải quyết", "Có kết quả"),  # of a field
    ("Thời gian giải quyết", "Có kết quả, cùng kỳ"),
    ("Thời gian giải quyết", None),  # days
    ("Biểu mẫu chính thức", None),
}
"""Section and column (every one if ``None``) where the public page of the sample tells counts from 1 to 4."""


@pytest.fixture(scope="module")
def folder(sample_folder):
    """The reports of the sample's year in the public edition, made by the command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(sample_folder)
        asked = ["report", "2022", "--edition", "public", "--out", "published"]
        assert not cli(asked, standalone_mode=False)
    return sample_folder / "published"


@pytest.fixture(scope="module")
def page(folder):
    return html.fromstring((folder / "2022.cong-khai.html").read_text("utf-8"))


def text_of(element):
    return " ".join(" ".join(element.itertext()).replace("\xa0", " ").split())


def small_counts(page):
    """Where a table tells a whole number from 1 to 4: section, column, row."""
    for table in page.xpath("//table"):
        heads = table.xpath("(ancestor::section|ancestor::details[@class='annex'])[1]//h2")
        section = heads[0].text_content() if heads else "summary"
        columns = [cell.text_content() for cell in table.xpath(".//thead//th")]
        for row in table.xpath(".//tbody/tr"):
            for column, cell in zip(columns, row.xpath("./th|./td"), strict=True):
                if re.fullmatch("[1-4]†?", cell.text_content().strip()):
                    yield section, column, row.xpath("./th")[0].text_content()


def test_the_public_page_tells_a_small_count_only_where_the_official_forms_do(page):
    found = set(small_counts(page))
    assert ("Thủ tục", "Trực tuyến", "Thẩm định đồ án quy hoạch chi tiết xây dựng") in found
    assert not {
        (section, column, row)
        for section, column, row in found
        if (section, None) not in AS_THE_FORM and (section, column) not in AS_THE_FORM
    }


def test_small_procedures_have_neither_their_resolved_nor_a_rate_on_the_public_page(page):
    (table,) = [
        t
        for t in page.xpath("//table")
        if "Tỷ lệ trước và đúng hạn" in t.xpath("./thead")[0].text_content() and "Mã thủ tục" in t.text_content()
    ]
    told = {row[1].text_content(): [cell.text_content() for cell in row[2:]] for row in table.xpath("./tbody/tr")}
    assert told["1.009982"] == ["177", "49", "27,68\xa0%", "161", "68,94\xa0%"]
    assert told["1.009972"] == ["42", "3", "7,14\xa0%", HELD, HELD]
    assert len(told) == 27


def test_the_months_of_few_online_dossiers_are_told_as_one_sum(page):
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert ["2/2022", HELD, HELD, "44"] in rows
    assert ["11/2022", HELD, HELD, "32"] in rows
    assert ["3/2022", "12", "75", "87"] in rows
    assert sum(row[1:3] == [HELD, HELD] and len(row) == 4 for row in rows) == 2


def test_the_headline_stands_on_the_public_page(page):
    text = text_of(page)
    for said in ("937 hồ sơ: 163 trực tuyến", "855 hồ sơ: 600 trước và đúng hạn", "255 quá hạn", "còn 67 hồ sơ"):
        assert said in text


def test_the_public_page_says_at_its_head_what_it_is_and_what_it_holds_back(page):
    assert text_of(page.xpath("//p[@class='edition']")[0]) == VI.name("editions.name_public")
    (notice,) = [text for text in map(text_of, page.xpath("//p[@class='notice']")) if "các số dưới 5" in text]
    assert VI.name("editions.procedures_told") in notice
    assert VI.name("editions.left_out") in notice


def test_what_a_person_typed_and_single_lines_are_not_published(folder):
    for file in [*folder.glob("2022*.html"), *folder.glob("2022*.ipynb")]:
        text = file.read_text("utf-8")
        assert "thiếu hai vị trí thẩm định" not in text
        assert "sáng thứ hai" not in text  # a rejected line
        assert "Quản lý nhà và thị trường bất động sản" not in text  # a division


def test_the_notebook_beside_the_public_page_holds_none_of_the_other_cells(folder):
    ran = nbformat.read(folder / "2022.cong-khai.ipynb", as_version=4)
    shown = {cell.source for cell in of_edition(nbformat.read(planning.ANNUAL, as_version=4), "public").cells}
    assert {cell.source for cell in ran.cells if "injected-parameters" not in cell.metadata.tags} == shown
    assert not any("show_divisions" in cell.source for cell in ran.cells)


def test_the_list_of_reports_says_which_page_is_public(folder):
    assert VI.name("editions.name_public") in (folder / "index.html").read_text("utf-8")


def test_run_by_hand_no_notebook_calls_itself_public():
    for notebook in (planning.ANNUAL, planning.TRENDS):
        cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
        assert "require_internal(edition)" in cells[1].source
        assert "public" not in cells[1].metadata.get("tags", [])
    require_internal("internal")
    with pytest.raises(ValueError, match="--edition public"):
        require_internal("public")


def test_an_edition_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="internal or public"):
        read_edition("secret", read_vocabulary().settings, read_period("2022"))


@pytest.mark.parametrize(("period", "merges"), [("2022", False), ("2021-12-15..2022-12-14", False), ("2022-9M", True)])
def test_procedures_are_merged_in_periods_shorter_than_a_year(period, merges):
    assert read_edition("public", read_vocabulary().settings, read_period(period)).merges_procedures is merges


def test_a_setting_merges_the_procedures_of_a_year_too():
    settings = {**read_vocabulary().settings, "public_procedures": "merged", "small_cell": 3}
    edition = read_edition("public", settings, read_period("2022"))
    assert (edition.merges_procedures, edition.least) == (True, 3)


def test_the_page_about_quality_has_no_public_edition(run):
    code, _, told = run("report", "--quality", "--edition", "public")
    assert code == 2
    assert "no public edition" in told


def test_every_section_is_listed_in_the_document_about_editions(root):
    told = (root / "docs/editions.md").read_text("utf-8")
    called = set()
    for notebook in (planning.ANNUAL, planning.TRENDS):
        for cell in nbformat.read(notebook, as_version=4).cells:
            called |= set(re.findall(r"\b\w+\.(?:show|plot)_\w+", cell.source)) if cell.cell_type == "code" else set()
    called -= {"page.show_chart", "editions_page.show_unless_merged"}
    assert len(called) > 40
    assert {name for name in called if f"`{name}`" not in told} == set()


def test_the_internal_edition_changes_no_table(sample):
    intake = counts.by_month(counts.count_intake(sample.dossiers), read_period("2022"))
    assert Edition().cells(intake, counts.CHANNELS, total="received").equals(intake)
    span = until(read_period("2022"), sample.as_of)
    every = catalogue.count_procedures(sample.dossiers, sample.procedures, span)
    assert Edition().procedures(every, other=OTHER) is every
    assert read_edition("internal", sample.vocabulary.settings, span) == Edition()


@pytest.fixture(scope="module", params=["2022", "2022-Q3", "2022-10"])
def procedures(request, sample):
    """All procedures of a period, and those that the public edition tells of."""
    asked = read_period(request.param)
    every = catalogue.count_procedures(sample.dossiers, sample.procedures, until(asked, sample.as_of))
    told = read_edition("public", sample.vocabulary.settings, asked).procedures(every, other=OTHER)
    return request.param, every, told


def test_procedures_keep_the_sums_of_their_field(procedures):
    _, every, told = procedures
    for column in ("received", "online"):
        assert every.groupby("field")[column].sum().equals(told.groupby("field")[column].sum())


def test_what_the_procedures_held_back_have_together_is_no_small_number_unless_it_is_the_field_s(procedures):
    _, every, told = procedures
    ends = every.assign(
        timely=every.resolved_early + every.resolved_on_time,
        rest=(every.received - every[list(counts.RESOLVED)].sum(axis=1)).abs(),
    )
    names = set(told.procedure[told.resolved_late.notna()])
    for _, field in ends.groupby("field"):
        shown = field.procedure.isin(names)
        hidden = field[~shown]
        if shown.any() and len(hidden) and (field[shown].received > 0).any():
            sums = hidden[["timely", "resolved_late", "resolved_no_due"]].sum()
            assert not ((sums > 0) & (sums < 5)).any()
            assert len(hidden) > 1


def test_merged_procedures_tell_no_small_count_by_channel_unless_it_is_the_field_s(procedures):
    period, every, told = procedures
    if period == "2022":
        assert told.procedure.tolist() == every.procedure.tolist()
        return
    whole = every.groupby("field")[["received", "online"]].sum()
    for row in told.itertuples():
        parts = {row.online, row.received - row.online}
        if (row.received, row.online) != tuple(whole.loc[row.field]):
            assert not parts & {1, 2, 3, 4}, row.procedure


def test_no_bar_shows_what_the_table_hides():
    table = pd.DataFrame(
        {"online": [5, 3, 12], "in_person": [65, 41, 75], "postal": 0, "other": 0, "unknown": 0}, index=MONTHS
    )
    ax = charts.plot_intake(YEAR.cells(table, counts.CHANNELS, total="received"), labels=VI)
    drawn = {bars.get_label(): [bar.get_height() for bar in bars] for bars in ax.containers}
    assert drawn == {"trực tuyến": [0, 0, 12], "trực tiếp": [0, 0, 75], VI.name("editions.in_one_sum"): [70, 44, 0]}
    shares = [text.get_text() for one in ax.get_figure().axes for text in one.texts if "%" in text.get_text()]
    assert shares == ["14\xa0%"]
    assert "7,14" not in ax.get_label()
    assert VI.name("editions.of_those_told") in ax.get_label()


def test_the_chart_of_timeliness_counts_what_it_hides_in_its_total():
    table = pd.DataFrame(
        dict(zip(counts.RESOLVED, ([20, 13, 24], [3, 8, 35], [0, 6, 15], [0, 0, 0]), strict=True)), index=MONTHS
    )
    ax = charts.plot_timeliness(YEAR.cells(table, counts.RESOLVED, total="resolved"), labels=VI)
    assert ax.get_label().startswith("124 hồ sơ đã giải quyết")
    assert [bar.get_height() for bar in ax.containers[-1]] == [23, 21, 0]


def test_the_page_of_trends_holds_the_same_months_back_as_the_page_of_the_year(sample):
    span = until(read_period("2022"), sample.as_of)
    of_year = YEAR.cells(counts.by_month(counts.count_intake(sample.dossiers), span), counts.CHANNELS, total="received")
    of_all = monthly(sample, edition=YEAR).loc["2022"]
    assert of_all.online.isna().tolist() == of_year.online.isna().tolist()
    assert of_all.online_share.isna().tolist() == of_year.online.isna().tolist()
    assert of_all.received.sum() == 937
    assert not ((of_all.online > 0) & (of_all.online < 5)).any()


def test_days_of_few_dossiers_are_held_back_but_not_how_many_a_field_has():
    table = pd.DataFrame(
        {"resolved": [522, 4], "resolved_before": [362, 12], "median_days": [20, 15], "median_days_before": [20, 16]}
    )
    told = YEAR.durations(table, is_in_form=True)
    assert told.resolved.tolist() == [522, 4]
    assert told.median_days.isna().tolist() == [False, True]
    assert told.median_days_before.isna().tolist() == [False, False]


def test_small_numbers_by_channel_are_held_back_two_at_least():
    table = pd.DataFrame(
        {"resolved": [700, 3, 40], "resolved_before": [600, 30, 0], "median_days": 20.0, "median_days_before": 20.0}
    )
    told = YEAR.durations(table, is_in_form=False)
    assert told.resolved.isna().tolist() == [False, True, True]
    assert told.median_days.isna().tolist() == [False, True, True]
    assert told.resolved_before.tolist() == [600, 30, 0]


def test_whom_a_scheduled_run_tells_is_of_the_department_alone(sample):
    settings = {**sample.vocabulary.settings, "notify": "Văn phòng Sở"}
    told = replace(sample, vocabulary=sample.vocabulary._replace(settings=settings))
    for edition, is_said in ((Edition(), True), (YEAR, False)):
        assert ("Văn phòng Sở" in show_settings(told, edition=edition, labels=VI)) is is_said
    for name, is_said in (("internal", True), ("public", False)):
        assert ("notify" in record(told, parameters={"edition": name})["settings"]) is is_said
