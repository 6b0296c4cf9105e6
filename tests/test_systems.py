"""What differs between systems: words, headings and rules hold for the lines of the one that they name, and no other."""

import pyarrow as pa
import pytest

from analysis.cleaning import clean_dossiers
from analysis.files import read_export
from analysis.vocabulary import VocabularyError, read_vocabulary


@pytest.fixture
def own(tmp_path):
    """A vocabulary file."""

    def read(text):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return read_vocabulary(path)

    return read


OWN = """
[sources]
"a/*" = "Hệ thống A"
[systems."Hệ thống A".words.status]
returned = ["Dừng xử lý"]
[systems."Hệ thống A".columns.dossiers]
received_on = ["Ngày ghi sổ"]
[systems."Hệ thống A".personal]
columns = ["Lĩnh vực"]
"""


def lines_of(*systems, files=None):
    size = len(systems)
    return pa.table(
        {
            "dossier_id": [f"H-{n}" for n in range(size)], "status": ["DỪNG XỬ LÝ"] * size, "source_system": list(systems),
            "received_on": ["03/01/2022"] * size, "resolved_on": ["05/01/2022"] * size, "source_file": files or ["x.csv"] * size,
            "source_sheet": [""] * size, "source_row": list(range(2, size + 2)),
        }
    )  # fmt: skip


def test_a_word_of_a_system_holds_for_its_lines_alone(own):
    rows = clean_dossiers(lines_of("Hệ thống B", "hệ thống a", "Hệ thống A", ""), vocabulary=own(OWN)).rows
    assert rows.sort_values("dossier_id").status.tolist() == ["paused", "returned", "returned", "paused"]


def test_a_word_of_a_system_holds_for_lines_of_its_files_unless_they_name_another(own):
    lines = lines_of("", "Hệ thống B", "", files=["a/1.csv", "a/1.csv", "b/1.csv"])
    rows = clean_dossiers(lines, vocabulary=own(OWN)).rows.sort_values("dossier_id")
    assert rows.status.tolist() == ["returned", "paused", "paused"]
    assert rows.source_system.tolist() == ["Hệ thống A", "Hệ thống B", "one-stop"]


def test_a_word_that_only_one_system_has_is_unknown_in_the_others(own):
    lines = lines_of("Hệ thống A", "Hệ thống B").set_column(1, "status", pa.array(["lạ lùng"] * 2))
    words = own('[systems."Hệ thống A".words.status]\nresolved = ["lạ lùng"]')
    cleaned = clean_dossiers(lines, vocabulary=words)
    assert cleaned.rows.sort_values("dossier_id").status.tolist() == ["resolved", "unknown"]
    assert cleaned.warnings.query("reason == 'unmapped_word'").source_row.tolist() == [3]


@pytest.mark.parametrize("name", ["a/1.csv", "b/1.csv"])
def test_headings_of_a_system_are_those_of_its_files_alone(own, tmp_path, name):
    path = tmp_path / "1.csv"
    path.write_text("Mã hồ sơ;Lĩnh vực;Ngày nhận;Ngày ghi sổ\nH-1;Nhà ở;03/01/2022;04/01/2022\n", encoding="utf-8")
    (export,) = read_export(path, vocabulary=own(OWN), name=name)
    of_a = name.startswith("a/")
    assert export.headings["received_on"] == ("Ngày ghi sổ" if of_a else "Ngày nhận")
    assert ("field" in export.headings, export.personal) == ((False, ["Lĩnh vực"]) if of_a else (True, []))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[systems."A".settings]\nunit_name = "x"', "own.toml: 'systems.A.settings.unit_name' is not known in [systems.A.settings]"),
        ('[systems."A".settings]\ndue = "last"', "own.toml: settings.due must be first or current, found 'last'"),
        ('[systems."A".settings]\nlatest_receipt = "25:00"', "latest_receipt"),
        ('[systems."A".words.status]\ngone = ["x"]', "own.toml: 'systems.A.words.status.gone' is not known"),
        ('[systems."A".words.status]\npaused = ["x"]\nresolved = ["X"]', "means both 'paused' and 'resolved' in status"),
        ('[systems]\nA = "x"', "own.toml: systems.A must be a section named for a system, found 'x'"),
        ('[systems."A".sources]\nx = "y"', "'systems.A.sources' is not known in [systems.A]"),
        ("systems = 3", "own.toml: systems must be a section, found 3"),
        ('[settings]\njudged_by = "hour"', "own.toml: settings.judged_by must be day or timestamp, found 'hour'"),
    ],
)  # fmt: skip
def test_a_mistake_about_a_system_is_named_with_file_and_place(own, text, named):
    with pytest.raises(VocabularyError) as error:
        own(text)
    assert named in str(error.value)
