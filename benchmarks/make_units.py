"""Makes an export of several units over several years, for trials of many reports: nobody in it exists.

python benchmarks/make_units.py --units 3 --years 8 --out data/raw
"""

import argparse
import csv
import random
from datetime import date, timedelta
from pathlib import Path

HEADER = [
    "Mã hồ sơ",
    "Tên TTHC",
    "Lĩnh vực",
    "Đơn vị",
    "Kênh tiếp nhận",
    "Ngày nhận",
    "Hạn trả",
    "Ngày kết thúc xử lý",
    "Trạng thái",
]
PROCEDURES = [
    ("Cấp giấy phép xây dựng", "Hoạt động xây dựng", 20),
    ("Thẩm định quy hoạch", "Quy hoạch - kiến trúc", 30),
]
LAST = 2025
"""The year of the latest export."""


def lines(units: int, years: int, each: int, *, seed: int = 1):  # noqa: ANN201 - of text
    """Year -> its lines, ``each`` of them for every unit."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    for year in range(LAST - years + 1, LAST + 1):
        of_year = []
        for unit in range(1, units + 1):
            for number in range(each):
                received = date(year, 1, 4) + timedelta(days=number * 350 // each)
                name, field, term = dice.choice(PROCEDURES)
                due, ended = received + timedelta(days=term), received + timedelta(days=dice.randrange(1, term + 12))
                is_over = ended <= date(year, 12, 31)
                of_year.append([
                    f"H{unit}-{year}-{number:05}", name, field, f"Chi nhánh {unit}",
                    dice.choice(["Trực tuyến", "Trực tiếp", "Trực tiếp"]), f"{received:%d/%m/%Y}", f"{due:%d/%m/%Y}",
                    f"{ended:%d/%m/%Y}" if is_over else "", "Đã trả kết quả" if is_over else "Đang xử lý",
                ])  # fmt: skip
        yield year, of_year


def write(out: Path, *, units: int, years: int, each: int) -> None:
    """A file of each year, as exported on the last day of it."""
    out.mkdir(parents=True, exist_ok=True)
    for year, of_year in lines(units, years, each):
        with (out / f"ho-so-{year}_{year}1231.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADER, *of_year])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=3)
    parser.add_argument("--years", type=int, default=8)
    parser.add_argument("--each", type=int, default=200, help="dossiers of a unit in a year")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    write(asked.out, units=asked.units, years=asked.years, each=asked.each)
