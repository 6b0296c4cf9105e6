"""In a browser: nothing is asked for, nothing sticks out, everything is reached, and no rule of accessibility is broken."""

from datetime import date
from pathlib import Path

import pytest
from patience import PATIENCE

from analysis.printing import print_page

RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNFOLD = "document.querySelectorAll('details').forEach(folded => { folded.open = true })"
FEWER_ROWS = "document.querySelectorAll('tbody tr:nth-child(n + 3)').forEach(row => row.remove())"
NO_SHADES = "div.scroll { background: none !important }"
STICKING_OUT = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth && getComputedStyle(e).display !== 'inline')"""
NAMES = "found => found.map(e => `${e.tagName} ${e.className} ${e.ariaLabel ?? e.textContent.slice(0, 60)}`)"


@pytest.fixture
def opened(browser, pages):
    """Opens a page of the sample without a network; every request and message is remembered."""
    contexts = []

    def open_page(name, *, width=1280, height=900, scheme="light", unfold=False):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, offline=True)
        contexts.append(context)
        tab = context.new_page()
        tab.heard = []
        tab.on("console", lambda message: tab.heard.append(message.text))
        tab.on("pageerror", lambda error: tab.heard.append(str(error)))
        tab.on("request", lambda request: tab.heard.append(request.url))
        tab.goto(pages[name].as_uri())
        if unfold:
            tab.evaluate(UNFOLD)
        return tab

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["2022", "2022.en", "trends", "quality.en", "index"])
def test_a_page_asks_for_nothing_but_itself_and_says_nothing(name, opened, pages):
    """Pictures that stand in the page are no requests to anyone."""
    tab = opened(name, unfold=True)
    tab.wait_for_load_state("networkidle")
    assert [heard for heard in tab.heard if not heard.startswith("data:")] == [pages[name].as_uri()]


@pytest.mark.parametrize(
    ("name", "scheme", "unfold"),
    [
        ("2022", "dark", True),
        pytest.param("2022.en", "light", True, marks=pytest.mark.long),
        ("trends", "dark", True),
        ("quality.en", "light", True),
        ("index", "dark", False),
    ],
)
def test_no_rule_of_accessibility_is_broken_up_to_the_strictest_contrast(name, scheme, unfold, opened, axe):
    """The third row of a table is like its second, and costs as much; contrast cannot be judged on a shade."""
    tab = opened(name, scheme=scheme, unfold=unfold)
    tab.evaluate(FEWER_ROWS)
    tab.add_style_tag(content=NO_SHADES)
    found = axe.run(tab, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found.response["violations"]]
    assert told == []


@pytest.mark.parametrize("name", ["2022", "2022.en", "trends", "quality.en", "index"])
def test_a_page_has_no_sideways_scroll_and_what_has_one_is_reached_by_keyboard(name, opened):
    """320 pixels are a window of 1280 at 400 %, and 360 a phone."""
    tab = opened(name, unfold=True)
    for width in (320, 360, 960):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        out = f"({NAMES})(({STICKING_OUT})().filter(e => !e.matches('div.scroll[tabindex][aria-label], pre.csv[tabindex][aria-label]')))"
        assert tab.evaluate(out) == []


@pytest.mark.parametrize("name", ["2022", "quality.en"])
def test_only_tables_of_many_columns_scroll_in_a_window(name, opened):
    tab = opened(name, width=960, unfold=True)
    assert tab.evaluate(f"({NAMES})(({STICKING_OUT})().filter(e => !e.matches('div.wide, pre.csv')))") == []


def test_the_tab_key_reaches_the_contents_every_disclosure_and_every_table(opened):
    tab = opened("2022")
    expected = tab.evaluate(
        """() => [...document.querySelectorAll('a, summary, [tabindex]')].filter(e => e.checkVisibility()).length"""
    )
    tab.evaluate("window.reached = []; document.addEventListener('focusin', e => reached.push(e.target))")
    for _ in range(expected):
        tab.keyboard.press("Tab")
    assert tab.evaluate("new Set(reached).size") == expected
    kinds = "[...new Set(reached.map(e => e.className || e.closest('nav, details')?.className || e.tagName))]"
    assert {"skip", "contents", "annex", "scroll", "up"} <= set(tab.evaluate(kinds))


def test_the_first_key_leads_past_the_contents(opened):
    tab = opened("2022")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.locator("a.skip").bounding_box()["y"] >= 0
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('section').id") == "s1"


def test_a_tables_head_stays_while_its_rows_go_by(opened):
    tab = opened("2022")
    head = tab.locator("table", has=tab.locator("tbody tr:nth-child(20)")).first.locator("thead th").first
    place = "e => { e.closest('table').querySelectorAll('tbody tr')[12].scrollIntoView() }"
    head.evaluate(place)
    assert head.bounding_box()["y"] == pytest.approx(0, abs=1)


@pytest.mark.parametrize("name", ["2022", "2022.en", "trends", "quality.en"])
def test_no_table_is_wider_than_the_paper(name, opened):
    """A4 less its margins is 180 mm, which is 680 pixels."""
    tab = opened(name, width=680)
    tab.emulate_media(media="print")
    tab.evaluate("document.fonts.ready")
    assert tab.evaluate(f"({NAMES})(({STICKING_OUT})())") == []


@pytest.mark.parametrize("name", ["2022", "2022.en"])
def test_the_summary_fills_the_first_sheet_and_no_more(name, opened):
    """A4 less its margins is 265 mm high, which is 1001 pixels."""
    tab = opened(name, width=680)
    tab.emulate_media(media="print")
    box = tab.locator("section.summary").bounding_box()
    assert box["y"] + box["height"] <= 1001
    assert tab.locator("section.summary").evaluate("e => getComputedStyle(e).breakAfter") == "page"


def test_on_paper_annexes_are_open_and_no_card_is_left_alone(opened):
    tab = opened("2022", width=680, scheme="dark")
    tab.emulate_media(media="print")
    folded = "[...document.querySelectorAll('details.annex, details.rest')].map(e => e.lastElementChild)"
    assert tab.evaluate(f"{folded}.length") > 6
    assert tab.evaluate(f"{folded}.every(last => last.checkVisibility())")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    tops = [card.bounding_box()["y"] for card in tab.locator(".card").all()]
    assert min(tops.count(top) for top in tops) > 1


def test_no_card_is_left_alone(opened):
    """On a phone the last of an odd number takes both places."""
    tab = opened("2022")
    for width in (360, 1000, 1600):
        tab.set_viewport_size({"width": width, "height": 900})
        boxes = [card.bounding_box() for card in tab.locator(".cards").first.locator(".card").all()]
        last = [box for box in boxes if box["y"] == boxes[-1]["y"]]
        full = sum(box["width"] for box in boxes if box["y"] == boxes[0]["y"])
        assert len(last) > 1 or last[0]["width"] >= full


@pytest.mark.parametrize(("name", "most"), [("2022", 40), ("index", 1)])
def test_a_page_is_printed_on_no_more_sheets_than_a_folder_takes(name, most, chromium, pages, tmp_path):
    printed = print_page(
        pages[name], tmp_path / "a.pdf", browser=Path(chromium), day=date(2022, 11, 10), timeout=PATIENCE
    )
    assert most // 2 <= printed <= most
