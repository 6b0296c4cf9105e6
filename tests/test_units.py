"""The units beside each other add up to all of them, and the page says so."""

import pandas as pd
import pytest
from lxml import html

from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until
from analysis.store import load
from analysis.units import ALL, by_unit, by_unit_and_year
from analysis.units_page import show_units, show_years

HEAD = "Mã hồ sơ,Đơn vị,Kênh tiếp nhận,Ngày nhận,Hạn trả,Ngày kết thúc xử lý,Trạng thái\n"
LINES = [
    "H1,Chi nhánh 2,Trực tuyến,04/01/2022,10/01/2022,09/01/2022,Đã trả kết quả",
    "H2,Chi nhánh 2,Trực tiếp,05/01/2022,10/01/2022,12/01/2022,Đã trả kết quả",
    "H3,Chi nhánh 1,Trực tiếp,06/01/2022,07/01/2022,,Đang xử lý",
    "H4,Chi nhánh 1,Trực tiếp,07/01/2022,10/01/2022,10/01/2022,Rút hồ sơ",
    "H5,,Trực tuyến,08/01/2022,20/03/2023,15/02/2023,Đã trả kết quả",
    "H6,Chi nhánh 2,Trực tiếp,09/02/2023,20/03/2023,15/02/2023,Đã trả kết quả",
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Two units, and a dossier that names none."""
    folder = tmp_path_factory.mktemp("units")
    (folder / "data/raw").mkdir(parents=True)
    (folder / "data/raw/a.csv").write_text(HEAD + "\n".join(LINES) + "\n", "utf-8")
    return load(folder / "data/raw", as_of="2023-02-28")


def test_each_unit_has_its_own_figures_and_one_row_has_all(desk):
    table = by_unit(desk, read_period("2022"))
    assert table.index.tolist() == ["", "Chi nhánh 1", "Chi nhánh 2", ALL]
    assert table.received.tolist() == [1, 2, 2, 5]
    assert table.online_share.tolist() == [1, 0, 0.5, 0.4]
    assert table.resolved.tolist() == [0, 0, 2, 2]
    assert table.on_time_rate.fillna(-1).tolist() == [-1, -1, 0.5, 0.5]
    assert table.ended_otherwise.tolist() == [0, 1, 0, 1]
    assert table.open.tolist() == [1, 1, 0, 2]
    assert table.overdue.tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("year", ["2022", "2023"])
def test_the_units_add_up_and_all_of_them_is_the_headline(desk, year):
    period = until(read_period(year), desk.as_of)
    table, figures = by_unit(desk, period), headline(desk, period).value
    whole = table.loc[ALL]
    counts = table.drop(columns=["online_share", "on_time_rate"])
    pd.testing.assert_series_equal(counts.drop(ALL).sum(), counts.loc[ALL], check_names=False)
    for name in ("received", "resolved", "open", "overdue", "online_share", "on_time_rate"):
        assert whole[name] == figures[name], name


def test_the_page_has_a_row_for_each_and_says_what_is_few(desk):
    shown = html.fromstring(show_units(desk, by_unit(desk, read_period("2022")), 2022, labels=read_labels("en")))
    rows = [[" ".join(cell.itertext()) for cell in row] for row in shown.xpath(".//tbody/tr")]
    assert [row[0] for row in rows] == ["(no unit written)", "Chi nhánh 1", "Chi nhánh 2", "All units"]
    assert rows[2][1:7] == ["0", "2", "50.00%*", "2", "1", "50.00%*"]
    assert "* marks a rate of fewer than 10 dossiers, which says little." in shown.text_content()


def test_a_unit_is_followed_over_the_years_in_order(desk):
    shown = html.fromstring(show_years(by_unit_and_year(desk), "received", labels=read_labels("vi")))
    rows = [[" ".join(cell.itertext()) for cell in row] for row in shown.xpath(".//tr")]
    assert rows == [
        ["Đơn vị", "2022", "2023"], ["(không ghi đơn vị)", "1", "0"], ["Chi nhánh 1", "2", "0"], ["Chi nhánh 2", "2", "1"],
        ["Tất cả các đơn vị", "5", "1"],
    ]  # fmt: skip


def test_one_year_is_nothing_to_compare(desk):
    years = {2022: by_unit_and_year(desk)[2022]}
    assert "The exports hold one year only" in show_years(years, "received", labels=read_labels("en"))
