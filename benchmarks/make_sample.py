"""Makes the made-up sample in ``data/raw/sample``: exports as a one-stop desk writes them, with known figures.

First dossiers, documents and meetings are drawn, all counts fixed and the rest random from one seed; then each file
writes down what its system would have known on its export day, in that system's words and layout. Nobody is in it.
Only ``Generator.random`` is used of numpy's generator, and no clock, so the same program writes the same bytes.
"""

import html
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from analysis.handbook import NAME
from analysis.handbook_form import read_form
from analysis.handbook_workbook import HEADINGS, write_handbook
from analysis.vocabulary import read_vocabulary

SEED = 766
SAMPLE = Path(__file__).parents[1] / "data/raw/sample"
UNIT = "SỞ XÂY DỰNG (DỮ LIỆU MẪU)"
OFFICE = "000.00.16.H99"
"""The unit part of a dossier's code; no province has H99."""

DAYS_OFF = np.array([
    "2021-01-01", "2021-02-10", "2021-02-11", "2021-02-12", "2021-02-15", "2021-02-16", "2021-04-21", "2021-04-30",
    "2021-05-03", "2021-09-02", "2021-09-03", "2022-01-03", "2022-01-31", "2022-02-01", "2022-02-02", "2022-02-03",
    "2022-02-04", "2022-04-11", "2022-05-02", "2022-05-03", "2022-09-01", "2022-09-02",
], dtype="datetime64[D]")  # fmt: skip
MONTHS = np.array([0.8, 0.6, 1.05, 1.1, 1.15, 1.2, 1.1, 0.95, 1.0, 1.05, 1.0, 0.9])
"""How busy a month is; Tet empties the end of January and February."""

PROCEDURES = pd.read_csv(
    io.StringIO("""\
procedure_code|field|division|term|demand|online|procedure
1.009982|Hoạt động xây dựng|Quản lý xây dựng|20|190|1.6|Cấp chứng chỉ hành nghề hoạt động xây dựng hạng II, III
1.009973|Hoạt động xây dựng|Quản lý xây dựng|30|130|0.5|Thẩm định thiết kế xây dựng triển khai sau thiết kế cơ sở/điều chỉnh
1.009794|Quản lý chất lượng công trình|Quản lý xây dựng|20|110|0.4|Kiểm tra công tác nghiệm thu hoàn thành công trình
1.002572|Kinh doanh bất động sản|Quản lý nhà và thị trường bất động sản|10|90|2.0|Cấp mới chứng chỉ hành nghề môi giới bất động sản
1.009974|Hoạt động xây dựng|Quản lý xây dựng|20|75|0.8|Cấp giấy phép xây dựng mới đối với công trình cấp đặc biệt, cấp I, cấp II
1.009988|Hoạt động xây dựng|Quản lý xây dựng|20|60|1.2|Cấp chứng chỉ năng lực hoạt động xây dựng hạng II, III
1.009972|Hoạt động xây dựng|Quản lý xây dựng|25|50|0.4|Thẩm định báo cáo nghiên cứu khả thi đầu tư xây dựng/điều chỉnh
1.002701|Quy hoạch - kiến trúc|Quy hoạch - kiến trúc|25|40|0.3|Thẩm định đồ án quy hoạch chi tiết xây dựng
1.008891|Quy hoạch - kiến trúc|Quy hoạch - kiến trúc|15|34|1.4|Cấp chứng chỉ hành nghề kiến trúc
1.007750|Nhà ở và công sở|Quản lý nhà và thị trường bất động sản|15|28|0.6|Thông báo nhà ở hình thành trong tương lai đủ điều kiện được bán, cho thuê mua
1.009983|Hoạt động xây dựng|Quản lý xây dựng|10|24|1.5|Điều chỉnh hạng chứng chỉ hành nghề hoạt động xây dựng hạng II, III
1.003011|Quy hoạch - kiến trúc|Quy hoạch - kiến trúc|20|20|0.3|Thẩm định nhiệm vụ quy hoạch chi tiết xây dựng
1.006871|Vật liệu xây dựng|Hạ tầng kỹ thuật và vật liệu xây dựng|5|18|1.5|Công bố hợp quy sản phẩm, hàng hóa vật liệu xây dựng
1.009977|Hoạt động xây dựng|Quản lý xây dựng|20|15|0.8|Điều chỉnh giấy phép xây dựng
1.007767|Nhà ở và công sở|Quản lý nhà và thị trường bất động sản|45|13|0|Bán nhà ở cũ thuộc sở hữu nhà nước
1.009984|Hoạt động xây dựng|Quản lý xây dựng|5|12|1.8|Cấp lại chứng chỉ hành nghề hoạt động xây dựng hạng II, III do bị mất, hư hỏng
1.007762|Nhà ở và công sở|Quản lý nhà và thị trường bất động sản|30|10|0|Thẩm định giá bán, thuê mua, thuê nhà ở xã hội
1.002625|Kinh doanh bất động sản|Quản lý nhà và thị trường bất động sản|7|9|1.6|Cấp lại chứng chỉ hành nghề môi giới bất động sản
1.009978|Hoạt động xây dựng|Quản lý xây dựng|5|8|1.0|Gia hạn giấy phép xây dựng
1.002630|Kinh doanh bất động sản|Quản lý nhà và thị trường bất động sản|30|6|0|Chuyển nhượng toàn bộ hoặc một phần dự án bất động sản
1.002693|Hạ tầng kỹ thuật|Hạ tầng kỹ thuật và vật liệu xây dựng|15|6|0.5|Cấp giấy phép chặt hạ, dịch chuyển cây xanh đô thị
1.009980|Hoạt động xây dựng|Quản lý xây dựng|20|5|0.7|Cấp giấy phép hoạt động xây dựng cho nhà thầu nước ngoài
1.007748|Nhà ở và công sở|Quản lý nhà và thị trường bất động sản|30|5|0|Chấp thuận chủ trương đầu tư dự án nhà ở
1.008432|Quy hoạch - kiến trúc|Quy hoạch - kiến trúc|15|4|0|Cung cấp thông tin về quy hoạch xây dựng
1.009976|Hoạt động xây dựng|Quản lý xây dựng|20|0|0|Cấp giấy phép di dời công trình
1.008990|Quy hoạch - kiến trúc|Quy hoạch - kiến trúc|10|0|0|Cấp lại chứng chỉ hành nghề kiến trúc bị mất, hư hỏng
1.007764|Nhà ở và công sở|Quản lý nhà và thị trường bất động sản|30|0|0|Cho thuê nhà ở cũ thuộc sở hữu nhà nước
"""),
    sep="|",
    dtype={"procedure_code": "str"},
)
"""Names as the field has them; terms in working days. ``demand`` and ``online`` are weights; 0 is never."""

FREE = ("1.009794", "1.007750", "1.006871", "1.008432", "1.002693")
"""Procedures without a fee."""
LEGAL_TERMS = {"1.009982": 20, "1.009974": 30, "1.002572": 15, "1.009972": 25, "1.007767": 45, "1.009977": 30}
"""Procedure -> what the law allows, in working days, where the office knows it; some promise less."""

EVENTS = ["resolved_on", "closed_on", "paused_from", "paused_to"]
DAMAGED = [
    ("received_on", "31/02/2022"), ("due_on", "32/10/2022"), ("dossier_id", ""), ("resolved_on", ""),
    ("resolved_on", "sáng thứ hai"),
]  # fmt: skip
"""One cell of each damaged line, and what stands there."""

WORDS_2021 = {
    "online": "Qua mạng", "in_person": "Tại quầy", "done": "Hoàn thành", "collected": "Đã trả kết quả",
    "withdrawn": "Rút hồ sơ", "returned": "Trả lại", "paused": "Chờ bổ sung", "pending": "Đang giải quyết",
}  # fmt: skip
WORDS_2022 = {
    "online": "Trực tuyến", "in_person": "Trực tiếp", "done": "Đã xử lý xong", "collected": "Đã trả kết quả",
    "withdrawn": "Công dân yêu cầu rút hồ sơ", "returned": "Trả lại hồ sơ", "paused": "Yêu cầu bổ sung giấy tờ",
    "pending": "Đang xử lý",
}  # fmt: skip
"""The office changed its system at the turn of the year, and with it the words."""

CSV_2021 = {
    "dossier_id": "Mã hồ sơ", "procedure_code": "Mã TTHC", "procedure": "Tên TTHC", "field": "Lĩnh vực",
    "unit": "Đơn vị", "division": "Phòng xử lý", "applicant": "Người nộp", "channel": "Kênh tiếp nhận",
    "assisted": "Nộp hộ", "received_on": "Ngày nhận", "due_on": "Hạn trả", "ended_on": "Ngày kết thúc xử lý",
    "status": "Trạng thái", "result_digitised": "Số hóa kết quả",
}  # fmt: skip
REGISTER = {
    "dossier_id": "Mã hồ sơ", "procedure_code": "Mã thủ tục", "procedure": "Tên thủ tục hành chính",
    "field": "Lĩnh vực", "unit": "Đơn vị tiếp nhận", "division": "Phòng chuyên môn", "applicant": "Chủ hồ sơ",
    "address": "Địa chỉ", "phone": "Số điện thoại", "channel": "Hình thức tiếp nhận", "assisted": "Nộp có hỗ trợ",
    "received_on": "Thời gian|Ngày tiếp nhận", "first_due_on": "Thời gian|Ngày hẹn trả lần đầu",
    "due_on": "Thời gian|Ngày hẹn trả", "resolved_on": "Thời gian|Ngày có kết quả", "paused_from": "Tạm dừng|Từ ngày", "paused_to": "Tạm dừng|Đến ngày",
    "closed_on": "Ngày rút/trả lại hồ sơ", "status": "Trạng thái hồ sơ",
    "waiting_for": "Đang chờ", "fee_due": "Phải nộp phí", "paid_online": "Thanh toán trực tuyến",
    "result_digitised": "Số hóa kết quả",
}  # fmt: skip
"""Column -> heading; before a bar stands the heading of its group, without which some headings say nothing."""


class Year(NamedTuple):
    """How many dossiers of a year end how, by the last day that is known."""

    first: str
    last: str
    """First and last day of receipt."""
    until: str
    received: int
    online: int
    assisted: int
    overdue: int
    open_in_time: int
    paused: int
    withdrawn: int
    returned: int
    late: int
    digitised: float
    """Share of the results that are digitised. Whatever is left is resolved early or on time."""


YEAR_2021 = Year("2021-01-04", "2021-12-29", "2021-12-31", 820, 66, 9, 0, 0, 0, 8, 6, 290, 0.25)
YEAR_2022 = Year("2022-01-04", "2022-11-10", "2022-11-10", 937, 163, 40, 20, 47, 12, 9, 6, 255, 0.55)

DOCUMENTS = {
    ("di", 2021): [("2021-01-04", "2021-11-10", 2706, 148), ("2021-11-11", "2021-12-31", 437, 25)],
    ("di", 2022): [("2022-01-04", "2022-11-10", 2734, 96)],
    ("den", 2021): [("2021-01-04", "2021-11-10", 9127, 412), ("2021-11-11", "2021-12-31", 1493, 61)],
    ("den", 2022): [("2022-01-04", "2022-11-10", 9505, 288)],
}
"""(Direction, year) -> (first day, last day, electronic documents, paper documents)."""
EXPORT_DAYS = {2021: "20211231", 2022: "20221110"}

LEFT_OUT = (("di", 2022), 1500, 3)
"""Register, and from which number on how many numbers stand for no document."""

KINDS = {
    "Công văn": ("", 68), "Báo cáo": ("BC-", 9), "Thông báo": ("TB-", 9), "Quyết định": ("QĐ-", 6),
    "Tờ trình": ("TTr-", 5), "Giấy mời": ("GM-", 3),
}  # fmt: skip
SENDERS = {
    "UBND tỉnh": ("UBND", 24), "Văn phòng UBND tỉnh": ("VPUBND", 16), "Bộ Xây dựng": ("BXD", 10),
    "Sở Kế hoạch và Đầu tư": ("SKHĐT", 9), "Sở Tài nguyên và Môi trường": ("STNMT", 9), "UBND huyện A": ("UBND-A", 11),
    "UBND huyện B": ("UBND-B", 11), "Doanh nghiệp (mẫu)": ("CV", 10),
}  # fmt: skip
"""Kind or sender -> (its part of a document's symbol, weight)."""

MEETINGS = [
    ("2021-01-04", "2021-11-10", {"Trực tuyến": 14, "Trực tiếp": 38, "Kết hợp": 4}),
    ("2021-11-11", "2021-12-31", {"Trực tuyến": 3, "Trực tiếp": 6, "Kết hợp": 1}),
    ("2022-01-04", "2022-11-10", {"Trực tuyến": 23, "Trực tiếp": 41, "Kết hợp": 6}),
]


# --- chance ----------------------------------------------------------------------------------------------------------


HANDBOOK: dict[str, list[dict[str, Any]]] = {
    "corrections": [
        {
            "column": "Ngày có kết quả", "reason": "Nhập nhầm tháng; đã đối chiếu sổ giao nhận kết quả",
            "who": "Bộ phận Một cửa", "day": "20/10/2022",
        },
    ],
    "additions": [
        {
            "period": "2022", "measure": "Lượt người được hướng dẫn nộp hồ sơ trực tuyến tại quầy", "value": 412,
            "measured_in": "lượt", "source": "Sổ theo dõi tại quầy (dữ liệu mẫu)", "who": "Bộ phận Một cửa",
        },
    ],
    "remarks": [
        {
            "period": "2022", "section": "Nguyên nhân", "who": "Văn phòng Sở",
            "text": "Sáu tháng đầu năm phòng chuyên môn thiếu hai vị trí thẩm định hồ sơ.",
        },
        {
            "period": "2022", "section": "Đề xuất, kiến nghị", "who": "Văn phòng Sở",
            "text": "Đề nghị trang bị máy quét tại quầy để hướng dẫn người dân nộp hồ sơ trực tuyến.",
        },
        {
            "period": "2022", "section": "Nguyên nhân", "who": "Department office", "language": "Tiếng Anh",
            "text": "In the first half of the year the division lacked two posts for appraisal.",
        },
        {
            "period": "2022", "section": "Đề xuất, kiến nghị", "who": "Department office", "language": "Tiếng Anh",
            "text": "Scanners at the counter would help applicants to file online.",
        },
    ],
    "targets": [
        {"measure": measure, "year": 2022, "value": value, "source": "Kế hoạch năm 2022 (dữ liệu mẫu)"}
        for measure, value in (
            ("Tỷ lệ trước và đúng hạn", 95), ("Tỷ lệ trực tuyến", 50), ("Tỷ lệ ký số văn bản đi", 90),
        )
    ],
}  # fmt: skip
"""Sheet -> the lines that the department of the sample typed into its handbook."""


def pick(rng: np.random.Generator, count: int, weight: np.ndarray) -> np.ndarray:
    """Positions of ``count`` different rows, heavier ones sooner (Efraimidis and Spirakis 2006); those of weight 0 never."""
    weight = np.asarray(weight, dtype=float)
    if count > (weight > 0).sum():
        raise ValueError(f"{count} rows are wanted, but only {(weight > 0).sum()} can be picked.")
    with np.errstate(divide="ignore"):
        race = -np.log(1 - rng.random(len(weight))) / weight
    return np.sort(np.argsort(race, kind="stable")[:count])


def draw(rng: np.random.Generator, count: int, weights: Mapping[str, float]) -> np.ndarray:
    """``count`` words, each by its weight."""
    return np.array(list(weights), dtype=object)[draw_position(rng, count, np.array(list(weights.values())))]


def draw_position(rng: np.random.Generator, count: int, weights: np.ndarray) -> np.ndarray:
    """``count`` positions in ``weights``, each by its weight."""
    steps = np.cumsum(weights)
    return np.searchsorted(steps, rng.random(count) * steps[-1], side="right")


def whole(rng: np.random.Generator, below: np.ndarray) -> np.ndarray:
    """A whole number from 0 to below each bound."""
    return np.floor(rng.random(len(below)) * below).astype("int64")


# --- days ------------------------------------------------------------------------------------------------------------


def working_days(first: str, last: str) -> np.ndarray:
    """Every working day, both ends within."""
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    return days[np.is_busday(days, holidays=DAYS_OFF)]


def busyness(days: np.ndarray) -> np.ndarray:
    """The weight of each day, by its month."""
    return MONTHS[days.astype("datetime64[M]").astype("int64") % 12]


def later(days: np.ndarray, count: np.ndarray | int) -> np.ndarray:
    """The day that is some working days after each day; a day off counts as the next working day."""
    return np.busday_offset(days, count, roll="forward", holidays=DAYS_OFF)


def at_office(rng: np.random.Generator, days: np.ndarray) -> np.ndarray:
    """An instant on each day within 7:30-11:30 or 13:30-17:00; missing where the day is."""
    minute = 450 + whole(rng, np.full(len(days), 450))
    return at(days, np.where(minute < 690, minute, minute + 120))


def at(days: np.ndarray, minute: np.ndarray | int) -> np.ndarray:
    """Days and minutes since midnight -> datetime64[us]."""
    return days.astype("datetime64[us]") + np.asarray(minute).astype("timedelta64[m]")


def day_of(instants: pd.Series) -> np.ndarray:
    """datetime64[D]."""
    return instants.to_numpy().astype("datetime64[D]")


# --- dossiers --------------------------------------------------------------------------------------------------------


def receive(rng: np.random.Generator, days: np.ndarray, procedure: np.ndarray, online: np.ndarray) -> pd.DataFrame:
    """Dossiers as they come in: code, procedure, channel, received and due; ordered by receipt.

    The desk keeps office hours. Online dossiers come at any hour, some of Friday's on the weekend; what comes after
    17:00 counts from the next day.
    """
    friday = (days.astype("int64") + 3) % 7 == 4
    moved = days + np.where(online & friday, whole(rng, np.full(len(days), 3)), 0).astype("timedelta64[D]")
    any_hour = at(moved, np.floor(1440 * rng.random(len(days)) ** 0.6).astype("int64"))
    received = pd.Series(np.where(online, any_hour, at_office(rng, days)))
    drawn = PROCEDURES.iloc[procedure].reset_index(drop=True)
    dossiers = drawn.assign(channel=np.where(online, "online", "in_person"), received_on=received)
    dossiers = dossiers.sort_values("received_on", kind="stable", ignore_index=True)
    start = day_of(dossiers.received_on + pd.Timedelta(hours=7))
    due = at(later(start, dossiers.term.to_numpy()), 17 * 60)
    number = dossiers.groupby(day_of(dossiers.received_on)).cumcount() + 1
    return dossiers.assign(due_on=due, dossier_id=dossier_ids(dossiers.received_on, number))


def dossier_ids(received_on: pd.Series, number: pd.Series) -> pd.Series:
    """Codes as Circular 01/2018 writes them: unit, day, number within the day."""
    return OFFICE + "-" + written(received_on, "%y%m%d") + "-" + number.astype("str").str.zfill(4)


def receive_year(rng: np.random.Generator, year: Year) -> pd.DataFrame:
    """The dossiers of a year. Every procedure in demand is asked for, and online wherever it can be."""
    possible = working_days(year.first, year.last)
    days = np.sort(possible[draw_position(rng, year.received, busyness(possible))])
    asked = np.flatnonzero(PROCEDURES.demand)
    procedure = draw_position(rng, year.received, PROCEDURES.demand.to_numpy())
    procedure[pick(rng, len(asked), np.ones(year.received))] = asked
    passed = (days - days[0]) / (days[-1] - days[0])
    ease = PROCEDURES.online.to_numpy()[procedure]
    shuffled = np.argsort(rng.random(year.received), kind="stable")
    one_of_each = shuffled[np.unique(procedure[shuffled], return_index=True)[1]]
    weight = ease * (0.3 + 2 * passed**1.5)
    weight[one_of_each] *= 1e9
    online = np.zeros(year.received, bool)
    online[pick(rng, year.online, weight)] = True
    return receive(rng, days, procedure, online)


def decide(rng: np.random.Generator, dossiers: pd.DataFrame, year: Year) -> np.ndarray:
    """How each dossier ends: overdue, open, withdrawn, returned, late or in_time."""
    until = np.datetime64(year.until)
    came, due = day_of(dossiers.received_on), day_of(dossiers.due_on)
    recent = np.where(later(came, 1) > until, 1e9, 1 / (1 + (until - came).astype(float)) ** 2)
    slow = dossiers.term.to_numpy() * busyness(came) * np.where(dossiers.channel == "online", 0.5, 1)
    settled = came <= until - np.timedelta64(14, "D")
    weights = {
        "overdue": (year.overdue, (due < until) / (1 + np.abs((until - due).astype(float)))),
        "open": (year.open_in_time, (due >= until) * recent),
        "withdrawn": (year.withdrawn, settled),
        "returned": (year.returned, settled),
        "late": (year.late, (later(due, 1) <= until) * slow),
    }
    outcome = np.full(len(dossiers), "in_time", dtype=object)
    for word, (count, weight) in weights.items():
        outcome[pick(rng, count, np.where(outcome == "in_time", weight, 0))] = word
    return outcome


def finish(rng: np.random.Generator, dossiers: pd.DataFrame, outcome: np.ndarray, until: str) -> pd.DataFrame:
    """Dossiers with the instants at which they ended. Half of those in time end on the due day itself."""
    size, last = len(dossiers), np.datetime64(until)
    first = later(day_of(dossiers.received_on), 1)
    due = np.minimum(day_of(dossiers.due_on), last)
    slack = np.busday_count(first, due, holidays=DAYS_OFF)
    in_time = np.where(rng.random(size) < 0.5, due, later(first, whole(rng, np.maximum(slack, 0) + 1)))
    late = later(day_of(dossiers.due_on), 1 + np.floor(-6 * np.log(1 - rng.random(size))).astype("int64"))
    end = np.where(outcome == "in_time", np.minimum(in_time, last), np.minimum(late, last))
    resolved, closed = np.isin(outcome, ["in_time", "late"]), np.isin(outcome, ["withdrawn", "returned"])
    # The office closes twenty minutes after the desk, so a few results are ready on the due day but after 17:00.
    ready = pd.Series(at_office(rng, end)) + pd.Timedelta(minutes=20)
    gone = pd.Series(at_office(rng, later(first, whole(rng, np.full(size, 6)))))
    return dossiers.assign(
        resolved_on=ready.where(resolved),
        closed_on=gone.where(closed),
        closed_as=np.where(closed, outcome, ""),
        collected=rng.random(size) < 0.8,
    )


def interrupt(rng: np.random.Generator, dossiers: pd.DataFrame, year: Year) -> pd.DataFrame:
    """Dossiers with the instants of requests for a supplement: some before a result, some still waiting."""
    size, until = len(dossiers), np.datetime64(year.until)
    came = day_of(dossiers.received_on)
    asked = later(came, 1 + whole(rng, np.full(size, 2)))
    brought = later(asked, 1 + whole(rng, np.full(size, 2)))
    over = (later(came, 5) <= day_of(dossiers.resolved_on)) & (rng.random(size) < 0.08)
    still = np.zeros(size, bool)
    is_open = (dossiers.resolved_on.isna() & dossiers.closed_on.isna()).to_numpy()
    still[pick(rng, year.paused, is_open & (asked <= until))] = True
    return dossiers.assign(
        paused_from=pd.Series(at_office(rng, asked)).where(over | still),
        paused_to=pd.Series(at_office(rng, brought)).where(over),
    )


def reappoint(rng: np.random.Generator, dossiers: pd.DataFrame) -> pd.DataFrame:
    """The same dossiers, some of the late and overdue ones with a second due date, promised on the day of the first."""
    first, size = day_of(dossiers.due_on), len(dossiers)
    missed = (day_of(dossiers.resolved_on) > first) | (
        dossiers.resolved_on.isna() & dossiers.closed_on.isna()
    ).to_numpy()
    moved = missed & (rng.random(size) < 0.3)
    second = pd.Series(at(later(first, 3 + whole(rng, np.full(size, 8))), 17 * 60))
    return dossiers.assign(first_due_on=dossiers.due_on, promised_on=dossiers.due_on.where(moved), second_due_on=second)


def charge(rng: np.random.Generator, dossiers: pd.DataFrame) -> pd.DataFrame:
    """The same dossiers, with whether a fee was due and, if so, whether it was paid online."""
    fee = ~dossiers.procedure_code.isin(FREE)
    online = rng.random(len(dossiers)) < np.where(dossiers.channel == "online", 0.6, 0.05)
    return dossiers.assign(fee_due=fee, paid_online=fee & online)


def dossiers_of(rng: np.random.Generator, year: Year) -> pd.DataFrame:
    """All that happens to the dossiers of a year, as nobody but this program knows it."""
    dossiers = receive_year(rng, year)
    dossiers = finish(rng, dossiers, decide(rng, dossiers, year), year.until)
    dossiers = interrupt(rng, dossiers, year) if year.paused else dossiers.assign(paused_from=pd.NaT, paused_to=pd.NaT)
    assisted = np.zeros(len(dossiers), bool)
    assisted[pick(rng, year.assisted, dossiers.channel == "online")] = True
    return dossiers.assign(
        assisted=assisted,
        digitised=rng.random(len(dossiers)) < year.digitised,
        typed=rng.random(len(dossiers)) < 0.4,
        desk=draw(rng, len(dossiers), {"Phòng chuyên môn": 5, "Ký duyệt": 2, "Xin ý kiến": 2}),
    )


def turn_back(dossiers: pd.DataFrame) -> pd.DataFrame:
    """The same dossiers, an early one of which was resolved in time, but seven minutes before it was received."""
    in_time = (dossiers.resolved_on.dt.normalize() <= dossiers.due_on) & (dossiers.channel == "in_person")
    quick = dossiers.index == dossiers.index[in_time & dossiers.paused_from.isna()][30]
    received = dossiers.received_on.mask(quick, dossiers.received_on.dt.normalize() + pd.Timedelta(hours=10))
    resolved = dossiers.resolved_on.mask(quick, received - pd.Timedelta(minutes=7))
    return dossiers.assign(received_on=received, resolved_on=resolved)


# --- what an export shows --------------------------------------------------------------------------------------------


def written(instants: pd.Series, form: str = "%d/%m/%Y %H:%M") -> pd.Series:
    """Instants as text; empty where missing."""
    texts = pc.strftime(pa.array(instants.to_numpy().astype("datetime64[s]")), format=form)
    return pd.Series(pc.fill_null(texts, "").to_pandas().array, index=instants.index)


def as_known(dossiers: pd.DataFrame, day: str, words: Mapping[str, str]) -> pd.DataFrame:
    """The lines of an export of some day: what happened later is not there yet, and statuses are those of the day."""
    after = pd.Timestamp(day) + pd.Timedelta(days=1)
    known = dossiers.assign(**{c: dossiers[c].where(dossiers[c] < after) for c in EVENTS})
    resolved, closed = known.resolved_on.notna(), known.closed_on.notna()
    paused = known.paused_from.notna() & known.paused_to.isna() & ~resolved & ~closed
    moved = known.promised_on < after
    states = {"collected": resolved & known.collected, "done": resolved, "paused": paused, "pending": ~closed}
    state = np.select(list(states.values()), list(states), known.closed_as)
    yes_no = {True: "Có", False: "Không"}
    return known.assign(
        ended_on=known.resolved_on.fillna(known.closed_on),
        due_on=known.due_on.mask(moved, known.second_due_on),
        fee_due=known.fee_due.map(yes_no),
        paid_online=known.paid_online.map(yes_no).where(known.fee_due, ""),
        channel=known.channel.map(words),
        status=pd.Series(state, index=known.index).map(words),
        assisted=known.assisted.map(yes_no),
        waiting_for=np.select([resolved | closed, paused], ["", "Người nộp"], known.desk),
        result_digitised=known.digitised.map(yes_no).where(resolved, ""),
        unit="Sở Xây dựng",
        applicant="Tổ chức A" + (known.index + 1).astype("str"),
        address="(mẫu)",
        phone="",
    )


def spoil(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    """The lines of the register, and those that a desk leaves there: repeated, damaged, never accepted, unexplained."""
    lines = lines.astype(dict.fromkeys(["received_on", "first_due_on", "due_on", *EVENTS], object))
    usual = (lines.resolved_on.notna() & ~as_quarter(lines)).to_numpy() & (lines.index > 100)
    chosen = pick(rng, 4 + len(DAMAGED) + 2 + 1, usual)
    repeated, damaged, refused, odd = np.split(chosen[np.argsort(rng.random(len(chosen)))], [4, 4 + len(DAMAGED), -1])
    bad = lines.iloc[damaged].assign(dossier_id=lambda t: t.dossier_id.str[:-4] + "0901")
    for line, (column, text) in zip(bad.index, DAMAGED, strict=True):
        bad.loc[line, column] = text
    never = lines.iloc[refused].assign(dossier_id=lambda t: t.dossier_id.str[:-4] + "0902")
    never = never.assign(first_due_on=pd.NaT, due_on=pd.NaT)
    never = never.assign(resolved_on=pd.NaT, paused_from=pd.NaT, paused_to=pd.NaT, result_digitised="")
    never = never.assign(status="Không được tiếp nhận", channel=WORDS_2022["online"])
    lines = lines.copy()
    lines.iloc[odd, lines.columns.get_loc("result_digitised")] = "xem hồ sơ giấy"
    return pd.concat([lines, lines.iloc[repeated], bad, never]).sort_index(kind="stable")


def misdate(lines: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """The lines with one result dated a month late, and what the handbook says of it: so it counts late in the export alone."""
    resolved, due, received = (
        pd.to_datetime(lines[c], errors="coerce") for c in ("resolved_on", "first_due_on", "received_on")
    )
    wrong = resolved + pd.DateOffset(months=1)
    good = (resolved <= due.dt.normalize()) & (wrong > due + pd.Timedelta(days=1)) & (wrong.dt.day == resolved.dt.day)
    good &= (received < "2022-07-01") & ~lines.index.duplicated(keep=False) & (lines.index > 150)
    line = good.idxmax()
    lines.loc[line, "resolved_on"] = wrong[line]
    told = {"old": f"{wrong[line]:%d/%m/%Y %H:%M}", "new": f"{resolved[line]:%d/%m/%Y %H:%M}"}
    return lines, {"dossier_id": lines.dossier_id[line], **told}


def as_quarter(lines: pd.DataFrame) -> pd.Series:
    """Whether each dossier was received from July to September 2022."""
    return lines.received_on.astype("datetime64[us]").between("2022-07-01", "2022-10-01", inclusive="left")


# --- documents and meetings ------------------------------------------------------------------------------------------


def documents(rng: np.random.Generator, direction: str, year: int) -> pd.DataFrame:
    """The register of one direction and year, numbered from 1 in the order of its days."""
    parts = [register_part(rng, *part, unsigned=0.14 if year == 2021 else 0.06) for part in DOCUMENTS[direction, year]]
    table = pd.concat(parts, ignore_index=True)
    number = pd.Series(np.arange(1, len(table) + 1))
    register, first, count = LEFT_OUT
    number += count * ((number >= first) & (register == (direction, year)))
    return outgoing(rng, table, number) if direction == "di" else incoming(rng, table, number)


def register_part(
    rng: np.random.Generator, first: str, last: str, electronic: int, paper: int, *, unsigned: float
) -> pd.DataFrame:
    """Days, forms, signatures and secrecy of some documents; what is secret is on paper."""
    possible, size = working_days(first, last), electronic + paper
    is_paper = np.zeros(size, bool)
    is_paper[pick(rng, paper, np.ones(size))] = True
    signed = draw(rng, size, {"Không": unsigned, "Cá nhân": 0.08, "Cơ quan": 0.16, "Cá nhân và cơ quan": 0.7})
    return pd.DataFrame(
        {
            "day": np.sort(possible[draw_position(rng, size, np.ones(len(possible)))]),
            "Hình thức": np.where(is_paper, "Giấy", "Điện tử"),
            "Ký số": np.where(is_paper, "Không", signed),
            "Độ mật": np.where(is_paper & (rng.random(size) < 0.1), "Mật", "Thường"),
        }
    )


def outgoing(rng: np.random.Generator, table: pd.DataFrame, number: pd.Series) -> pd.DataFrame:
    """Documents that the office issued."""
    kind = pd.Series(draw(rng, len(table), {name: weight for name, (_, weight) in KINDS.items()}))
    symbol = number.astype("str") + "/" + kind.map({name: short for name, (short, _) in KINDS.items()}) + "SXD"
    known = {"Số": number, "Số ký hiệu": symbol, "Ngày ban hành": table.day, "Loại văn bản": kind}
    return pd.DataFrame({**known, "Trích yếu": "", "Nơi nhận": "", **table.drop(columns="day")})


def incoming(rng: np.random.Generator, table: pd.DataFrame, number: pd.Series) -> pd.DataFrame:
    """Documents that came in, each issued some days before."""
    kind = draw(rng, len(table), {name: weight for name, (_, weight) in KINDS.items()})
    sender = pd.Series(draw(rng, len(table), {name: weight for name, (_, weight) in SENDERS.items()}))
    of_sender = pd.Series(1 + whole(rng, np.full(len(table), 3000)))
    symbol = of_sender.astype("str") + "/" + sender.map({name: short for name, (short, _) in SENDERS.items()})
    issued = table.day - pd.to_timedelta(np.floor(-1.5 * np.log(1 - rng.random(len(table)))), unit="D")
    known = {"Số đến": number, "Ngày đến": table.day, "Số ký hiệu": symbol, "Ngày ban hành": issued}
    named = {"Cơ quan ban hành": sender, "Loại văn bản": kind, "Trích yếu": ""}
    return pd.DataFrame({**known, **named, **table.drop(columns="day")})


def handle(rng: np.random.Generator, register: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """A register with the division of each document and, of incoming ones, until when they are to be handled and when
    they were.
    """
    size = len(register)
    divisions = PROCEDURES.groupby("division").demand.sum().to_dict()
    if "Ngày đến" not in register:
        return register.assign(**{"Đơn vị soạn thảo": draw(rng, size, divisions)})
    came = register["Ngày đến"].to_numpy().astype("datetime64[D]")
    due = later(came, 3 + whole(rng, np.full(size, 13)))
    done = pd.Series(later(due, np.floor(-8 + 10 * rng.random(size) ** 0.7).astype("int64")).astype("datetime64[us]"))
    asked = rng.random(size) < 0.3
    done = done.clip(lower=register["Ngày đến"])
    return register.assign(
        **{
            "Đơn vị xử lý": draw(rng, size, divisions),
            "Hạn xử lý": pd.Series(due.astype("datetime64[us]")).where(asked),
            "Ngày hoàn thành": done.where(asked & (done <= until)),
        }
    )


def meetings(rng: np.random.Generator) -> pd.DataFrame:
    """The meetings of both years, by day."""
    parts = []
    for first, last, modes in MEETINGS:
        possible, mode = working_days(first, last), np.repeat(list(modes), list(modes.values()))
        day = possible[draw_position(rng, len(mode), np.ones(len(possible)))]
        hour = np.where(rng.random(len(mode)) < 0.6, 8 * 60, 14 * 60)
        level = draw(rng, len(mode), {"Nội bộ": 5, "Tỉnh": 4, "Bộ": 2, "Huyện": 2})
        parts.append(pd.DataFrame({"held_on": at(day, hour), "Hình thức họp": mode, "Cấp họp": level}))
    table = pd.concat(parts).sort_values("held_on", kind="stable", ignore_index=True)
    table.insert(0, "Ngày họp", written(table.held_on))
    return table.drop(columns="held_on").assign(**{"Nội dung": "(mẫu)"})


def catalogue() -> pd.DataFrame:
    """The list of procedures with their terms, as they are and as the law has them."""
    level = np.select([PROCEDURES.online >= 1, PROCEDURES.online > 0], ["Toàn trình", "Một phần"], "Cung cấp thông tin")
    return pd.DataFrame(
        {
            "Mã TTHC": PROCEDURES.procedure_code, "Tên TTHC": PROCEDURES.procedure, "Lĩnh vực": PROCEDURES.field,
            "Mức độ DVC": level, "Thời hạn giải quyết": PROCEDURES.term, "Đơn vị thời hạn": "ngày làm việc",
            "Thời hạn theo luật": PROCEDURES.procedure_code.map(LEGAL_TERMS).fillna(PROCEDURES.term).astype("int64"),
            "Có phí": np.where(PROCEDURES.procedure_code.isin(FREE), "Không", "Có"), "Cấp thực hiện": "Cấp tỉnh",
        }
    )  # fmt: skip


# --- files -----------------------------------------------------------------------------------------------------------


def titles(name: str, first: str, last: str, exported: str) -> list[str]:
    """The title block of an export."""
    return [UNIT, name, f"Từ ngày {first} đến ngày {last}", f"Ngày xuất: {exported}"]


def write_csv_2021(path: Path, lines: pd.DataFrame) -> None:
    """Lines of dossiers as the system of 2021 exported them: UTF-8 with a mark, comma, Windows line ends."""
    days = {c: written(lines[c]) for c in ("received_on", "due_on", "ended_on")}
    named = lines.assign(**days)[list(CSV_2021)].rename(columns=CSV_2021)
    named.to_csv(path, index=False, lineterminator="\r\n", encoding="utf-8-sig")


def workbook(path: Path) -> xlsxwriter.Workbook:
    """A workbook that carries no time of writing, in which text stays text."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2022, 11, 10)})
    return book


def write_table(path: Path, table: pd.DataFrame, title: Sequence[str]) -> None:
    """A title block, one row of headings, and the rows."""
    with workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, text in enumerate(title):
            sheet.write_string(row, 0, text)
        sheet.write_row(len(title), 0, table.columns)
        for position, name in enumerate(table):
            is_day = pd.api.types.is_datetime64_any_dtype(table[name])
            values = table[name].astype(object).where(table[name].notna(), None) if is_day else table[name]
            sheet.write_column(len(title) + 1, position, values, day if is_day else None)


def write_register(path: Path, lines: pd.DataFrame) -> None:
    """The register as the system of 2022 prints it: a header of two rows, a section per field, total, signatures."""
    with workbook(path) as book:
        sheet = book.add_worksheet("Sổ theo dõi")
        bold = book.add_format({"bold": True, "align": "center"})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        last = len(REGISTER)
        for row, text in enumerate(titles("SỔ THEO DÕI HỒ SƠ", "01/01/2022", "10/11/2022", "10/11/2022")):
            sheet.merge_range(row, 0, row, last, text, bold)
        write_two_rows(sheet, 5, ["STT", *REGISTER.values()], bold)
        sheet.write_row(7, 0, [f"({i + 1})" for i in range(last + 1)], bold)
        row = 8
        for field, section in lines.groupby("field", sort=False):
            sheet.merge_range(row, 0, row, last, field, bold)
            for number, line in enumerate(section.itertuples(), 1):
                sheet.write_number(row + number, 0, number)
                for position, column in enumerate(REGISTER, 1):
                    write_cell(sheet, row + number, position, getattr(line, column), instant, typed=line.typed)
            row += len(section) + 1
        sheet.merge_range(row, 0, row, 1, "TỔNG CỘNG", bold)
        sheet.write_string(row, 2, f"{len(lines)} dòng")
        sheet.write_string(row + 2, 1, "Người lập biểu")
        sheet.write_string(row + 2, last - 2, "Thủ trưởng đơn vị")


def write_two_rows(sheet: Any, row: int, headings: Sequence[str], form: Any) -> None:
    """Headings of two rows: a group stands over its columns, any other heading over both rows."""
    groups = [h.split("|")[0] for h in headings]
    for position, heading in enumerate(headings):
        group, bar, low = heading.partition("|")
        if not bar:
            sheet.merge_range(row, position, row + 1, position, heading, form)
            continue
        sheet.write_string(row + 1, position, low, form)
        if groups.index(group) == position:
            sheet.merge_range(row, position, row, position + groups.count(group) - 1, group, form)


def write_cell(sheet: Any, row: int, position: int, value: Any, instant: Any, *, typed: bool) -> None:
    """One cell; an instant is the workbook's own or, where someone typed it, text."""
    if isinstance(value, str):
        sheet.write_string(row, position, value)
    elif pd.notna(value) and typed:
        sheet.write_string(row, position, f"{value:%d/%m/%Y %H:%M}")
    elif pd.notna(value):
        sheet.write_datetime(row, position, value.to_pydatetime(), instant)


def write_html(path: Path, lines: pd.DataFrame) -> None:
    """A table of HTML under the name of a workbook, as many systems save it."""
    texts = lines.assign(**{c: written(lines[c]) for c in ["received_on", "first_due_on", "due_on", *EVENTS]})
    texts = texts[list(REGISTER)]
    wide = len(REGISTER) + 1
    title = "".join(
        f'<tr><td colspan="{wide}"><b>{html.escape(t)}</b></td></tr>\n'
        for t in titles("SỔ THEO DÕI HỒ SƠ QUÝ III", "01/07/2022", "30/09/2022", "03/10/2022")
    )
    headings = ["STT", *(h.removeprefix("Thời gian|").replace("|", " ") for h in REGISTER.values())]
    head = "".join(f"<th>{html.escape(h)}</th>" for h in headings)
    rows = ([str(i), *line] for i, line in enumerate(texts.itertuples(index=False), 1))
    body = "".join("<tr>" + "".join(f"<td>{html.escape(c) or '&nbsp;'}</td>" for c in row) + "</tr>\n" for row in rows)
    page = f'<html><head><meta charset="utf-8"></head><body>\n<table border="1">\n{title}<tr>{head}</tr>\n{body}</table>\n</body></html>\n'
    path.write_bytes(page.encode())


def write_handbook_of(path: Path, correction: Mapping[str, str]) -> None:
    """The handbook that comes with the sample, as its department filled it in."""
    path.unlink(missing_ok=True)
    write_handbook(path, vocabulary=read_vocabulary())
    book = openpyxl.load_workbook(path)
    lines = {**HANDBOOK, "corrections": [{**HANDBOOK["corrections"][0], **correction}]}
    for name, form in read_form().sheets.items():
        sheet, columns = book[form.names["vi"]], list(form.columns)
        for row, line in enumerate(lines.get(name, []), HEADINGS + 1):
            for column, value in line.items():
                sheet.cell(row, columns.index(column) + 1).value = value
    book.properties.created = datetime(2022, 11, 10)
    book.save(path)
    without_clock(path)


def without_clock(path: Path) -> None:
    """Write a workbook again without the time at which it was written."""
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    core = "docProps/core.xml"
    content[core] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2022-11-10T00:00:00Z", content[core])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, part in content.items():
            parts.writestr(zipfile.ZipInfo(name, (2022, 11, 10, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)


# --- the whole -------------------------------------------------------------------------------------------------------


def write_sample(folder: Path) -> None:
    """Every export of the sample."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, later_rng = np.random.default_rng(SEED), np.random.default_rng(SEED + 1)
    before = charge(later_rng, reappoint(later_rng, dossiers_of(rng, YEAR_2021)))
    before = before.assign(promised_on=pd.NaT)  # the system of 2021 knew one due date only
    write_csv_2021(folder / "ho-so-2021_20220105.csv", as_known(before, "2022-01-05", WORDS_2021))
    dossiers = charge(later_rng, reappoint(later_rng, turn_back(dossiers_of(rng, YEAR_2022))))
    lines = spoil(rng, as_known(dossiers, YEAR_2022.until, WORDS_2022))
    lines, correction = misdate(lines)
    write_register(folder / "so-theo-doi-ho-so_20221110.xlsx", lines)
    write_handbook_of(folder / NAME, correction)
    quarter = dossiers[as_quarter(dossiers)]
    write_html(folder / "ho-so-quy-3-2022.xls", as_known(quarter, "2022-10-03", WORDS_2022))
    for direction, year in DOCUMENTS:
        day = EXPORT_DAYS[year]
        last = f"{day[6:]}/{day[4:6]}/{year}"
        name = f"SỔ VĂN BẢN {'ĐI' if direction == 'di' else 'ĐẾN'} NĂM {year}"
        title = titles(name, f"01/01/{year}", last, last)
        register = handle(later_rng, documents(rng, direction, year), pd.Timestamp(day))
        write_table(folder / f"van-ban-{direction}-{year}_{day}.xlsx", register, title)
    meetings(rng).to_csv(folder / "cuoc-hop_20221110.csv", sep=";", index=False, lineterminator="\n", encoding="utf-8")
    write_table(folder / "danh-muc-thu-tuc.xlsx", catalogue(), [UNIT, "DANH MỤC THỦ TỤC HÀNH CHÍNH"])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--out", default=SAMPLE, type=click.Path(path_type=Path), help="The folder; data/raw/sample unless said.")
def main(out: Path) -> None:
    """Write the made-up sample anew, byte for byte the same each time."""
    write_sample(out)


if __name__ == "__main__":
    main()
