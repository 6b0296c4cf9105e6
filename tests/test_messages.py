"""What the program says, in Vietnamese."""

import ctypes
import io
import re

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner
from sentences_in_code import WORDS, blanked, sentences

from analysis.__main__ import cli
from analysis.command_groups import GROUPS, OTHERS
from analysis.command_texts import AS_IT_STANDS, EXAMPLE, in_words
from analysis.labels import read_labels
from analysis.messages import BOOK, PLACE, in_language, language, read_book
from analysis.periods import read_period
from analysis.sections import show_missing
from analysis.sources import KINDS
from analysis.store import load
from analysis.tables import FATES

NAMES = {
    "{}", "exports", "en", "vi", "--who", "--why", "doubtful", "rejected", "days", "times", "then", "today", "first", "current", "day",
    "timestamp", "stops_clock", "counts", "few_dossiers", "small_cell", "keep_logs", "at_risk_days", "keep_vintages", "all", "merged",
}  # fmt: skip
"""What stands in sentences as it is: names of settings, options and tables."""

TABLES = ("dossiers", "documents", "meetings", "procedures")
NOT_DATA = ("title", "header", "repeated header", "number row", "section", "total", "signature", "footnote", "blank")
OF_NAMES = {
    *GROUPS,
    OTHERS,
    *(f"stale: {kind}: {{}}" for kind in KINDS),
    *(f"{{}} {what}" for what in (*TABLES, "sheets", "columns", "settings", "words", *NOT_DATA)),
    *(f"{{}} {fate.replace('_', ' ')}" for fate in FATES),
    *(f"{what} {{}}" for what in ("delimiter", "quote", "line end", "also means")),
}
"""Sentences that the code makes of names."""


@pytest.fixture(scope="module")
def book():
    """The phrase book as Babel reads it."""
    return read_po(io.BytesIO(BOOK.read_bytes()))


@pytest.fixture
def vietnamese(monkeypatch):
    """A person who is spoken to in Vietnamese."""
    monkeypatch.setenv("ANALYSIS_LANG", "vi")


def entries(book):
    """Every English sentence with its Vietnamese one."""
    return {entry.id: entry.string for entry in book if entry.id}


def test_every_sentence_of_the_code_stands_in_the_book_and_the_book_has_no_other(root, book):
    """A new English message without a Vietnamese one fails here, and so does one that nothing says any more."""
    said = {text: place for text, place in sentences(root).items() if text not in NAMES}
    known = {blanked(text) for text in entries(book)}
    assert {place: text for text, place in said.items() if text not in known} == {}
    others = known - set(said) - helped() - clicked() - {blanked(text) for text in OF_NAMES | SYSTEM}
    assert others == set()


SYSTEM = {
    "No such file or directory", "Permission denied", "No space left on device", "Is a directory", "Not a directory",
    "Read-only file system", "File exists", "File name too long", "Input/output error",
}  # fmt: skip
"""What an operating system says, as Python passes it on."""


def helped():
    """Every paragraph of the help, every line of those that stand as they are, and every word for a value."""
    return {text for command in commands(cli) for text in texts_of(command)} - NAMES


def commands(command):
    """A command and those in it."""
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from commands(each)


def texts_of(command):
    """What the help of a command says."""
    for text in (command.help, command.epilog):
        yield from paragraphs(text or "")
    for each in command.params:
        yield getattr(each, "help", None) or ""
        yield (each.metavar or (each.name.upper() if isinstance(each, click.Argument) else "")).strip("[].")


def paragraphs(text):
    """The sentences of a help text; commands to type and forms of periods are none."""
    for paragraph in re.sub(r"(?m)^ {4}", "", text).split("\n\n"):
        if paragraph.startswith(AS_IT_STANDS):
            lines = [EXAMPLE.sub("", line.strip()) for line in paragraph.splitlines()[1:]]
            yield from (line for line in lines if line and not re.match(r"20\d\d", line))
        else:
            yield " ".join(paragraph.split())


def clicked():
    """What stands in the part of the book about click, which is another project's."""
    _, _, part = BOOK.read_text("utf-8").partition("# --- What click says\n")
    return {blanked(text) for text in re.findall(r'^msgid "(.*)"$', part.partition("\n# ---")[0], re.MULTILINE)}


def test_every_text_of_the_help_stands_in_the_book(book):
    """The help of every command, option and value."""
    assert {text for text in helped() if text} - set(entries(book)) == set()


def test_both_languages_have_the_same_places(book):
    """A value that is said in English is said in Vietnamese, once, and is looked up in both or in none."""
    differ = {en for en, vi in entries(book).items() if sorted(PLACE.findall(en)) != sorted(PLACE.findall(vi))}
    assert differ == set()


def test_no_sentence_is_without_a_word_in_both_languages(book):
    """Nor with braces that are no place; English ends with a stop where Vietnamese does."""
    for en, vi in entries(book).items():
        assert WORDS.search(PLACE.sub("", en)), en
        assert vi, en
        assert "{" not in PLACE.sub("", en + vi), en
        assert en.endswith(".") == vi.endswith("."), en


def test_the_book_is_read_as_babel_reads_it(book):
    """The file is a PO file, with quotation marks and broken lines as editors write them."""
    ours = read_book()
    assert {**ours.fixed, **{each.english: each.vietnamese for each in ours.varied}} == entries(book)


def test_every_sentence_is_known_again_with_its_values(book):
    """Each with values that hold stops and brackets: every one of them stands in the Vietnamese sentence."""
    inner, said_inner = "holds no export.", "không có tệp xuất nào."
    for en, vi in entries(book).items():
        text = PLACE.sub(lambda place: {"d": "12", "q": "'it'", "m": inner}.get(place[2], f"a({place[1]}).b"), en)
        said = PLACE.sub(lambda place: {"d": "12", "q": "'it'", "m": said_inner}.get(place[2], f"a({place[1]}).b"), vi)
        assert in_language(text, "vi") == said, en


def test_a_text_broken_over_lines_is_read_whole(tmp_path):
    """As an editor of translations breaks long ones."""
    path = tmp_path / "vi.po"
    path.write_text('msgid ""\n"one \\"two\\" "\n"three"\nmsgstr "một \\\\ hai"\n', "utf-8")
    assert read_book(path).fixed == {'one "two" three': "một \\ hai"}


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "vi:en"}, "vi"),
        ({"LANG": "C", "LANGUAGE": "vi:en"}, "en"),
        ({"LANG": "C", "ANALYSIS_LANG": "vi"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "ANALYSIS_LANG": "en"}, "en"),
        ({"LANG": "vi_VN.UTF-8", "ANALYSIS_LANG": "fr"}, "vi"),
    ],
)
def test_what_is_asked_for_comes_before_what_the_system_says(environ, lang):
    """And a system that says nothing, as cron's, is spoken to in English."""
    assert language(environ) == lang


def test_windows_is_asked_where_no_variable_says_a_language(monkeypatch):
    """Its number of Vietnamese is 0x042A."""

    class Kernel:
        def GetUserDefaultUILanguage(self):
            return 0x042A

    monkeypatch.setattr(ctypes, "windll", type("Dlls", (), {"kernel32": Kernel()})(), raising=False)
    assert (language({}), language({"LANG": "en_US.UTF-8"})) == ("vi", "en")


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Sở/tháng 11.csv: is empty; export it again.", "Sở/tháng 11.csv: tệp rỗng; hãy xuất lại tệp."),
        (
            "a.zip/b.xlsx: is cut short, as if it had been copied only in part; copy or export it again.",
            "a.zip/b.xlsx: tệp bị cụt, như thể mới chép được một phần; hãy sao chép hoặc xuất lại.",
        ),
        (
            "code cell 5 under “Kết quả” (show(table)): ValueError: rule 'x' is not known; known are day, timestamp.",
            "ô lệnh 5 thuộc mục “Kết quả” (show(table)): ValueError: không có quy tắc 'x'; các quy tắc đã biết: day, timestamp.",
        ),
        ("2022: data: No such file or directory; it is what a page is compared with.", None),
        ("stale: exports: a.csv changed", "đã cũ: tệp xuất: a.csv đã thay đổi"),
        ("stale: 2022.xlsx is gone or was changed by hand", "đã cũ: 2022.xlsx không còn nữa hoặc đã bị sửa bằng tay"),
        ("a.csv: 12 lines = 9 kept, 3 not data", "a.csv: 12 dòng = 9 dòng dùng, 3 dòng không phải số liệu"),
        (
            "Error: No such option '--al'. Did you mean '--all'?",
            "Lỗi: Không có tùy chọn '--al'. Có phải ý bạn là '--all'?",
        ),
    ],
)
def test_a_sentence_is_known_again_wherever_it_stands(english, vietnamese):
    """Behind names, inside other sentences, in lists."""
    said = in_language(english, "vi")
    assert said == (vietnamese or "2022: data: không có tệp hoặc thư mục này; đây là bản dùng để so sánh với trang.")


def test_what_could_be_taken_apart_in_two_ways_stays_english():
    """For a value would be cut in the wrong place; unless an inner sentence tells where it begins."""
    text = "'a' means both 'b' and 'c' and 'd' in words; keep one."
    assert in_language(text, "vi") == text
    assert in_language("FAILED since 5: a: holds no export.", "vi") == "KHÔNG LẬP ĐƯỢC từ 5: a: không có tệp xuất nào."


def test_a_value_is_said_as_it_is():
    """A folder may have the name of a sentence."""
    text = "changed: there is no such vocabulary file."
    assert in_language(text, "vi") == "changed: không có tệp từ vựng này."


def test_english_is_as_the_code_says_it():
    """Nothing is looked up."""
    assert in_language("up to date", "en") == "up to date"
    assert in_words(cli, "en") is cli


def test_the_help_is_vietnamese(vietnamese):
    """Of the program and of each command: headings, paragraphs, options, values and what is not wrapped."""
    program = in_words(cli, "vi")
    shown = CliRunner().invoke(program, ["--help"]).output
    assert shown.startswith("Cách dùng: ")
    for text in (
        "Lập báo cáo năm đã kiểm chứng",
        "Tùy chọn:",
        "Bắt đầu:",
        "Quản trị:",
        "  0  xong\n",
        "Hiện hướng dẫn này rồi thoát.",
    ):
        assert text in shown
    for name in cli.commands:
        shown = CliRunner().invoke(program, [name, "--help"]).output
        english = re.findall(r"\b(?:the|unless|Options|Usage|PERIOD|FILE|FOLDER|pages|with|exit)\b(?!-)", shown)
        assert not english, (name, english)
    assert (
        "  analysis report --from 2021-12-15 --to 2022-12-14\n" in CliRunner().invoke(program, ["report", "-h"]).output
    )


def test_the_help_of_the_code_stays_english_beside_it():
    """The commands are copied, not changed."""
    in_words(cli, "vi")
    assert CliRunner().invoke(cli, ["--help"]).output.startswith("Usage: ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["report"], 2, "Lỗi: hãy nêu kỳ, ví dụ 2022, hoặc dùng --all"),
        (
            ["figures", "2022", "--langue", "vi"],
            2,
            "Xem hướng dẫn bằng lệnh 'analysis figures --help'.\n\nLỗi: Không có tùy chọn",
        ),
        (
            ["figures", "2022", "--lang", "fr"],
            2,
            "Lỗi: Giá trị không hợp lệ cho '--lang': 'fr' không thuộc 'vi', 'en'.",
        ),
        (["report", "2O22"], 2, "analysis: '2O22' không phải kỳ; kỳ được viết như 2022, 2022-Q3"),
        (["figures", "2022", "--unit", "Phòng X"], 2, "các đơn vị trong tệp xuất là: Chi nhánh 1, Chi nhánh 2."),
        (["form", "2022", "--points", "nowhere.csv"], 3, "analysis: nowhere.csv: không đọc được bảng điểm ("),
        (["clean", "--data", "nowhere"], 3, "analysis: nowhere: không có tệp hoặc thư mục này; hãy chỉ ra"),
        (["verify", "2022.html"], 3, "analysis: 2022.html: không đọc được tệp (không có tệp hoặc thư mục này)."),
    ],
)
def test_a_mistake_is_said_in_vietnamese_with_the_same_code(vietnamese, quick, run, arguments, code, said):
    """From the command line, of what click says and of what the program says."""
    ended, _, err = run(*arguments)
    assert ended == code
    assert said in err
    assert not re.search(r"\b(Error|Usage|Try|known|export)\b", err)


def test_a_round_and_how_its_pages_stand_are_said_in_vietnamese_and_its_log_for_programs_is_english(
    vietnamese, quick, run, tmp_path
):
    """The log for people follows the language of the pages."""
    (tmp_path / "data/raw/b.csv").write_bytes(b"")
    code, _, err = run("report", "2022", "--pdf")
    assert (code, "analysis: b.csv: tệp rỗng; hãy xuất lại tệp." in err) == (5, True)
    assert "analysis: không ghi được tệp PDF: không tìm thấy trình duyệt; hãy cài" in err
    assert "1 trang đã lập, 0 trang còn mới, 0 trang không lập được" in err
    (lines,) = (tmp_path / "reports/logs").glob("*.jsonl")
    assert '"reason": "is empty; export it again."' in lines.read_text("utf-8")
    assert "b.csv: tệp rỗng; hãy xuất lại tệp." in lines.with_suffix(".log").read_text("utf-8")
    (tmp_path / "data/raw/b.csv").unlink()
    code, out, _ = run("status")
    assert (code, out) == (9, "reports/2022.html  đã cũ: tệp xuất: b.csv không còn nữa\n")
    assert '"exports: b.csv is gone"' in run("status", "--json")[1]
    run("report", "2022")
    assert run("status")[1].startswith("reports/2022.html  còn mới, lần chạy cuối ")


def test_what_check_and_clean_say_is_vietnamese(vietnamese, quick, run, tmp_path):
    """Facts, columns and fates; what programs read stays English."""
    _, out, _ = run("check", "data/raw/a.csv")
    assert ("cách đọc" in out, "4 dòng, 4 cột" in out, "Những dòng đầu, như đã hiểu" in out) == (True, True, True)
    assert not re.search(r"\b(lines|row|read|Columns|size)\b", out)
    assert '"usable": true' in run("check", "--json", "data/raw/a.csv")[1]
    _, out, _ = run("clean")
    assert out.startswith("a.csv: 4 dòng = 3 dòng dùng, 1 dòng không phải số liệu\n")


def test_a_page_says_what_is_wrong_in_its_own_language_whatever_the_machine_s(quick, monkeypatch, tmp_path):
    """So the same exports give the same page everywhere."""
    (tmp_path / "data/raw/b.csv").write_bytes(b"")
    made = {}
    for machine in ("vi", "en"):
        monkeypatch.setenv("ANALYSIS_LANG", machine)
        found = load("data/raw")
        for lang in ("vi", "en"):
            made[machine, lang] = show_missing(found, read_period("2022"), labels=read_labels(lang))
    assert "tệp rỗng; hãy xuất lại tệp." in made["en", "vi"]
    assert "is empty; export it again." in made["vi", "en"]
    assert (made["vi", "vi"], made["vi", "en"]) == (made["en", "vi"], made["en", "en"])
