"""The report that is signed: the sample's, in our template, as Word and LibreOffice show it."""

import copy
import io
import re
import subprocess
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from patience import PATIENCE

from analysis.labels import read_labels
from analysis.periods import read_period
from analysis.word_fields import fields_of, placeholders
from analysis.word_seal import seal
from analysis.word_tables import TABLES
from analysis.word_template import SHIPPED, fill_template


@pytest.fixture(scope="module", params=["vi", "en"])
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def fields(sample, lang):
    return fields_of(sample, read_period("2022"), labels=read_labels(lang))


@pytest.fixture(scope="module")
def content(fields, lang, sample):
    filled = fill_template(SHIPPED[lang].read_bytes(), fields, name="ours")
    return seal(filled, title=fields["subject"], lang=lang, day=sample.as_of)


@pytest.fixture(scope="module")
def document(content):
    return Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def text(document):
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def rows(document, at):
    """The texts of a table, row by row; the first two tables are the head and the foot of the report."""
    return [[cell.text for cell in row.cells] for row in document.tables[at].rows]


def test_the_report_says_the_published_figures_and_where_the_fifteen_went(text, lang):
    said = {
        "vi": ["tiếp nhận 937 hồ sơ: 163 trực tuyến", "855 hồ sơ: 600 trước và đúng hạn", "255 hồ sơ giải quyết quá hạn",
               "còn 67 hồ sơ", "9 người nộp rút và 6 trả lại", "2.734", "9.505"],
        "en": ["received 937 dossiers: 163 online", "855 dossiers: 600 early or on time", "255 dossiers were resolved late",
               "67 dossiers were open", "9 withdrawn and 6 returned", "2,734", "9,505"],
    }[lang]  # fmt: skip
    assert [part for part in said if part not in text] == []


def test_the_department_s_sentences_stand_in_it_and_nothing_is_left_of_the_template(text, lang):
    assert {"vi": "thiếu hai vị trí thẩm định hồ sơ", "en": "lacked two posts for appraisal"}[lang] in text
    assert not re.search(r"\{\{|\}\}|\{%|%\}", text)
    assert read_labels(lang).name("signed.fill_causes") not in text


def test_the_tables_of_the_annex_have_the_year_before_and_add_up(document, lang):
    of_year, balance, months, fields, targets = (rows(document, at) for at in range(2, 7))
    assert of_year[1][1:] == ["937", "713", {"vi": "+31,42\xa0%", "en": "+31.42%"}[lang], "820"]
    assert [row[1] for row in balance[1:]] == ["0", "937", "855", "9", "6", "67"]
    for table, places in ((months, (1, 2, 4, 5, 6)), (fields, (1, 2, 4, 5, 6, 8))):
        for place in places:
            assert sum(int(row[place]) for row in table[1:-1]) == int(table[-1][place])
        assert [table[-1][place] for place in (1, 2, 4, 5, 6)] == ["937", "163", "855", "600", "255"]
    assert fields[-1][8] == "67"
    assert [row[1].strip("\xa0%") for row in targets[1:]] == ["95", "50", "90"]


def test_every_picture_says_what_it_shows_and_is_sharp(document, lang):
    pictures = list(document.element.body.iter(qn("wp:docPr")))
    assert len(pictures) == 2
    assert all(len(picture.get("descr")) > 60 for picture in pictures)
    images = [rel.target_part.image for rel in document.part.rels.values() if rel.reltype.endswith("/image")]
    assert all(image.px_width > 1300 for image in images)


def test_the_page_is_that_of_the_decree(document):
    for section in document.sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert [round(margin.mm) for margin in margins] == [20, 20, 30, 20]
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size.pt) == ("Times New Roman", 13)


def test_no_macro_and_no_link_is_in_it(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
        assert not [name for name in archive.namelist() if b'TargetMode="External"' in archive.read(name)]


def test_the_same_figures_give_the_same_bytes(content, fields, lang, sample):
    again = fields_of(sample, read_period("2022"), labels=read_labels(lang))
    filled = fill_template(SHIPPED[lang].read_bytes(), again, name="ours")
    assert seal(filled, title=fields["subject"], lang=lang, day=sample.as_of) == content


def test_every_placeholder_has_a_value_and_every_row_its_parts(fields):
    assert set(fields) == set(placeholders())
    for name, parts in TABLES.items():
        assert fields[name]
        assert {tuple(sorted(row)) for row in fields[name]} == {tuple(sorted(parts))}


def test_the_list_of_placeholders_is_complete_and_true(root):
    lines = (root / "docs/word.md").read_text("utf-8").splitlines()
    table = [line.rpartition(" |")[0] for line in lines if line.startswith("| `")]
    told = [name for line in table for name in re.findall(r"`(\w+)`", line)]
    assert told == placeholders_in_the_order_of_the_page()
    parts = {line.split("`")[1]: re.findall(r"`row\.(\w+)`", line) for line in table if "`row." in line}
    assert parts == {name: list(columns) for name, columns in TABLES.items()}


def placeholders_in_the_order_of_the_page():
    """Figures come last on the page, for they are many."""
    known = placeholders()
    figures = known[known.index("received") : known.index("results_dossiers")]
    return [name for name in known if name not in figures] + figures


def test_where_the_handbook_says_nothing_there_is_a_place_to_fill_in(fields, lang):
    silent = fields | {"causes": [], "proposals": [], "difficulties": ["A difficulty."], "targets": []}
    filled = Document(io.BytesIO(fill_template(SHIPPED[lang].read_bytes(), silent, name="ours")))
    texts = [paragraph.text for paragraph in filled.paragraphs]
    for name in ("signed.fill_causes", "signed.fill_proposals"):
        at = texts.index(read_labels(lang).name(name))
        assert filled.paragraphs[at].runs[0].font.highlight_color is not None
    heads = [p.text.partition(".")[0] for p in filled.paragraphs if p.style.name == "Heading 1"]
    assert heads[:5] == ["I", "II", "III", "IV", "V"]
    assert len(filled.tables) == 6, "a table without rows is left out"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_our_templates_are_what_their_script_makes(lang, root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    from make_word_template import make_template

    assert make_template(read_labels(lang)) == SHIPPED[lang].read_bytes()


@pytest.mark.parametrize("lang", ["vi"], indirect=True)
def test_the_report_proper_takes_two_pages_and_no_table_is_cut(content, lang, soffice, tmp_path):
    """LibreOffice counts them, with a face as wide as Times New Roman; one language shows it."""
    (tmp_path / "whole.docx").write_bytes(content)
    short = Document(io.BytesIO(content))
    body = short.element.body
    after = next(p for p in body.iter(qn("w:p")) if p.find(f".//{qn('w:sectPr')}") is not None)
    body.replace(body.sectPr, copy.deepcopy(after.find(f".//{qn('w:sectPr')}")))
    for node in [*after.itersiblings()][:-1]:
        body.remove(node)
    body.remove(after)
    short.save(tmp_path / "short.docx")
    profile = (tmp_path / "profile").as_uri()
    command = [
        soffice,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
    ]
    files = [str(tmp_path / f"{name}.docx") for name in ("whole", "short")]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=PATIENCE)
    pages = {name: (tmp_path / f"{name}.pdf").read_bytes() for name in ("whole", "short")}
    assert {name: len(re.findall(rb"/Type\s*/Page\b", pdf)) for name, pdf in pages.items()} == {"whole": 5, "short": 2}
