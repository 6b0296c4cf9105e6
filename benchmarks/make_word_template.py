"""Makes the Word templates that come with the program: the layout of Decree 30/2020/NĐ-CP, our own words of ``labels.toml``.

    .venv/bin/python benchmarks/make_word_template.py

A4; margins 20, 20, 30 and 20 mm; Times New Roman 13; the page number above, not on the first page; an annex whose pages are
numbered anew. The same labels give the same bytes.
"""

import io
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd
from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from analysis.labels import Labels, read_labels
from analysis.word_seal import seal
from analysis.word_template import SHIPPED

FONT = "Times New Roman"
BODY, SMALL, TINY = 13, 11, 10
"""Points: of the text, of recipients and captions, of tables."""

WIDTH = 160
"""Millimetres between the margins."""

LEFT, RIGHT, CENTRE, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
LOCALES = {"vi": "vi-VN", "en": "en-GB"}
DAY = pd.Timestamp("2020-03-05")
"""Of the decree; a template has no day of its own."""

COUNTED = {
    "received": 19, "online": 18, "online_share": 20, "resolved": 20, "timely": 20, "late": 19, "on_time_rate": 22,
}  # fmt: skip
"""Column of the tables by month and by field -> its width in millimetres."""


def main(folder: Path) -> None:
    """Write both templates into a folder."""
    for lang, path in SHIPPED.items():
        (folder / path.name).write_bytes(make_template(read_labels(lang)))


def make_template(labels: Labels) -> bytes:
    """The template of one language."""
    document = Document()
    for relation in [r for r in document.part.package.rels.values() if r.reltype.endswith("/thumbnail")]:
        del document.part.package.rels[relation.rId]
    set_styles(document, labels)
    set_page(document.sections[0])
    write_head(document, labels)
    write_body(document, labels)
    write_foot(document, labels)
    set_page(document.add_section(WD_SECTION.NEW_PAGE), first=1)
    write_annex(document, labels)
    content = io.BytesIO()
    document.save(content)
    return seal(content.getvalue(), title=labels.name("signed.kind"), lang=LOCALES[labels.lang], day=DAY)


def set_styles(document: Doc, labels: Labels) -> None:
    """One face for everything; headings are real ones, so that a screen reader and the navigation pane find them."""
    for name, size, bold in (
        ("Normal", BODY, False),
        ("Title", 14, True),
        ("Heading 1", BODY, True),
        ("Heading 2", BODY, True),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.line_spacing = Pt(0), Pt(6), 1.0
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
    for name in ("Heading 1", "Heading 2"):
        document.styles[name].paragraph_format.first_line_indent = Mm(10)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    lang = defaults.find(qn("w:lang"))
    for key in ("val", "eastAsia"):
        lang.set(qn(f"w:{key}"), LOCALES[labels.lang])


def set_page(section: Section, *, first: int | None = None) -> None:
    """A4 with the margins of the decree; the page number above all pages but the first."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = number.add_run()
        piece = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece.text = text
        run._r.append(piece)  # noqa: SLF001 - python-docx has no fields
    if first:
        anew = OxmlElement("w:pgNumType")
        anew.set(qn("w:start"), str(first))
        section._sectPr.append(anew)  # noqa: SLF001


def add(
    place: Doc | _Cell, text: str = "", *, size: int | None = None, bold: bool | None = None, italic: bool | None = None,
    align: WD_ALIGN_PARAGRAPH = LEFT, after: int = 0, indent: int = 0, keep: bool = False, style: str | None = None,
) -> Paragraph:  # fmt: skip
    """A paragraph of a document or a cell."""
    paragraph = place.add_paragraph(style=style)
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_after, shape.keep_with_next = align, Pt(after), keep or None
    if indent:
        shape.first_line_indent = Mm(indent)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = size and Pt(size), bold, italic
    return paragraph


def say(document: Doc, text: str) -> Paragraph:
    """A paragraph of the report's own text."""
    return add(document, text, align=BOTH, after=6, indent=10)


def mark(document: Doc, text: str) -> Paragraph:
    """A line of the template's language; it leaves no trace."""
    return add(document, "{%p " + text + " %}")


def rule(place: Doc | _Cell, width: int, *, of: int) -> Paragraph:
    """A line below, shorter than the text above it."""
    paragraph = add(place, align=CENTRE)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.line_spacing = Pt(3), Pt(6)
    side = Mm((of - width) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        line.set(qn(f"w:{key}"), value)
    border.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")  # noqa: SLF001
    return paragraph


def columns(document: Doc, *widths: int) -> tuple[_Cell, ...]:
    """Cells beside each other, without borders; each empty."""
    table = document.add_table(1, len(widths))
    set_widths(table, widths)
    cells = table.rows[0].cells
    keep_whole(table.rows[0])
    for cell in cells:
        cell._tc.remove(cell.paragraphs[0]._p)  # noqa: SLF001 - a cell begins with a paragraph that nobody asked for
    return cells


def set_widths(table: Table, widths: Sequence[int]) -> None:
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def keep_whole(row: _Row) -> None:
    """A row that no page cuts."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def write_head(document: Doc, labels: Labels) -> None:
    """Agencies and number on the left, nation, motto, place and day on the right; then what it is."""
    left, right = columns(document, 62, 98)
    add(left, labels.name("signed.superior").upper(), align=CENTRE, size=12)
    add(left, "{{ unit|upper }}", bold=True, align=CENTRE, size=12)
    rule(left, 24, of=60)
    add(left, labels.name("signed.number"), align=CENTRE)
    add(right, labels.name("signed.nation").upper(), bold=True, align=CENTRE, size=12)
    add(right, labels.name("signed.motto"), bold=True, align=CENTRE)
    rule(right, 58, of=96)
    add(right, labels.name("signed.place_and_day"), italic=True, align=CENTRE)
    mark(document, "if sample")
    sample = add(document, "{{ sample|upper }}", bold=True, align=CENTRE, size=SMALL)
    sample.paragraph_format.space_before = Pt(12)
    mark(document, "endif")
    title = add(document, labels.name("signed.kind").upper(), align=CENTRE, style="Title")
    title.paragraph_format.space_before = Pt(12)
    add(document, "{{ subject }}", bold=True, align=CENTRE, size=14)
    rule(document, 50, of=WIDTH).paragraph_format.space_after = Pt(6)


def write_body(document: Doc, labels: Labels) -> None:
    """The sections; what the department must say and has not said is a place to fill in."""
    held = {name: f"{{{{ {name} }}}}" for name in ("unit", "period", "as_of")}
    say(document, labels.name("signed.opening", **held))
    head(document, "I", labels.name("signed.heading_results"))
    before = []
    for name in ("results_dossiers", "results_documents", "results_targets", "results_own"):
        number = " + ".join(["1", *(f"(1 if {other} else 0)" for other in before)])
        mark(document, f"if {name}")
        head(document, f"{{{{ {number} }}}}", labels.name(f"signed.heading_{name}"), level=2)
        each(document, name)
        mark(document, "endif")
        before.append(name)
    head(document, "II", labels.name("signed.heading_shortcomings"))
    each(document, "shortcomings")
    each(document, "shortcomings_own")
    head(document, "III", labels.name("signed.heading_causes"))
    each(document, "causes", otherwise=labels.name("signed.fill_causes"))
    mark(document, "if difficulties")
    head(document, "IV", labels.name("signed.heading_difficulties"))
    each(document, "difficulties")
    mark(document, "endif")
    head(document, '{{ "V" if difficulties else "IV" }}', labels.name("signed.heading_proposals"))
    each(document, "proposals", otherwise=labels.name("signed.fill_proposals"))


def head(document: Doc, number: str, text: str, *, level: int = 1) -> None:
    shown = text.upper() if level == 1 else text
    document.add_paragraph(f"{number}. {shown}", style=f"Heading {level}").paragraph_format.keep_with_next = True


def each(document: Doc, name: str, *, otherwise: str = "") -> None:
    """Every paragraph of a list; of an empty one what is to be written, marked."""
    mark(document, f"for text in {name}")
    say(document, "- {{ text }}")
    mark(document, "endfor")
    if otherwise:
        mark(document, f"if not {name}")
        say(document, otherwise).runs[0].font.highlight_color = WD_COLOR_INDEX.YELLOW
        mark(document, "endif")


def write_foot(document: Doc, labels: Labels) -> None:
    """Recipients and signature, never torn from each other."""
    add(document)
    left, right = columns(document, 80, 80)
    add(left, labels.name("signed.recipients"), bold=True, italic=True, size=12)
    add(
        left,
        "{% if report_to %}- {{ report_to }};{% else %}" + labels.name("signed.recipient") + "{% endif %}",
        size=SMALL,
    )
    add(left, labels.name("signed.on_file"), size=SMALL)
    add(right, labels.name("signed.signer").upper(), bold=True, align=CENTRE)
    add(right, labels.name("signed.signature"), italic=True, align=CENTRE, after=48, size=SMALL)
    add(right, labels.name("signed.signer_name"), bold=True, align=CENTRE)


def write_annex(document: Doc, labels: Labels) -> None:
    """The tables and charts behind the text."""
    title = add(document, labels.name("signed.annex").upper(), bold=True, align=CENTRE, size=14, style="Heading 1")
    title.paragraph_format.first_line_indent = Mm(0)
    subject = labels.name("signed.annex_subject", period="{{ period }}")
    add(document, subject, bold=True, align=CENTRE)
    add(document, labels.name("signed.annex_of"), italic=True, align=CENTRE, after=6)
    of = labels.name
    counted = {c: of(f"measures.{c}") for c in COUNTED}
    counted |= {"received": of("catalogue.heading_received"), "resolved": of("headings.resolved")}
    headline = {c: of(f"headings.{c}") for c in ("measure", "value", "before", "change", "whole")}
    targets = {c: of(f"targets.heading_{c}") for c in ("measure", "target", "value", "result", "source")}
    write_table(document, labels, 1, "headline", headline, [60, 20, 26, 30, 24])
    write_table(
        document,
        labels,
        2,
        "balance",
        {"part": of("signed.heading_part"), "number": of("signed.heading_number")},
        [130, 30],
    )
    write_chart(document, labels, 1, "chart_intake")
    write_chart(document, labels, 2, "chart_on_time")
    months = {"month": of("headings.month")} | counted
    write_table(document, labels, 3, "months", months, [22, *COUNTED.values()], total=True)
    fields = {"field": of("signed.heading_field")} | counted | {"open": of("signed.heading_open")}
    write_table(document, labels, 4, "fields", fields, [30, 19, 14, 16, 19, 16, 12, 18, 16], total=True)
    write_table(document, labels, 5, "targets", targets, [42, 16, 38, 30, 34], words={"result", "source"})
    mark(document, "if notes")
    add(document, labels.name("signed.notes"), bold=True, size=SMALL, after=2, keep=True)
    mark(document, "for text in notes")
    add(document, "- {{ text }}", size=SMALL, align=BOTH, after=2)
    mark(document, "endfor")
    mark(document, "endif")


def write_chart(document: Doc, labels: Labels, number: int, name: str) -> None:
    """A picture and, below it, what it shows."""
    add(document, f"{{{{ {name} }}}}", align=CENTRE, keep=True)
    says = labels.name("signed.chart_number", number=str(number), says=f"{{{{ {name}_says }}}}")
    add(document, says, size=SMALL, italic=True, align=CENTRE, after=10)


def write_table(
    document: Doc, labels: Labels, number: int, name: str, headings: Mapping[str, str], widths: Sequence[int], *,
    total: bool = False, words: Collection[str] = (),
) -> None:  # fmt: skip
    """A table that is left out when it has no rows; its head is repeated on every page."""
    mark(document, f"if {name}")
    title = labels.name("signed.table_number", number=str(number), title=labels.name(f"signed.table_{name}"))
    add(document, title, bold=True, size=SMALL, after=3, keep=True)
    table = document.add_table(0, len(headings))
    table.style = document.styles["Table Grid"]
    align = [LEFT, *(LEFT if c in words else RIGHT for c in list(headings)[1:])]
    top = write_row(table, list(headings.values()), [LEFT, *[CENTRE] * (len(headings) - 1)], bold=True)
    top._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
    values = ["{{ row." + column + " }}" for column in headings]
    if name == "targets":
        values[0] = "{{ row.measure }} ({{ row.definition }})"
        values[2] = "{{ row.value }} ({{ row.numerator }}/{{ row.denominator }})"
    write_row(table, [f"{{%tr for row in {name} %}}"])
    if total:
        write_row(table, ["{%tr if loop.last %}"])
        write_row(table, values, align, bold=True)
        write_row(table, ["{%tr else %}"])
    write_row(table, values, align)
    if total:
        write_row(table, ["{%tr endif %}"])
    write_row(table, ["{%tr endfor %}"])
    set_widths(table, widths)
    add(document, size=TINY)
    mark(document, "endif")


def write_row(
    table: Table, texts: Sequence[str], align: Sequence[WD_ALIGN_PARAGRAPH] = (LEFT,), *, bold: bool | None = None
) -> _Row:
    row = table.add_row()
    keep_whole(row)
    for cell, text, side in zip(row.cells, texts, align, strict=False):
        paragraph = cell.paragraphs[0]
        shape = paragraph.paragraph_format
        shape.alignment, shape.space_after, shape.space_before, shape.keep_with_next = side, Pt(1), Pt(1), True
        run = paragraph.add_run(text)
        run.font.size, run.font.bold = Pt(TINY), bold
    return row


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED["vi"].parent)
