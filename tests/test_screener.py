"""A port of the Department's screening: what passes there passes here, and each fault fails by its name."""

from __future__ import annotations

import pytest

from tasks.screener import STAGES, WARNINGS, passes, screen

DATA = """\
time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,phase,pupils,share
202324,Financial year,National,E92000001,England,,,,,,Total,100,12.5
202324,Financial year,Regional,E92000001,England,E12000001,North East,,,,Total,low,x
202324,Financial year,Local authority,E92000001,England,E12000001,North East,901,E06999901,Eastmere,Total,c,z
202324,Financial year,Local authority,E92000001,England,E12000001,North East,901,E06999901,Eastmere,Primary,7,3.0
"""
META = """\
col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column
phase,Filter,Phase of school,,,,Which phase,
pupils,Indicator,Pupils,,,0,,
share,Indicator,Share of pupils,,%,1,,
"""


def screened(
    data: tuple[str, str] = ("", ""),
    meta: tuple[str, str] = ("", ""),
    name: str = "figures",
    meta_name: str = "figures",
):
    """Screen the good files with one text in them put in place of another."""
    return screen(f"{name}.csv", DATA.replace(*data).encode(), f"{meta_name}.meta.csv", META.replace(*meta).encode())


def test_good_files_pass_every_check_of_every_stage() -> None:
    told = screened()
    assert [one for one in told if one.result != "PASS"] == []
    assert [one.check for one in told] == [check for rules in STAGES.values() for check in rules]


FAULTS = {
    "filename_spaces": {"name": "my figures", "meta_name": "my figures"},
    "filename_special": {"name": "Figures", "meta_name": "Figures"},
    "filenames_match": {"meta_name": "other"},
    "col_req_data": {"data": ("geographic_level,", "level,")},
    "col_req_meta": {"meta": ("indicator_dp", "decimals")},
    "col_invalid_meta": {"meta": ("filter_hint", "filter_hunt")},
    "col_dupes": {"data": ("pupils,share", "pupils,pupils")},
    "empty_rows": {"meta": ("share,Indicator,Share of pupils,,%,1,,", ",,,,,,,")},
    "meta_col_type": {"meta": ("pupils,Indicator", "pupils,Number")},
    "meta_to_data": {"meta": ("share,Indicator", "rate,Indicator")},
    "data_to_meta": {"meta": ("share,Indicator,Share of pupils,,%,1,,\n", "")},
    "meta_ob_unit": {"meta": ("share,Indicator", "la_name,Indicator")},
    "col_snake_case": {"data": ("phase,pupils", "phase,Pupils"), "meta": ("pupils,Indicator", "Pupils,Indicator")},
    "time_id_valid": {"data": ("Financial year", "Fiscal year")},
    "time_id_mix": {"data": ("Financial year,Regional", "Financial year Q1,Regional")},
    "geog_level": {"data": ("Regional", "Region")},
    "geog_level_present": {
        "data": ("region_code,", "area_code,"),
        "meta": ("phase,F", "area_code,Filter,Area,,,,,\nphase,F"),
    },
    "time_period": {"data": ("202324,Financial year,National", "202325,Financial year,National")},
    "geog_level_completed": {"data": (",901,E06999901,Eastmere,Primary", ",901,E06999901,,Primary")},
    "geog_overcompleted_cols": {"data": ("England,,,,,", "England,E12000001,North East,,,")},
    "geog_combos": {"data": ("North East,901,E06999901,Eastmere,Primary", "North East,902,E06999901,Eastmere,Primary")},
    "geog_region_for_la": {"data": ("E12000001,North East,901", ",,901")},
    "ind_invalid_entry": {"data": ("Total,100", "Total,:")},
    "ind_numbers": {"data": ("Total,100", "Total,<5")},
    "general_dupes": {"data": ("Eastmere,Primary", "Eastmere,Total")},
    "whitespace": {"data": ("Primary,7", "Primary ,7")},
    "filter_totals": {"data": ("Total", "All")},
    "filter_blanks": {"data": ("Primary,7", ",7")},
    "meta_label": {"meta": ("Share of pupils", "Pupils")},
    "meta_col_name_dupe": {"meta": ("share,Indicator,Share", "share,Indicator,Other,,%,1,,\nshare,Indicator,Share")},
    "meta_ind_unit": {"meta": (",%,", ",per cent,")},
    "meta_ind_dp_values": {"meta": (",%,1,", ",%,one,")},
    "meta_ind_dp_set": {"meta": (",%,1,", ",%,,")},
    "meta_filter_columns": {"meta": ("Share of pupils,,%,1,,", "Share of pupils,,%,1,hint,")},
}


@pytest.mark.parametrize("check", [check for rules in STAGES.values() for check in rules])
def test_each_fault_is_found_by_its_name(check: str) -> None:
    told = screened(**FAULTS[check])
    found = {one.check: one for one in told if one.result != "PASS"}
    assert check in found, sorted(found)
    assert found[check].message
    assert passes(told) is (check in WARNINGS)


def test_a_stage_that_fails_is_the_last() -> None:
    told = screened(name="My figures", data=("geographic_level,", "level,"))
    assert {one.stage for one in told} == {"file names"}


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"a,b\n1\n", b'a,"b\n'], ids=["not UTF-8", "a short row", "an open quotation mark"]
)
def test_what_is_no_csv_is_said_to_be_none(data: bytes) -> None:
    told = screen("figures.csv", data, "figures.meta.csv", META.encode())
    assert [(one.check, one.result) for one in told] == [("file_readable", "FAIL")]
