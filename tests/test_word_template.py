"""A template is filled with text and runs nothing; what cannot be used is refused with what to do."""

import io
import zipfile

import pytest
from docx import Document

from analysis.word_template import MOST_BYTES, TemplateProblem, check_document, fill_template, read_template

HOSTILE = "<script>alert(1)</script> & \"q\" {{ unit }} {% x %} {_{ y }_} =cmd|'/c calc'!A0 &#123;"


def made(*texts):
    """A template with a paragraph for each text."""
    document, content = Document(), io.BytesIO()
    for text in texts:
        document.add_paragraph(text)
    document.save(content)
    return content.getvalue()


def filled(*texts, **fields):
    """The paragraphs of a template, filled."""
    return [p.text for p in Document(io.BytesIO(fill_template(made(*texts), fields, name="ours.docx"))).paragraphs]


def repacked(change):
    """A template whose parts were changed by hand."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made("a"))) as old, zipfile.ZipFile(content, "w") as new:
        for name, part in change({name: old.read(name) for name in old.namelist()}).items():
            new.writestr(name, part)
    return content.getvalue()


def test_what_an_export_holds_is_text_whatever_it_looks_like():
    assert filled("{{ unit }}", unit=HOSTILE) == [HOSTILE]


def test_what_an_export_holds_is_text_under_a_filter_too():
    assert filled("{{ unit|upper }}", unit="sở <b> & {{ x }}") == ["SỞ <B> & {{ X }}"]


def test_what_word_cannot_hold_is_seen_and_a_line_break_stays_one():
    assert filled("{{ unit }}", unit="a\x00\x07\x0cb\r\nc\td") == ["a\ufffd\ufffd\ufffdb\nc\td"]


def test_lists_and_rows_are_repeated_and_lines_of_the_template_vanish():
    lines = ["{%p for row in months %}", "{{ loop.index }} {{ row.month }}", "{%p endfor %}", "end"]
    assert filled(*lines, months=[{"month": "1/2022"}, {"month": "2/2022"}]) == ["1 1/2022", "2 2/2022", "end"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ unit.__class__ }}", "{{ unit['__class__'] }}", "{{ unit|attr('__class__') }}", "{{ unit.upper() }}",
        "{% for c in ().__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}", "{{ months.append(1) }}",
        "{{ '{0.__class__}'.format(unit) }}", "{% include '/etc/hostname' %}", "{% import 'os' as os %}",
        "{% for m in months %}{{ loop.__class__ }}{% endfor %}", "{% macro f() %}{% endmacro %}{{ f() }}",
    ],
)  # fmt: skip
def test_a_template_reads_nothing_but_what_it_is_given_and_calls_nothing(text):
    with pytest.raises(TemplateProblem, match=r"ours\.docx: cannot be filled: "):
        filled(text, unit="a", months=[{"month": "1/2022"}])


@pytest.mark.parametrize("name", ["range", "lipsum", "cycler", "namespace", "dict", "self"])
def test_what_jinja_brings_along_is_no_placeholder(name):
    with pytest.raises(TemplateProblem, match=f"'{name}' is not known|cannot be filled"):
        filled(f"{{{{ {name}(1) }}}}", unit="a")


def test_an_unknown_placeholder_is_refused_with_the_nearest_one():
    with pytest.raises(TemplateProblem, match="placeholder 'recieved' is not known; the nearest is 'received'"):
        filled("{% if unit %}{{ recieved }}{% endif %}", unit="", received="937")


def test_an_unknown_placeholder_in_a_header_is_refused_too():
    document, content = Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "{{ untit }}"
    document.save(content)
    with pytest.raises(TemplateProblem, match="'untit' is not known; the nearest is 'unit'"):
        fill_template(content.getvalue(), {"unit": "a"}, name="ours.docx")


def test_an_unknown_part_of_a_row_is_refused_with_the_nearest_one():
    with pytest.raises(TemplateProblem, match="a row has no part 'mouth'; the nearest is 'month'"):
        filled("{% for row in months %}{{ row.mouth }}{% endfor %}", months=[{"month": "1/2022", "late": "3"}])


@pytest.mark.parametrize("name", ["causes", "months"])
def test_a_list_where_one_text_belongs_is_refused(name):
    with pytest.raises(TemplateProblem, match="write it in a loop"):
        filled(f"{{{{ {name} }}}}", causes=["a"], months=[{"month": "1/2022"}])


@pytest.mark.parametrize("text", ["{% for a in unit %}", "{{ unit", "{% endif %}", "{{ unit|nope }}", "{{ 1 / 0 }}"])
def test_what_is_written_wrongly_is_one_message(text):
    with pytest.raises(TemplateProblem, match=r"ours\.docx: cannot be filled: .{10}") as caught:
        filled(text, unit="a")
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n....", b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0 an old .doc"])
def test_what_is_no_word_document_is_refused_with_what_to_do(content):
    with pytest.raises(TemplateProblem, match=r"ours.docx: is no Word document \(.docx\); open it in Word"):
        fill_template(content, {}, name="ours.docx")


def test_a_workbook_is_no_word_document():
    with pytest.raises(TemplateProblem, match="is no Word document"):
        check_document(repacked(lambda parts: {"[Content_Types].xml": parts["[Content_Types].xml"]}), name="ours.docx")


def test_a_template_with_macros_is_refused():
    with pytest.raises(TemplateProblem, match="has macros"):
        check_document(repacked(lambda parts: parts | {"word/vbaProject.bin": b"x"}), name="ours.docx")


def relation(kind, target):
    place, end = "word/_rels/document.xml.rels", b"</Relationships>"
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    line = f'<Relationship Id="rId99" Type="{kind}" Target="{target}" TargetMode="External"/>'.encode()
    return repacked(lambda parts: parts | {place: parts[place].replace(end, line + end)})


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "frame"])
def test_a_template_that_loads_something_from_elsewhere_is_refused(kind):
    with pytest.raises(TemplateProblem, match=rf"loads something from elsewhere \({kind}: file:///x\)"):
        check_document(relation(kind, "file:///x"), name="ours.docx")


def test_a_link_that_must_be_clicked_is_the_department_s_business():
    assert check_document(relation("hyperlink", "mailto:so@example.invalid"), name="ours.docx") is None


def test_a_template_that_grows_too_large_is_refused():
    with pytest.raises(TemplateProblem, match="is larger than 64 MB unpacked"):
        check_document(repacked(lambda parts: parts | {"word/media/a.bin": bytes(MOST_BYTES)}), name="ours.docx")


def test_a_template_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Exception, match=r"mau\.docx: cannot be read"):
        read_template(tmp_path / "mau.docx")
