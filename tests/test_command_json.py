"""What commands print for programs: one document on standard output, whose keys docs/json.md tells."""

import contextlib
import json
import re

import pytest
from quick_pages import HEAD

from analysis import commands_verify
from analysis.verify import Verdict


@pytest.fixture(scope="module")
def told(root):
    """Section of docs/json.md -> the names in it."""
    parts = re.split(r"(?m)^## (.+)\n", (root / "docs/json.md").read_text("utf-8"))
    return {title: set(re.findall(r"`(\w+)`", text)) for title, text in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.fixture
def document(run, sample_folder, monkeypatch):
    """Runs a command on the sample; its document."""

    def read(*arguments):
        with contextlib.chdir(sample_folder):
            code, out, _ = run(*arguments, "--json")
        assert code == 0
        return json.loads(out)

    return read


def names(value, depth):
    """The keys of a document and, down to a depth, of what is in it."""
    if isinstance(value, list):
        return {name for each in value for name in names(each, depth)}
    if not isinstance(value, dict) or not depth:
        return set()
    return value.keys() | {name for each in value.values() for name in names(each, depth - 1)}


def test_figures_are_those_of_the_sentences(document, told):
    found = document("figures", "2022", "--lang", "en")
    assert (found["command"], found["as_of"], found["is_sample"]) == ("figures", "2022-11-10", True)
    assert found["period"] == {"name": "2022", "first": "2022-01-01", "last": "2022-11-10"}
    assert {name: found["figures"][name]["value"] for name in ("received", "online", "late")} == {
        "received": 937,
        "online": 163,
        "late": 255,
    }
    assert found["figures"]["on_time_rate"]["numerator"] == 600
    assert any("received 937 dossiers" in sentence for sentence in found["sentences"])
    known = told["figures"] | told["Every document of exports"]
    assert names({**found, "figures": list(found["figures"].values())}, 2) <= known | {"command"}


def test_counts_are_plain_numbers_by_the_first_day_of_a_month(document, told):
    found = document("count", "--by", "unit")
    first = found["tables"][0]["rows"][0]
    assert (found["tables"][0]["by"], first["month"], first["unit"], first["received"]) == (
        ["unit"],
        "2021-01-01",
        "Sở Xây dựng",
        54,
    )
    assert found["lines"]["lines"] == sum(number for fate, number in found["lines"].items() if fate != "lines")
    assert names({**found, "lines": 0, "tables": [{**found["tables"][0], "rows": []}]}, 3) <= told["count"] | {
        "command"
    }


def test_counts_that_went_into_files_are_named(document, tmp_path):
    found = document("count", "--out", str(tmp_path / "counts.csv"))
    assert found["tables"] == [{"by": ["channel"], "file": (tmp_path / "counts-channel.csv").as_posix()}]


def test_the_fates_of_lines_add_up_and_each_rejected_line_is_named(run, tmp_path, monkeypatch, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data/raw").mkdir(parents=True)
    (tmp_path / "data/raw/a.csv").write_text(
        HEAD + "H1,Cơ sở 1,03/01/2022,Trực tuyến\nH2,Cơ sở 1,31/02/2022,\n", "utf-8"
    )
    (tmp_path / "data/raw/b.xlsx").write_bytes(b"no workbook")
    code, out, err = run("clean", "--json")
    found = json.loads(out)
    assert (code, [each["source_file"] for each in found["unreadable"]]) == (3, ["b.xlsx"])
    assert "analysis: b.xlsx" in err
    (sheet,) = found["sheets"]
    assert (sheet["lines"], sheet["kept"], sheet["rejected"], sheet["not_data"]) == (3, 1, 1, 1)
    (line,) = found["rejected"]
    assert (line["source_file"], line["source_row"], line["column"], line["value"]) == (
        "a.csv",
        3,
        "received_on",
        "31/02/2022",
    )
    assert found["rows"] == {"dossiers": 1, "documents": 0, "meetings": 0, "procedures": 0}
    assert names(found, 2) <= told["clean"] | told["Every document of exports"] | {"command"}


def test_a_form_is_told_with_its_sums_and_indicators(document, told):
    found = document("form", "2022", "--no-due", "on_time")
    assert found["file"] == "reports/06a-2022.xlsx"
    total = found["rows"][-1]
    assert (total["is_total"], total["total"], total["online"], total["resolved"]) == (True, 937, 163, 855)
    assert {each["identity"] for each in found["sums"]} > {"(3) = (7) + (11)"}
    assert names({**found, "rows": [], "sums": []}, 2) <= told["form"] | told["Every document of exports"] | {
        "command",
        "name",
        "first",
        "last",
    }


def test_a_report_tells_what_became_of_each_page(quick, told, monkeypatch):
    _, code, out, _ = quick("report", "--all", "--json", "--no-pdf")
    found = json.loads(out)
    assert (code, [page["became"] for page in found["pages"]], found["index"]) == (
        0,
        ["made", "made"],
        "reports/index.html",
    )
    assert found["pages"][0]["files"] == ["reports/2022.html", "reports/2022.ipynb"]
    monkeypatch.setenv("FAILS", "2023.html")
    _, code, out, _ = quick("report", "2022", "2023", "--json", "--no-pdf", "--force")
    found = json.loads(out)
    assert [(page["page"], page["became"], page["code"]) for page in found["pages"]] == [
        ("reports/2022.html", "made", 0),
        ("reports/2023.html", "failed", 4),
    ]
    assert (code, found["made"], found["up_to_date"], found["failed"]) == (4, 1, 0, 1)
    assert names(found, 2) <= told["report"] | told["Every document of exports"] | {"command"}


def test_a_verdict_says_what_differs(run, monkeypatch, told):
    verdicts = {
        "a.html": Verdict(True, [], [], []),
        "b.html": Verdict(False, [("as_of", "1", "2")], [("figures.open", 67, 68)], [("Tiếp nhận", "67", "68")]),
    }
    monkeypatch.setattr("analysis.verify.verify", lambda page, **_: verdicts[page.name])
    code, out, _ = run("verify", "a.html", "b.html", "--json")
    same, other = json.loads(out)["pages"]
    assert (code, same["is_same"], other["is_same"], other["code"]) == (8, True, False, 8)
    assert other["figures"] == [{"what": "figures.open", "said": 67, "now": 68}]
    assert other["texts"] == [{"under": "Tiếp nhận", "said": "67", "now": "68"}]
    assert names([same, other], 2) | {"pages"} == told["verify"]
    assert commands_verify.DIFFERENT == 8


def test_a_command_that_ends_early_prints_nothing_where_a_program_reads(run):
    code, out, err = run("figures", "20x2", "--json")
    assert (code, out, "is no period" in err) == (2, "", True)
