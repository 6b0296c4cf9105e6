"""Made-up accounts of a desk that add up, and many ways to write one as an official would."""

from fractions import Fraction
from math import floor

from hypothesis import strategies as st


def vi(number):
    """1.234"""
    return f"{number:,}".replace(",", ".")


def en(number):
    """1,234"""
    return f"{number:,}"


def share(part, whole, decimals, mark=","):
    """A share in per cent, rounded half up."""
    scaled = floor(Fraction(100 * part, whole) * 10**decimals + Fraction(1, 2))
    digits = str(scaled).rjust(decimals + 1, "0")
    return digits if not decimals else f"{digits[:-decimals]}{mark}{digits[-decimals:]}"


COUNT = st.integers(3, 40_000)


@st.composite
def accounts(draw):
    """An account in which every identity holds."""
    a = {name: draw(COUNT) for name in ("early", "on_time", "late", "in_time", "overdue", "withdrawn", "returned")}
    a["timely"] = a["early"] + a["on_time"]
    a["resolved"] = a["timely"] + a["late"]
    a["pending"] = a["in_time"] + a["overdue"]
    a["handled"] = a["resolved"] + a["pending"] + a["withdrawn"] + a["returned"]
    a["carried"] = draw(st.integers(1, a["handled"] // 3))
    a["received"] = a["handled"] - a["carried"]
    a["online"] = draw(st.integers(1, a["received"] - 2))
    a["postal"] = draw(st.integers(1, a["received"] - a["online"] - 1))
    a["in_person"] = a["received"] - a["online"] - a["postal"]
    a["counter"] = a["in_person"] + a["postal"]
    a["decimals"] = draw(st.sampled_from([1, 2]))
    return a


def shares(a, mark=","):
    """The shares of an account, by what they are of."""
    d = a["decimals"]
    return {
        "p_online": share(a["online"], a["received"], d, mark),
        "p_counter": share(a["counter"], a["received"], d, mark),
        "p_timely": share(a["timely"], a["resolved"], d, mark),
        "p_early": share(a["early"], a["resolved"], d, mark),
        "p_late": share(a["late"], a["resolved"], d, mark),
        "p_overdue": share(a["overdue"], a["pending"], d, mark),
        "p_resolved": share(a["resolved"], a["handled"], d, mark),
    }


VIETNAMESE = [
    # (text, the figures it gives)
    "Trong năm 2022, đơn vị phải giải quyết {handled} hồ sơ, gồm: kỳ trước chuyển sang {carried} hồ sơ, tiếp nhận mới {received} hồ sơ (trực tuyến {online} hồ sơ, đạt {p_online}%; trực tiếp {in_person} hồ sơ; qua bưu chính {postal} hồ sơ). Đã giải quyết {resolved} hồ sơ, trong đó trước hạn {early} hồ sơ, đúng hạn {on_time} hồ sơ, quá hạn {late} hồ sơ ({p_late}%); đang giải quyết {pending} hồ sơ (trong hạn {in_time} hồ sơ, quá hạn {overdue} hồ sơ); công dân rút {withdrawn} hồ sơ; trả lại {returned} hồ sơ.",
    "Tổng số hồ sơ tiếp nhận trong kỳ: {received} hồ sơ (hồ sơ kỳ trước chuyển sang: {carried}). Hồ sơ đã giải quyết: {resolved}, trước và đúng hạn: {timely} ({p_timely}%), trễ hạn: {late}. Hồ sơ đang giải quyết: {pending}, còn hạn: {in_time}, quá hạn: {overdue}. Hồ sơ rút: {withdrawn}. Hồ sơ trả lại: {returned}.",
    "Quý III/2022, Sở nhận {received} HS, trong đó nộp trực tuyến {online} HS (chiếm {p_online}%), nộp trực tiếp và qua BCCI {counter} HS (chiếm {p_counter}%). Kết quả: {resolved} HS đã giải quyết, {timely} HS trước và đúng hạn, đạt tỷ lệ {p_timely}%, {late} HS trễ hạn, chiếm {p_late}%.",
    "Từ đầu năm đến nay đã có {received} hồ sơ TTHC được tiếp nhận: {online} hồ sơ qua dịch vụ công trực tuyến, {in_person} hồ sơ trực tiếp, {postal} hồ sơ qua bưu chính công ích. Số hồ sơ đã giải quyết là {resolved} hồ sơ; trong đó số hồ sơ giải quyết trước hạn là {early} hồ sơ ({p_early}%), đúng hạn là {on_time} hồ sơ, quá hạn là {late} hồ sơ.",
    "Kết quả giải quyết hồ sơ năm 2023:\n- Tổng số hồ sơ phải giải quyết: {handled};\n- Kỳ trước chuyển sang: {carried};\n- Tiếp nhận trong kỳ: {received}, trong đó: trực tuyến {online}, trực tiếp {in_person}, bưu chính {postal};\n- Đã giải quyết: {resolved} hồ sơ (trước hạn: {early}, đúng hạn: {on_time}, quá hạn: {late});\n- Đang giải quyết: {pending} hồ sơ (trong hạn: {in_time}, quá hạn: {overdue});\n- Rút hồ sơ: {withdrawn};\n- Trả lại: {returned}.",
    "Trong tổng số {handled} hồ sơ phải giải quyết có {resolved} hồ sơ đã giải quyết (đạt {p_resolved}%), {pending} hồ sơ đang giải quyết, {withdrawn} hồ sơ xin rút và {returned} hồ sơ bị trả lại. Trong số {resolved} hồ sơ đã giải quyết, có {timely} hồ sơ trước và đúng hạn, {late} hồ sơ chậm hạn.",
    "Toàn tỉnh tiếp nhận {received} hồ sơ; hồ sơ tồn kỳ trước {carried} hồ sơ; đã giải quyết xong {resolved} hồ sơ, đúng và trước hạn {timely} hồ sơ (tỷ lệ {p_timely}%), trễ hẹn {late} hồ sơ; còn {pending} hồ sơ đang giải quyết, trong đó có {overdue} hồ sơ quá hạn (chiếm {p_overdue}%) và {in_time} hồ sơ trong hạn. Ngoài ra có {withdrawn} hồ sơ do công dân rút và {returned} hồ sơ trả lại do không đủ điều kiện.",
    "Lũy kế từ đầu năm, Trung tâm tiếp nhận {received} lượt hồ sơ, bao gồm {online} hồ sơ nộp trực tuyến và {counter} hồ sơ nộp trực tiếp hoặc qua bưu chính. Đến nay đã trả kết quả {resolved} hồ sơ, gồm {early} hồ sơ trả trước hạn, {on_time} hồ sơ trả đúng hạn và {late} hồ sơ trả quá hạn.",
    "Giải quyết {resolved} hồ sơ, trong đó đúng hạn và trước hạn {timely}/{resolved} hồ sơ, đạt {p_timely}%; quá hạn {late}/{resolved} hồ sơ, chiếm {p_late}%. Hồ sơ đang giải quyết là {pending} hồ sơ, trong đó {in_time} hồ sơ đang trong thời hạn giải quyết, {overdue} hồ sơ quá thời hạn.",
    "Số liệu tháng 10/2022: hồ sơ trực tuyến {online}, hồ sơ trực tiếp {in_person}, hồ sơ qua bưu chính {postal}, tổng số hồ sơ tiếp nhận {received}. Giải quyết trước hạn {early} hồ sơ, đúng hạn {on_time} hồ sơ, quá hạn {late} hồ sơ, tổng cộng đã giải quyết {resolved} hồ sơ.",
    "Bộ phận một cửa cấp huyện: tiếp nhận {received} hồ sơ, trong đó hồ sơ trực tuyến là {online} hồ sơ ({p_online}%), hồ sơ trực tiếp là {in_person} hồ sơ, bưu chính là {postal} hồ sơ. Đã giải quyết {resolved} hồ sơ. Trong đó: trước hạn {early} hồ sơ; đúng hạn {on_time} hồ sơ; trễ hạn {late} hồ sơ.",
    "Theo Quyết định 468/QĐ-TTg, 6 tháng đầu năm 2023 Sở đã tiếp nhận và đưa vào hệ thống {received} hồ sơ thủ tục hành chính, số từ kỳ trước chuyển sang {carried} hồ sơ. Kết quả giải quyết: đã giải quyết {resolved} hồ sơ (trước hạn {early}, đúng hạn {on_time}, quá hạn {late}), chưa giải quyết {pending} hồ sơ (trong hạn {in_time}, quá hạn {overdue}), rút {withdrawn} hồ sơ, từ chối {returned} hồ sơ.",
]

ENGLISH = [
    "In 2022 the department received {received} dossiers: {online} online ({p_online}%), {in_person} in person and {postal} by post. It resolved {resolved} dossiers: {timely} early or on time, {p_timely}%, and {late} late.",
    "The desk had {handled} dossiers to resolve, of which {carried} were carried over and {received} were received. {resolved} dossiers were resolved ({early} early, {on_time} on time, {late} late), {pending} are pending ({in_time} in time, {overdue} overdue), {withdrawn} were withdrawn and {returned} were returned.",
    "Of the {received} applications received, {online} ({p_online}%) were submitted online and {counter} in person or by post. The office processed {resolved} applications, of which {timely} were on time or early, accounting for {p_timely}%, and {late} were late.",
    "Received: {received} dossiers; carried over: {carried}; resolved: {resolved}; pending: {pending}; withdrawn: {withdrawn}; returned: {returned}.",
]


def written(template, a):
    """An account written out by a template."""
    is_english = template in ENGLISH
    figures = {name: (en if is_english else vi)(value) for name, value in a.items()}
    return template.format(**figures, **shares(a, "." if is_english else ","))
