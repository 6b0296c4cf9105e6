"""A passage of another language says which, and nothing else of a page changes."""

import re

from lxml import html

from analysis.languages import mark_vietnamese


def test_what_is_no_text_of_the_page_stays_as_it_is():
    page = '<title>Năm</title><style>/* Năm */</style><!-- Năm --><p title="Năm" lang="vi">937</p>'
    assert mark_vietnamese(page) == page


def test_marks_are_all_that_is_added():
    body = "<p>Sở Xây dựng received 937 dossiers: <b>Giấy phép &lt;xây dựng&gt;</b>, and “hồ sơ giấy” 163</p>"
    marked = mark_vietnamese(body)
    assert re.sub(r'<span lang="vi">|</span>', "", marked) == body
    assert html.fromstring(marked).xpath("//span[@lang='vi']/text()") == [
        "Sở Xây dựng",
        "Giấy phép",
        "xây dựng",
        "hồ sơ giấy",
    ]


def test_an_english_report_has_no_unmarked_vietnamese(pages):
    document = html.fromstring(pages["2022.en"].read_text("utf-8"))
    texts = document.xpath("//main//text()[not(ancestor::*[@lang='vi'])]")
    assert not [text for text in texts if re.search("[ăđơưạảấầẩậắằẵặẹẽềểệỉịọỏốồổộớờởợụủứừửữự]", text)]
    assert len(document.xpath("//span[@lang='vi']")) > 100


def test_a_vietnamese_report_needs_no_marks(page):
    assert '<span lang="vi">' not in page.read_text("utf-8")
