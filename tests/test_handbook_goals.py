"""A workbook as a clerk fills it: targets, figures and sentences act, are printed, and go with their line."""

import shutil

import pytest

from analysis import additions_page, remarks_page, sections, targets, targets_page
from analysis.handbook_form import read_form
from analysis.labels import read_labels
from analysis.metrics import headline
from analysis.periods import read_period, until
from analysis.store import load

VI = read_labels("vi")
YEAR = read_period("2022")
TARGET = {"measure": "Tỷ lệ trước và đúng hạn", "definition": "", "year": 2022, "value": 95, "source": "Quyết định A"}
ADDITION = {"period": "2022", "measure": "Lượt hướng dẫn", "value": 350, "source": "Sổ theo dõi", "who": "Văn phòng"}
REMARK = {"period": "2022", "section": "Nguyên nhân", "text": "Đổi phần mềm.\nThiếu người."}
PRINTED = {
    "targets": "đến nay thiếu 214 hồ sơ",
    "additions": "Lượt hướng dẫn",
    "remarks": "Đổi phần mềm.<br>Thiếu người.",
}
LINES = {"targets": TARGET, "additions": ADDITION, "remarks": REMARK}


@pytest.fixture(scope="module")
def folder(sample_folder, tmp_path_factory):
    """The sample in a folder of its own, processed once."""
    copy = tmp_path_factory.mktemp("goals")
    shutil.copytree(sample_folder / "data/raw/sample", copy / "data/raw/sample")
    return copy


@pytest.fixture(scope="module")
def shown(folder, handbook_of):
    """What the pages show with a handbook of some lines."""

    def show(**sheets):
        path = handbook_of(folder, **sheets)
        data = load(folder / "data/raw", handbook=path)
        figures = headline(data, until(YEAR, data.as_of))
        goals = targets.targets_of(data, YEAR, figures=figures)
        parts = [
            sections.show_missing(data, until(YEAR, data.as_of), labels=VI),
            sections.show_cards(figures, targets=goals, labels=VI),
            targets_page.show_targets(goals, labels=VI),
            additions_page.show_additions(data, YEAR, figures=figures, labels=VI),
            remarks_page.show_all_remarks(data, YEAR, labels=VI),
        ]
        return "".join(parts), figures

    return show


@pytest.mark.parametrize("sheet", PRINTED)
def test_a_line_acts_is_printed_and_is_reverted_by_deleting_it(sheet, shown):
    without, before = shown()
    with_, after = shown(**{sheet: [LINES[sheet]]})
    assert PRINTED[sheet] in with_
    assert PRINTED[sheet] not in without
    assert shown()[0] == without
    assert after.equals(before)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"definition": "O4"}, "dòng 6, cột “Cách tính”: ghi “O4”, không phải cách tính của chỉ tiêu này"),
        ({"value": 90}, "dòng 6, cột “Giá trị (%)”: ghi “90”, nhưng dòng 5 đã nêu chỉ tiêu này"),
        ({"unit": "Phòng X"}, "dòng 6, cột “Phạm vi (đơn vị tiếp nhận)”: ghi “Phòng X”, nhưng không có hồ sơ nào"),
    ],
)
def test_a_wrong_target_is_told_and_stops_only_its_line(wrong, said, shown):
    page, _ = shown(targets=[TARGET, TARGET | wrong])
    assert said in page
    assert PRINTED["targets"] in page
    assert page.count("Quyết định A") == 1


def test_a_remark_may_stand_in_every_section_that_the_form_offers(folder, handbook_of):
    names = {section: name["vi"] for section, name in read_form().choices["sections"].items()}
    path = handbook_of(folder, remarks=[REMARK | {"section": name, "text": section} for section, name in names.items()])
    data = load(folder / "data/raw", handbook=path)
    for section in names:
        assert f"<p>{section}</p>" in remarks_page.show_remarks(data, YEAR, section, labels=VI)
