"""Identifiers: what can name a person is told from what a page counts, names and proves."""

import pytest

from analysis.identifiers import identifiers

PHONES = [
    "0900000000", "0900 000 000", "0900.000.000", "090-000-0000", "0900\xa0000\xa0000", "0900 00 00 00", "(0200) 3 800 000", "02003800000",
    "0200 3800 000", "024 3800 0000", "(024) 38 000 000", "+84 900 000 000", "+84900000000", "0084 900 000 000", "(+84) 900000000",
    "+84 (0) 900 000 000",
]  # fmt: skip
OTHERS = {
    "001099000001": "citizen_id", "001 099 000 001": "citizen_id", "001.099.000.001": "citizen_id", "100000001": "identity_card",
    "100 000 001": "identity_card", "8000000001": "tax_code", "8000000001-001": "tax_code", "nguoi.mau@example.org": "email",
}  # fmt: skip
HARMLESS = [
    "9.505", "2,734", "1.234.567", "1,234,567 và 12.345.678", "17,40\xa0%", "0,93", "0.93", "1.007767", "2.000986.000.00.00.H99",
    "0000.H99-220103-0001", "000.00.16.H99-220103-0001", "10/11/2022", "03-02-2022 10:00", "03-02-2022 10", "03.02.2022 10",
    "2022-11-10T08:30:00+07:00", "20221110", "202211100830", "20221110083000", "0123/QĐ-SXD", "ho-so-2022_20221110.xlsx",
    "4a2fa1580123456789abcdef01234567 89abcdef", "0 + 937 = 855 + 9 + 6 + 67", "2018 2019 2020 2021 2022", "1900 0000", "v3.12.0900",
    "a0900000000", "09000000001", "1.0900000000",
]  # fmt: skip


@pytest.mark.parametrize("phone", PHONES)
def test_a_telephone_number_is_known_however_it_is_grouped(phone):
    assert [each.kind for each in identifiers(f"Liên hệ: {phone}, gặp văn thư.")] == ["phone"]
    assert [each.kind for each in identifiers(phone)] == ["phone"]


@pytest.mark.parametrize(("text", "kind"), OTHERS.items())
def test_identity_numbers_tax_codes_and_addresses_are_told_apart(text, kind):
    assert [(each.kind, each.text) for each in identifiers(f"({text})")] == [(kind, text)]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_a_page_counts_names_and_proves_is_no_identifier(text):
    assert identifiers(text) == []


def test_several_in_one_text_are_all_found_in_order():
    found = identifiers("0900000000/0900000001; CCCD 001099000001 và a@example.org")
    assert [each.kind for each in found] == ["phone", "phone", "citizen_id", "email"]


def test_a_number_in_a_file_s_name_is_found():
    assert [each.text for each in identifiers("ho-so_0900000000.xlsx")] == ["0900000000"]
