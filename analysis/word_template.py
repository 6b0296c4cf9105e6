"""A Word template and what it names become a document; whatever the template or the data hold, nothing of it is run.

Placeholders are those of docxtpl, ``{{ received }}``, in a sandbox that reads names, the parts of rows and the position in
a loop, and calls nothing. Values are written as text: markup, braces and formulas in an export stay what they were.
"""

import difflib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from analysis.containers import MEBIBYTE
from analysis.grids import FileProblem
from analysis.word_fields import Chart

SHIPPED = {
    lang: Path(__file__).with_name("template") / name
    for lang, name in {"vi": "bao-cao.docx", "en": "bao-cao.en.docx"}.items()
}
"""Language -> the template that is used unless another is named; ``benchmarks/make_word_template.py`` makes them."""

MOST_BYTES = 64 * MEBIBYTE
"""Of an unpacked template; a letterhead with a coat of arms has one or two."""

WIDTH_MM = 160
"""Of a picture: what the margins of Decree 30/2020/NĐ-CP leave of A4, at their widest."""

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold, and a line's end of another kind."""


class TemplateProblem(FileProblem):
    """A template that cannot be used; the message says what is wrong in it and what to do."""


def fill_template(content: bytes, fields: Mapping[str, Any], *, name: str) -> bytes:
    """A document from a template.

    Parameters
    ----------
    content
        The template, a DOCX file.
    fields
        Name -> text, list of texts or of rows, or ``Chart``; every name that a template may use, as from
        ``word_fields.fields_of``.
    name
        What complaints call the template.

    Returns
    -------
    bytes
        A DOCX file; not yet ``word_seal.seal``-ed.

    Raises
    ------
    TemplateProblem
        If the template is no Word document, has macros, loads something from elsewhere, uses an unknown placeholder, or
        cannot be filled.
    FileProblem
        If docxtpl is not installed.

    Examples
    --------
    >>> fill_template(b"a picture", {}, name="ours.docx")
    Traceback (most recent call last):
    ...
    analysis.word_template.TemplateProblem: ours.docx: is no Word document (.docx); open it in Word, choose Save As and ...
    """
    check_document(content, name=name)
    try:
        from docxtpl import DocxTemplate  # noqa: PLC0415 - an extra; and it takes half a second
    except ImportError:
        raise FileProblem("Word documents need docxtpl: pip install 'one-stop-analysis[word]'.") from None
    template, room = DocxTemplate(io.BytesIO(content)), _Room()
    ready = {key: _Picture(value, template) if isinstance(value, Chart) else value for key, value in fields.items()}
    try:
        _refuse_unknown(template.get_undeclared_template_variables(room), fields, name)
        template.render(ready, room, autoescape=True)
    except TemplateProblem:
        raise
    except Exception as error:
        raise TemplateProblem(f"{name}: cannot be filled: {_told(error)}") from error
    filled = io.BytesIO()
    template.save(filled)
    return filled.getvalue()


def read_template(path: Path) -> bytes:
    """The bytes of a template, checked before anything else is done.

    Raises
    ------
    FileProblem
        If there is no such file, or it is none that can be used (``TemplateProblem``).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read ({error.strerror}); name the template with --template.") from None
    check_document(content, name=path.name)
    return content


def check_document(content: bytes, *, name: str) -> None:
    """Refuse what is no Word document, or one that runs or loads something.

    Raises
    ------
    TemplateProblem
        Saying which, and what to do.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        etree.XMLSyntaxError,
    ):
        raise TemplateProblem(
            f"{name}: is no Word document (.docx); open it in Word, choose Save As and Word Document (.docx)."
        ) from None


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
        raise TemplateProblem(
            f"{name}: is larger than {MOST_BYTES // MEBIBYTE} MB unpacked; make its pictures smaller."
        )
    kinds = archive.read("[Content_Types].xml")
    archive.getinfo("word/document.xml")
    parts = archive.namelist()
    if b"macroEnabled" in kinds or b"vbaProject" in kinds or any("vbaProject" in part for part in parts):
        raise TemplateProblem(f"{name}: has macros; save it in Word as Word Document (.docx), which has none.")
    for part in parts:
        if part.endswith(".rels"):
            _check_relations(archive.read(part), name)


def _check_relations(relations: bytes, name: str) -> None:
    """Links that a reader must click are a letterhead's business; what a document loads by itself is refused."""
    root = etree.fromstring(relations, etree.XMLParser(resolve_entities=False, no_network=True))
    for relation in root.iter(RELATIONS):
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            raise TemplateProblem(
                f"{name}: loads something from elsewhere ({kind}: {relation.get('Target', '')}); insert the picture itself, "
                "or detach the other template (Developer, Document Template), and save it again."
            )


class _Unknown(StrictUndefined):
    """Part of a row that is not there; the message names the nearest."""

    @property
    def _undefined_message(self) -> str:
        row = self._undefined_obj
        if not isinstance(row, dict):
            return str(super()._undefined_message)
        return f"a row has no part {self._undefined_name!r}{_nearest(str(self._undefined_name), row)}."


class _Room(SandboxedEnvironment):
    """Where a template is filled: it reads, and calls nothing."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=_Unknown, finalize=_written)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return isinstance(obj, LoopContext) and not attr.startswith("_")

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def _written(value: Any) -> Any:
    """A text as XML that docxtpl leaves alone: it takes a doubled brace in a document for one of its own."""
    if isinstance(value, list | dict):
        raise TemplateError("a list or a row stands where one text belongs; write it in a loop, as docs/word.md shows")
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = UNWRITABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    return Markup(str(escape(text)).translate({ord(c): f"&#{ord(c)};" for c in "{}%"}))  # noqa: S704 - escaped here


class _Picture:
    """A chart that writes itself into a template, with its sentence as alternative text."""

    def __init__(self, chart: Chart, template: Any) -> None:
        self.chart, self.template = chart, template

    def __html__(self) -> str:
        from docx.shared import Mm  # noqa: PLC0415 - of an extra

        content, part = io.BytesIO(self.chart.picture), self.template.current_rendering_part
        inline = part.new_pic_inline(content, Mm(WIDTH_MM), None)
        inline.docPr.set("descr", UNWRITABLE.sub("\ufffd", f"{self.chart.title}. {self.chart.says}"))
        return f'</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


def _refuse_unknown(used: set[str], known: Mapping[str, Any], name: str) -> None:
    for unknown in sorted(used - set(known)):
        raise TemplateProblem(
            f"{name}: the placeholder {unknown!r} is not known{_nearest(unknown, known)}. docs/word.md lists them all."
        )


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0)
    return f"; the nearest is {near[0]!r}" if near else ""


def _told(error: Exception) -> str:
    """What went wrong, and near which words of the template."""
    if isinstance(error, etree.XMLSyntaxError):
        return "a loop or condition begins in one paragraph, cell or row and ends in another; docs/word.md shows how to write one."
    said = error.message if isinstance(error, TemplateError) and error.message else str(error)
    lines = [" ".join(line.split()) for line in getattr(error, "docx_context", [])]
    near = next((line for line in lines if "{" in line), "")
    where = f" Near: {near[:120]}" if near and isinstance(error, TemplateSyntaxError) else ""
    return f"{said.rstrip('.')}.{where}"
