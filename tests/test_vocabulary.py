"""Words are data: spelling without meaning is taken away, a user's own win, and every mistake is named."""

import unicodedata

import pytest

from analysis.tables import TABLES, word_list
from analysis.vocabulary import SHIPPED, VocabularyError, fold, read_vocabulary


@pytest.fixture
def own(tmp_path):
    """Read a vocabulary file with some text, laid over the shipped one."""

    def read(text):
        path = tmp_path / "own.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_vocabulary(path)

    return read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ngày tiếp nhận", "NGÀY TIẾP NHẬN"),
        ("Ngày tiếp nhận", "Ngay tiep nhan"),
        ("Hồ sơ", unicodedata.normalize("NFD", "Hồ sơ")),
        ("Số hóa kết quả", "Số hoá kết quả"),
        ("Đơn vị", "don vi"),
        ("Số, ký hiệu", "  Số  ký\u00a0hiệu (*):"),
        ("Địa chỉ/SĐT", "địa_chỉ\nsđt"),
    ],
)
def test_spelling_that_carries_no_meaning_makes_no_difference(one, other):
    assert fold(one) == fold(other) != ""


def test_different_words_stay_different():
    assert fold("Trực tiếp") != fold("Trực tuyến")
    assert fold("Mức độ 3") != fold("Mức độ 4")


def test_folding_twice_changes_nothing():
    assert fold(fold("  Ngày HẸN-trả (Đ)")) == fold("  Ngày HẸN-trả (Đ)")


def test_no_heading_of_the_shipped_vocabulary_means_two_columns_of_a_table():
    """It would raise; and every meaning is one the tables have."""
    vocabulary = read_vocabulary()
    for name, table in TABLES.items():
        meant = {column for _, column in vocabulary.columns[name].values()}
        assert meant == set(table.columns)
        ranks = [rank for rank, _ in vocabulary.columns[name].values()]
        assert len(ranks) == len(set(ranks))


def test_every_column_of_words_has_its_list():
    for table in TABLES.values():
        assert {word_list(column) for column in table.words} <= set(read_vocabulary().words)


def test_no_heading_that_can_name_a_person_is_a_column():
    vocabulary = read_vocabulary()
    assert not [h for known in vocabulary.columns.values() for h in known if h in vocabulary.personal]


def test_an_own_word_is_added_to_the_shipped_ones(own):
    channel = own('[words.channel]\nonline = ["e-Gov"]').words["channel"]
    assert channel[fold("E GOV")] == channel[fold("Trực tuyến")] == "online"


def test_an_own_word_wins_over_the_shipped_one(own):
    assert read_vocabulary().words["status"][fold("Dừng xử lý")] == "paused"
    assert own('[words.status]\nreturned = ["DỪNG XỬ LÝ"]').words["status"][fold("Dừng xử lý")] == "returned"


def test_an_own_heading_wins_and_ranks_before_the_shipped_ones(own):
    columns = own('[columns.dossiers]\ndivision = ["Đơn vị"]\nunit = ["Trung tâm"]').columns["dossiers"]
    assert columns["don vi"][1] == "division"
    assert columns["trung tam"][0] < columns["don vi tiep nhan"][0]


def test_single_values_replace_and_date_formats_come_first(own):
    vocabulary = own('[dates]\ntimezone = "Europe/Amsterdam"\ndays = ["%m/%d/%Y"]\n[settings]\nunit_name = "Sở Y"')
    assert vocabulary.timezone == "Europe/Amsterdam"
    assert vocabulary.days == ("%m/%d/%Y", *read_vocabulary().days)
    assert vocabulary.settings == {**read_vocabulary().settings, "unit_name": "Sở Y"}


def test_own_blanks_personal_headings_kinds_and_layout_are_added(own):
    vocabulary = own(
        '[blanks]\nwords = ["Để trống"]\ndays = ["11/11/1111"]\n[personal]\ncolumns = ["Biệt danh"]\n'
        '[document_kinds]\nXX = "Loại mới"\n[layout]\ntotals = ["Tổng kết"]'
    )
    assert vocabulary.is_blank("để  trống")
    assert "11/11/1111" in vocabulary.blank_days
    assert {"biet danh", "dia chi"} <= vocabulary.personal
    assert vocabulary.document_kinds["XX"] == "Loại mới"
    assert vocabulary.document_kinds["TB"] == "Thông báo"
    assert {"Tổng kết", "Tổng cộng"} <= set(vocabulary.layout["totals"])


def test_the_checksum_follows_the_text(own):
    assert own("").sha256 != read_vocabulary().sha256 == read_vocabulary(None).sha256
    assert own("# one").sha256 != own("# two").sha256
    assert own("").files == (SHIPPED.name, "own.toml")


def test_a_byte_order_mark_does_no_harm(own):
    assert own('\ufeff[words.channel]\nonline = ["e-Gov"]').words["channel"]["e gov"] == "online"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[colums.dossiers]\ndossier_id = ["A"]', ["'colums'", "'columns'"]),
        ('[columns.dosiers]\ndossier_id = ["A"]', ["'columns.dosiers'", "'dossiers'"]),
        ('[columns.dossiers]\ndosier_id = ["A"]', ["'columns.dossiers.dosier_id'", "'dossier_id'"]),
        ('[columns.dossiers]\nzzz = ["A"]', ["'columns.dossiers.zzz'", "nearest is"]),
        ('[words.chanel]\nonline = ["A"]', ["'words.chanel'", "'channel'"]),
        ('[words.channel]\nonlin = ["A"]', ["'words.channel.onlin'", "'online'"]),
        ('[layout]\ntotal = ["A"]', ["'layout.total'", "'totals'"]),
        ('[dates]\ntimezon = "Asia/Ho_Chi_Minh"', ["'dates.timezon'", "'timezone'"]),
        ('[words.channel]\nonline = "A"', ["words.channel.online", "a list of words", "'A'"]),
        ("[words.channel]\nonline = [7]", ["words.channel.online", "words in quotes", "7"]),
        ("[words]\nchannel = 1", ["words.channel", "a section"]),
        ("[settings]\nunit_name = 5", ["settings.unit_name", "a text in quotes"]),
        ('[settings]\nonline_target_percent = "50"', ["settings.online_target_percent", "a whole number", "'50'"]),
        ("[settings]\nonline_target_percent = 500", ["settings.online_target_percent", "from 1 to 100", "500"]),
        ("[settings]\nonline_target_percent = true", ["settings.online_target_percent", "a whole number"]),
        ('[dates]\nearliest = "1990-01-01"', ["dates.earliest", "a day such as"]),
        ("[dates]\nlatest = 1980-01-01", ["dates.earliest", "1990-01-01", "1980-01-01"]),
        ("[document_kinds]\nQC = 1", ["document_kinds.QC", "a text in quotes"]),
        ("[document_kinds]\nNEW = 1", ["document_kinds.NEW", "a text in quotes"]),
        ('[words.channel\nonline = ["A"]', ["not valid TOML", "line 1"]),
        ('[words.channel]\nonline = ["A]', ["not valid TOML"]),
        ('[dates]\ntimezone = "Europe/Amsterdm"', ["dates.timezone", "'Europe/Amsterdm'", "'Europe/Amsterdam'"]),
        ('[dates]\ndays = ["%d/%m/%y"]', ["dates.days", "'%d/%m/%y'", "%Y"]),
        ('[dates]\ndays = ["%d/%m/%Y %Q"]', ["dates.days", "'%d/%m/%Y %Q'"]),
        ('[dates]\ndays = ["%d/%m/%Y%"]', ["dates.days", "'%d/%m/%Y%'"]),
        ('[dates]\ntimes = ["%Hh"]', ["dates.times", "'%Hh'", "%M"]),
        ('[words.channel]\nonline = ["Web"]\nother = ["WEB"]', ["'WEB'", "'online' and 'other'", "channel"]),
        ('[columns.dossiers]\nunit = ["Nơi"]\ndivision = ["nơi"]', ["'nơi'", "'unit' and 'division'", "dossiers"]),
        ('[words.yes_no]\nyes = ["✓"]', ["'✓'", "yes_no"]),
        ('[words.channel]\nin_person = [""]', ["''", "channel"]),
        ("Sở".encode("utf-16"), ["UTF-8"]),
    ],
)
def test_a_mistake_in_an_own_file_is_named_with_file_place_and_nearest_word(own, text, named):
    with pytest.raises(VocabularyError) as caught:
        own(text)
    message = str(caught.value)
    assert [part for part in ["own.toml", *named] if part not in message] == []


def test_an_own_file_that_is_missing_or_a_folder_is_named(tmp_path):
    with pytest.raises(VocabularyError, match=r"nowhere\.toml: there is no such vocabulary file"):
        read_vocabulary(tmp_path / "nowhere.toml")
    with pytest.raises(VocabularyError, match="cannot be read"):
        read_vocabulary(tmp_path)


@pytest.mark.parametrize("text", ["", "-", "--", " N/A ", "n.a", "NULL", "Chưa có", "(TRỐNG)", "..."])
def test_a_known_blank_is_a_blank(text):
    assert read_vocabulary().is_blank(text)


@pytest.mark.parametrize("text", ["?", "0", "x", "không", "*", "01/01/0001"])
def test_what_nobody_called_a_blank_is_none(text):
    assert not read_vocabulary().is_blank(text)


def test_a_file_comes_from_the_system_that_its_name_says(own):
    words = own('[sources]\n"bộ/*" = "ministry"\n"*-bo.csv" = "other"\n[settings]\nsource_system = "desk"')
    found = [words.source_of(f) for f in ("Bộ/2022/a.csv", "2022/a-bo.csv", "a.csv")]
    assert found == ["ministry", "other", "desk"]
