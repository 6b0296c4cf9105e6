"""The tables of an executed notebook: all rows of a long list in one, by the headings they stand below."""

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis import page
from analysis.html_page import to_html
from analysis.labels import read_labels
from analysis.page import show_list, show_sentences, show_table
from analysis.page_tables import head_of, tables_of

VI = read_labels("vi")
HEADINGS = {"name": "Tên", "n": "Số"}


def shown(*pieces):
    return new_code_cell("…", outputs=[new_output("display_data", {"text/html": piece}) for piece in pieces])


def numbers(length):
    return pd.DataFrame({"name": [f"n{i}" for i in range(length)], "n": [str(i) for i in range(length)]})


def listed(length):
    return new_notebook(cells=[shown(show_list(numbers(length), headings=HEADINGS, caption="", labels=VI))])


@pytest.mark.parametrize("length", [1, 12, 13, 50, 51, 60, 2050])
def test_a_list_is_one_table_with_all_its_rows_however_the_page_folds_it(length):
    (table,) = tables_of(listed(length), lang="vi")
    assert [row[0] for row in table.rows] == [f"n{i}" for i in range(length)]
    assert (table.left, table.notes) == (0, ())


def test_rows_that_not_even_the_notebook_holds_are_counted(monkeypatch):
    monkeypatch.setattr(page, "MOST_HELD", 5)
    (table,) = tables_of(listed(60), lang="vi")
    assert (len(table.rows), table.left) == (55, 5)


def test_rows_of_a_table_that_was_cut_before_are_counted_too():
    cut = show_table(numbers(3), headings=HEADINGS, caption="", most=2, of=10)
    (table,) = tables_of(new_notebook(cells=[shown(cut)]), lang="vi")
    assert (len(table.rows), table.left) == (3, 7)


def test_a_page_does_not_hold_what_only_the_notebook_holds():
    html = to_html(listed(60), title="", lang="vi")
    assert "n49" in html
    assert "n50" not in html
    assert "beyond" not in html.partition("</style>")[2]
    assert "10 dòng nữa" in html


def test_a_table_is_named_by_section_subheading_and_caption_of_its_own_language():
    captioned = show_table(numbers(1), headings=HEADINGS, caption="Từng người")
    folded = show_table(numbers(1), headings=HEADINGS, caption="", summary="Từng tháng")
    cells = [
        shown(show_table(numbers(1), headings=HEADINGS, caption="")),
        new_markdown_cell("## Tiếp nhận\n\nBao nhiêu?", metadata={"tags": ["vi"]}),
        new_markdown_cell("## Intake", metadata={"tags": ["en"]}),
        shown(captioned),
        new_markdown_cell("### Trực tuyến", metadata={"tags": ["vi"]}),
        new_markdown_cell("### Online", metadata={"tags": ["en"]}),
        shown(folded, captioned),
        new_markdown_cell("## Đúng hạn"),
        shown(captioned),
    ]
    notebook = new_notebook(cells=cells)
    assert [(table.number, table.title) for table in tables_of(notebook, lang="vi")] == [
        ("0.1", ""), ("1.1", "Tiếp nhận · Từng người"), ("1.2", "Tiếp nhận · Trực tuyến · Từng tháng"),
        ("1.3", "Tiếp nhận · Trực tuyến · Từng người"), ("2.1", "Đúng hạn · Từng người"),
    ]  # fmt: skip
    assert tables_of(notebook, lang="en")[2].title == "Intake · Online · Từng tháng"


def test_the_sentences_of_a_cell_go_with_the_table_below_them_and_the_last_ones_with_the_last_table():
    table = show_table(numbers(1), headings=HEADINGS, caption="")
    notebook = new_notebook(
        cells=[shown(show_sentences(["một"]) + table + show_sentences(["hai"]) + table, show_sentences(["ba"]))]
    )
    assert [table.notes for table in tables_of(notebook, lang="vi")] == [("một",), ("hai", "ba")]


def test_a_folded_table_of_its_own_stays_apart_from_the_one_above_it():
    table, folded = (show_table(numbers(1), headings=HEADINGS, caption="", summary=text) for text in ("", "Đạt ngưỡng"))
    assert len(tables_of(new_notebook(cells=[shown(table + folded)]), lang="vi")) == 2


def test_markup_in_a_cell_is_read_as_the_text_it_was():
    hostile = pd.DataFrame({"name": ["</tbody><script>", "a\u00a0b"], "n": ["=1+1", "&lt;"]})
    (table,) = tables_of(
        new_notebook(cells=[shown(show_table(hostile, headings=HEADINGS, caption="", most=1))]), lang="vi"
    )
    assert table.rows == (("</tbody><script>", "=1+1"), ("a\u00a0b", "&lt;"))


def test_the_head_of_a_page_is_that_of_its_title_block():
    head = '<header class="head"><p class="unit">Sở</p><h1>Năm 2022</h1><p class="asof">đến nay</p></header>'
    assert head_of(new_notebook(cells=[shown("<p>khác</p>"), shown(head)])) == ("Sở", "Năm 2022", "đến nay")
    assert head_of(new_notebook()) == ()
