"""A document that somebody changed is never written over, and the same content is the same bytes."""

import io
import zipfile

import pandas as pd
import pytest
from docx import Document

from analysis.grids import FileProblem
from analysis.word_seal import is_untouched, place_for, seal, write_sealed


def sealed(text, *, title="Báo cáo"):
    document, content = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(content)
    return seal(content.getvalue(), title=title, lang="vi", day=pd.Timestamp("2022-11-10"))


def edited(content, change=lambda document: None):
    """As Word saves it."""
    document, saved = Document(io.BytesIO(content)), io.BytesIO()
    change(document)
    document.save(saved)
    return saved.getvalue()


def test_the_same_content_is_the_same_bytes_and_no_clock_is_in_them():
    assert sealed("a") == sealed("a")
    with zipfile.ZipFile(io.BytesIO(sealed("a"))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2022-11-10T00:00:00Z") == 2
    assert "python-docx" not in core


def test_a_document_is_untouched_until_a_word_or_a_property_of_it_changes():
    assert is_untouched(sealed("a"))
    assert not is_untouched(edited(sealed("a"), lambda d: d.add_paragraph("mine")))
    assert not is_untouched(edited(sealed("a"), lambda d: setattr(d.core_properties, "title", "mine")))


def test_a_document_that_never_had_a_seal_is_somebody_s_work(tmp_path):
    content = io.BytesIO()
    Document().save(content)
    assert not is_untouched(content.getvalue())


def test_a_new_run_writes_over_its_own_document_and_beside_a_changed_one(tmp_path):
    path = tmp_path / "bao-cao_2022.docx"
    assert write_sealed(sealed("a"), path) == path
    assert write_sealed(sealed("b"), path) == path
    theirs = edited(path.read_bytes(), lambda d: d.add_paragraph("mine"))
    path.write_bytes(theirs)
    beside = tmp_path / "bao-cao_2022-2.docx"
    assert [write_sealed(sealed(text), path) for text in "cd"] == [beside, beside]
    assert path.read_bytes() == theirs
    assert beside.read_bytes() == sealed("d")
    beside.write_bytes(theirs)
    assert place_for(path) == tmp_path / "bao-cao_2022-3.docx"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bao-cao_2022-2.docx", "bao-cao_2022.docx"]


def test_a_document_that_is_open_elsewhere_is_named_and_nothing_is_left(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(FileProblem, match=r"bao-cao_2022\.docx: cannot be written; close it in Word"):
        write_sealed(sealed("a"), tmp_path / "bao-cao_2022.docx")
    assert list(tmp_path.iterdir()) == []
