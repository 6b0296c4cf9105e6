"""The command that writes the signed report: whole or not at all, and never over somebody's work."""

import io
import sys
from pathlib import Path

import pytest
from docx import Document

HOSTILE = "<script>alert(1)</script> {{ unit }} & =cmd()"
HEADINGS = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Hình thức nộp,Lĩnh vực\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A working folder with one small export, whose fields are hostile."""
    (tmp_path / "data/raw").mkdir(parents=True)
    lines = [f"H{day},0{day}/01/2022,05/01/2022,06/01/2022,Trực tuyến,{HOSTILE}\n" for day in (3, 4)]
    (tmp_path / "data/raw/dossiers.csv").write_text(HEADINGS + "".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def template(folder, *texts):
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(folder / "mau.docx")
    return "mau.docx"


def test_a_template_of_ones_own_is_filled_and_what_an_export_holds_is_text(desk, run):
    lines = [
        "{{ unit }}: {{ received }}",
        "{%p for row in fields %}",
        "{{ row.field }}: {{ row.received }}",
        "{%p endfor %}",
    ]
    code, out, _ = run("word", "2022-01", "--template", template(desk, *lines), "--out", "out")
    assert (code, out) == (0, "out/bao-cao_2022-01.docx\n")
    document = Document(desk / "out/bao-cao_2022-01.docx")
    assert [p.text for p in document.paragraphs] == ["Sở Xây dựng: 2", f"{HOSTILE}: 2", "Cộng: 2"]


def test_a_second_run_changes_no_byte_and_a_changed_document_stays(desk, run):
    path = Path("reports/bao-cao_2022.docx")
    assert run("word", "2022")[0] == 0
    first = path.read_bytes()
    run("word", "2022")
    assert path.read_bytes() == first
    mine = io.BytesIO()
    document = Document(path)
    document.add_paragraph("Thêm bằng tay.")
    document.save(mine)
    path.write_bytes(mine.getvalue())
    code, out, error = run("word", "2022")
    assert (code, out) == (0, "reports/bao-cao_2022-2.docx\n")
    assert "có người đã sửa tệp này nên nó được giữ nguyên" in error
    assert path.read_bytes() == mine.getvalue()
    assert Path("reports/bao-cao_2022-2.docx").read_bytes() == first


def test_our_template_takes_hostile_fields_as_text_and_says_that_there_are_no_documents(desk, run):
    run("word", "2022-01", "--lang", "en")
    document = Document("reports/bao-cao_2022-01.en.docx")
    assert any(HOSTILE in cell.text for table in document.tables for cell in table.columns[0].cells)
    texts = [p.text for p in document.paragraphs]
    assert "2. Electronic documents and online meetings" not in texts
    assert "2 dossiers were resolved late, 100.00% of the 2 with a due date." in " ".join(texts)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["2022", "--template", "none.docx"], 3, "none.docx: cannot be read"),
        (
            ["2022", "--template", "data/raw/dossiers.csv"],
            3,
            "dossiers.csv: is no Word document (.docx); open it in Word",
        ),
        (["2022", "--template", "mau.docx"], 3, "'recieved' is not known; the nearest is 'received'"),
        (["2019"], 2, "the exports say nothing of 2019"),
        (["20222"], 2, "20222"),
    ],
)
def test_a_mistake_is_one_message_and_nothing_is_written(desk, run, arguments, code, said):
    template(desk, "{{ recieved }}")
    result, _, error = run("word", *arguments)
    assert result == code
    assert said in error
    assert "Traceback" not in error
    assert not Path("reports").exists()


def test_the_template_itself_is_never_written_over(desk, run):
    (desk / "reports").mkdir()
    own = desk / template(desk, "{{ received }}")
    own = own.rename(desk / "reports/bao-cao_2022.docx")
    before = own.read_bytes()
    code, _, error = run("word", "2022", "--template", "reports/bao-cao_2022.docx")
    assert code == 3
    assert "is the template, and would be written over" in error
    assert own.read_bytes() == before


def test_without_docxtpl_the_message_says_how_to_get_it(desk, run, monkeypatch):
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    code, _, error = run("word", "2022")
    assert code == 3
    assert "pip install 'one-stop-analysis[word]'" in error
