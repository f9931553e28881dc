"""The tables of places say what their README says, and the service points follow the published counts."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from igrsim.kernel.errors import InputError
from igrsim.kernel.params import ParamSet
from igrsim.places.geography import (
    SETTLEMENT_KINDS,
    load_geography,
    load_service_points,
    read_table,
    two_towns,
    two_towns_points,
)
from igrsim.places.outlines import load_outlines, read_outlines
from igrsim.places.service_points import POINT_COLUMNS, POINT_KINDS, SERVICES
from igrsim.places.travel import (
    Travel,
    great_circle_km,
    nearest_points,
    one_way_minutes,
    one_way_rand,
)

SCRIPTS = Path(__file__).parents[2] / "scripts"
PEOPLE = 51_770_564


def offices(service: str) -> pd.DataFrame:
    points = load_service_points()
    return points[(points.service == service) & (points.kind == "office")]


def province_of_space() -> dict[str, str]:
    spaces = load_geography().spaces
    return dict(zip(spaces.codes, spaces.provinces, strict=True))


def test_country_totals() -> None:
    country = load_geography()
    assert len(country.provinces) == 9
    assert len(country.spaces) == 52
    assert country.spaces.kinds.count("metro") == 8
    assert len(country.municipalities) == 257
    assert [country.municipalities.categories.count(c) for c in "ABC"] == [8, 205, 44]
    assert len(country.settlements) == 17_030
    assert len(country.neighbours) == 119
    assert country.spaces.population.sum() == PEOPLE
    assert country.settlements.population.sum() == PEOPLE
    assert country.municipalities.population[country.municipalities.settled].sum() == PEOPLE
    assert np.array(country.spaces.codes)[country.spaces.pilot].tolist() == ["DC15", "DC36", "ETH"]


def test_tables_agree_row_by_row() -> None:
    country = load_geography()
    homes, municipalities, spaces = country.settlements, country.municipalities, country.spaces
    by_space = np.bincount(homes.space_row, weights=homes.population, minlength=len(spaces))
    np.testing.assert_array_equal(by_space, spaces.population)
    by_municipality = np.bincount(homes.municipality_row, weights=homes.population, minlength=len(municipalities))
    local = municipalities.settled
    np.testing.assert_array_equal(by_municipality[local], municipalities.population[local])
    assert [spaces.codes[row] for row in municipalities.space_row] == list(municipalities.spaces)
    districts = np.array(municipalities.codes)[~local]
    assert (districts == np.array(municipalities.spaces)[~local]).all()
    assert set(homes.kinds) == set(SETTLEMENT_KINDS)
    for table in (country.provinces, spaces, municipalities, homes):
        assert list(table.codes) == sorted(set(table.codes))


def test_tables_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load_geography().settlements.population[0] = 1


def test_left_out_what_has_no_licence() -> None:
    for name in ("spaces.csv", "municipalities.csv"):
        assert not {"audit_outcome_2024", "operating_spend_rand"} & set(read_table(name).columns)
    assert "clinic" not in "".join(read_table("service_counts.csv").service)


def test_subset_keeps_order_and_links() -> None:
    pilots = load_geography().subset(["ETH", "DC36", "DC15"])
    assert pilots.spaces.codes == ("DC15", "DC36", "ETH")
    assert pilots.provinces.codes == ("EC", "KZN", "LIM")
    assert [pilots.spaces.codes[row] for row in pilots.settlements.space_row] == list(pilots.settlements.spaces)
    assert pilots.settlements.population.sum() == pilots.spaces.population.sum()
    assert len(pilots.neighbours) == 0
    assert load_geography().subset(load_geography().spaces.codes).settlements.codes == (
        load_geography().settlements.codes
    )
    assert load_geography().province_spaces("Western Cape") == load_geography().province_spaces("WC")
    with pytest.raises(InputError, match="did you mean 'DC15'"):
        load_geography().subset(["DC115"])
    with pytest.raises(InputError, match="at least one"):
        load_geography().subset([])
    with pytest.raises(InputError, match="did you mean 'Limpopo'"):
        load_geography().province_spaces("Limpoppo")


@pytest.mark.parametrize(
    ("service", "published", "total"),
    [
        ("home_affairs", "home_affairs_offices", 309),
        ("police", "police_precincts", 1139),
        ("post_office", "post_offices_paying_grants", 1374),
    ],
)
def test_offices_a_province_match_the_published_counts(service: str, published: str, total: int) -> None:
    made = offices(service).space.map(province_of_space()).value_counts().to_dict()
    counts = read_table("service_counts.csv")
    rows = counts[(counts.service == published) & (counts.level == "province")]
    assert made == dict(zip(rows.code, rows["count"], strict=True))
    assert sum(made.values()) == total


def test_police_by_municipality_is_at_least_the_published_bound() -> None:
    counts = read_table("service_counts.csv")
    bound = counts[(counts.service == "police_precincts") & (counts.level == "municipality")]
    made = offices("police").municipality.value_counts()
    assert (made.reindex(bound.code).to_numpy() >= bound["count"].to_numpy()).all()


def test_other_counts() -> None:
    points = load_service_points()
    assert len(offices("sassa")) == 432
    assert (offices("sassa").space.map(province_of_space()) == "WC").sum() == 16
    assert len(offices("labour")) == 126
    assert len(offices("clinic")) == round(PEOPLE / 15_000)
    assert offices("clinic").municipality.nunique() == 213
    assert offices("municipal_office").municipality.nunique() == 213
    centres = offices("thusong")
    assert len(centres) == centres.municipality.nunique() == 121
    assert (centres.space.map(province_of_space()) == "NC").sum() == 5
    mobile = points[points.kind == "mobile"]
    assert len(mobile) == 973
    assert set(mobile.service) == {"sassa"}


def test_every_point_stands_at_its_settlement() -> None:
    country, points = load_geography(), load_service_points()
    assert tuple(points.columns) == POINT_COLUMNS
    assert points.code.is_unique
    assert set(points.service) == set(SERVICES)
    assert set(points.kind) == set(POINT_KINDS)
    assert set(points.synthetic) == {"yes"}
    homes = country.settlements
    row = [homes.index[code] for code in points.settlement]
    assert list(points.space) == [homes.spaces[i] for i in row]
    assert list(points.municipality) == [homes.municipalities[i] for i in row]
    away = great_circle_km(points.lat, points.lon, homes.lat[row], homes.lon[row])
    assert away.max() < 2.2
    middle = points.groupby("site")[["lat", "lon"]].transform("first")
    assert great_circle_km(points.lat, points.lon, middle.lat, middle.lon).max() < 1.0


def test_tenants_share_the_centre_and_its_site() -> None:
    points = load_service_points()
    centres = points[points.service == "thusong"].set_index("site")
    tenants = points[points.kind == "visiting"]
    assert set(tenants.site) <= set(centres.index)
    assert (tenants.lat.to_numpy() == centres.lat[tenants.site].to_numpy()).all()
    days = tenants.groupby("service").days_per_month.unique().map(list).to_dict()
    assert days == {"home_affairs": [4], "sassa": [4], "labour": [2], "municipal_office": [21]}
    for site in centres.index:
        here = points[points.site == site].service
        assert {"home_affairs", "sassa", "labour", "municipal_office"} <= set(here)


def test_desks() -> None:
    home_affairs = offices("home_affairs")
    # three an office over the country, and more where more people come to each
    assert home_affairs.desks.mean() == pytest.approx(3.0)
    by_province = home_affairs.groupby(home_affairs.space.map(province_of_space())).desks.mean()
    assert by_province["GT"] == by_province.max() > 3.0 > by_province["NC"]
    assert load_service_points().desks.min() >= 1


def test_share_of_people_within_the_norm() -> None:
    homes = load_geography().settlements
    provinces = province_of_space()
    limit = np.where([provinces[s] == "NC" for s in homes.spaces], 50.0, 25.0)
    for service, norm, share in (("home_affairs", limit, 0.869), ("sassa", np.float64(40.0), 0.953)):
        rows, _, _ = nearest_points(homes, offices(service), 1)
        stands = offices(service)
        lat, lon = stands.lat.to_numpy()[rows[:, 0]], stands.lon.to_numpy()[rows[:, 0]]
        within = great_circle_km(homes.lat, homes.lon, lat, lon) <= norm
        # Offices stand up to 2 km from their settlement's point: hence the tolerance.
        assert homes.population[within].sum() / PEOPLE == pytest.approx(share, abs=0.01)


def test_placement_is_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import place_service_points as placing  # type: ignore[import-not-found, unused-ignore]

    settlements = read_table("settlements.csv")
    municipalities = read_table("municipalities.csv")
    counts = read_table("service_counts.csv")
    # the packaged points were placed from these tables in their own order
    shuffled = settlements.sample(frac=1.0, random_state=1)
    again = placing.synthesise(shuffled, municipalities.iloc[::-1], counts)
    packaged = read_table("service_points.csv")
    assert list(again.code) == list(packaged.code)
    np.testing.assert_array_equal(again.lat.astype(float), packaged.lat)
    assert list(again.desks) == list(packaged.desks)
    sys.modules.pop("place_service_points", None)


def test_apportion_is_exact_and_keeps_minima(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from place_service_points import apportion  # type: ignore[import-not-found, unused-ignore]

    assert list(apportion([53.0, 24.0, 23.0], 7)) == [3, 2, 2]
    assert list(apportion([100.0, 1.0], 5, [0, 2])) == [3, 2]
    with pytest.raises(ValueError, match="exceed"):
        apportion([1.0], 1, [2])


# Travel


def test_distance_and_time_of_known_journeys() -> None:
    travel = ParamSet()[Travel]
    assert great_circle_km(0.0, 0.0, 0.0, 1.0) == pytest.approx(111.195, abs=0.001)
    assert great_circle_km(-33.92, 18.42, -26.20, 28.04) == pytest.approx(1262, abs=10)  # Cape Town, Johannesburg
    assert one_way_minutes(2.0, False, travel) == pytest.approx(24.0)
    assert one_way_minutes(20.0, False, travel) == pytest.approx(15 + 60)
    assert one_way_minutes(17.5, True, travel) == pytest.approx(25 + 30)
    assert one_way_minutes(80.0, False, travel) == pytest.approx(15 + 60 + 60)
    assert one_way_rand([2.0, 10.0], travel).tolist() == [0.0, 18.0]


def test_nearest_points_are_in_order_and_do_not_depend_on_k() -> None:
    homes = load_geography().subset(["DC15"]).settlements
    clinics = load_service_points(geography=load_geography().subset(["DC15"]))
    clinics = clinics[clinics.service == "clinic"]
    rows, metres, minutes = nearest_points(homes, clinics, 6)
    assert rows.shape == (len(homes), 6)
    assert (rows.dtype, metres.dtype, minutes.dtype) == (np.int32, np.int32, np.float32)
    assert (np.diff(metres.astype(np.int64), axis=1) >= 0).all()
    one = nearest_points(homes, clinics, 1)
    np.testing.assert_array_equal(one[1][:, 0], metres[:, 0])
    assert nearest_points(homes, clinics, 10_000)[0].shape[1] == len(clinics)
    with pytest.raises(ValueError, match="no points"):
        nearest_points(homes, clinics.head(0), 1)


def test_time_to_a_clinic_as_surveyed_where_people_live_in_towns() -> None:
    homes = load_geography().settlements
    minutes = nearest_points(homes, offices("clinic"), 1)[2][:, 0]
    urban = ~homes.rural
    share = homes.population[urban & (minutes < 15)].sum() / homes.population[urban].sum()
    assert 0.5 < share < 0.65


# Outlines


def test_every_space_has_an_outline_in_the_country() -> None:
    outlines = load_outlines()
    assert sorted(outlines) == list(load_geography().spaces.codes)
    for rings in outlines.values():
        for ring in rings:
            assert (ring[0] == ring[-1]).all()
            assert ring[:, 0].min() > 16
            assert ring[:, 0].max() < 33.1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("{", "not JSON"),
        ("[]", "FeatureCollection"),
        ('{"type":"FeatureCollection","features":[]}', "no features"),
        ('{"type":"FeatureCollection","features":[{"properties":{}}]}', "no properties.code"),
        ('{"type":"FeatureCollection","features":[{"properties":{"code":"DC155"}}]}', "did you mean 'DC15'"),
        (
            '{"type":"FeatureCollection","features":[{"properties":{"code":"DC15"},"geometry":{"type":"Point"}}]}',
            "Polygon",
        ),
        (
            '{"type":"FeatureCollection","features":[{"properties":{"code":"DC15"},"geometry":'
            '{"type":"Polygon","coordinates":[[[-31,28],[-31,29],[-32,29],[-31,28]]]}}]}',
            "swapped",
        ),
        (
            '{"type":"FeatureCollection","features":[{"properties":{"code":"DC15"},"geometry":'
            '{"type":"Polygon","coordinates":[[[28,-31],[29,-31],[28,-31]]]}}]}',
            "four corners",
        ),
        (
            '{"type":"FeatureCollection","features":[{"properties":{"code":"DC15"},"geometry":'
            '{"type":"Polygon","coordinates":[[["a",-31]]]}}]}',
            "not rings",
        ),
    ],
)
def test_a_wrong_boundary_file_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "mine.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        read_outlines(file)


def test_a_right_boundary_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.geojson"
    file.write_text(
        '{"type":"FeatureCollection","features":[{"properties":{"code":"DC15"},"geometry":'
        '{"type":"Polygon","coordinates":[[[28,-31],[29,-31],[29,-32],[28,-31]]]}}]}',
        encoding="utf-8",
    )
    assert read_outlines(file)["DC15"][0].shape == (4, 2)


# A user's own service points

HEADER = "code,service,name,settlement,municipality,space,lat,lon,kind,site,desks,days_per_month\n"
GOOD = 'HA-1,home_affairs,"Offisi, eMthatha",260032,BUF,BUF,-32.85,27.44,office,s1,3,21\n'


def test_a_users_points_are_read(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(("\ufeff" + HEADER + GOOD).replace("\n", "\r\n").encode())
    points = load_service_points(file)
    assert points.to_dict("records")[0]["desks"] == 3
    assert points.synthetic.tolist() == ["no"]


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        (HEADER.replace("lat,", ""), 1, "column 'lat' is missing"),
        (HEADER.replace("service", "servise"), 1, "did you mean 'servise'"),
        (HEADER.replace("name", "code"), 1, "missing"),
        (HEADER.strip() + ",colour\n" + GOOD.strip() + ",red\n", 1, "unknown column"),
        (HEADER + GOOD + GOOD, 3, "stands already on line 2"),
        (HEADER + GOOD.replace("home_affairs", "home_affair"), 2, "did you mean 'home_affairs'"),
        (HEADER + GOOD.replace("260032", "999"), 2, "unknown settlement"),
        (HEADER + GOOD.replace("BUF,-32", "BFU,-32"), 2, "unknown space"),
        (HEADER + GOOD.replace("BUF,BUF", "EC101,BUF"), 2, "lies in 'BUF'"),
        (HEADER + GOOD.replace("-32.85,27.44", "27.44,-32.85"), 2, "swapped"),
        (HEADER + GOOD.replace("-32.85", "51.5"), 2, "outside the country"),
        (HEADER + GOOD.replace("-32.85", '"-32,85"'), 2, "not a number"),
        (HEADER + GOOD.replace("-32.85", "nan"), 2, "not a number"),
        (HEADER + GOOD.replace("-32.85", "-32,85"), 2, "13 cells where the header has 12"),
        (HEADER + GOOD.replace(",3,", ',"1,000",'), 2, "not a number"),
        (HEADER + GOOD.replace(",3,", ",0,"), 2, "whole number from 1"),
        (HEADER + GOOD.replace(",21", ",32"), 2, "from 1 to 31"),
        (HEADER + GOOD.replace("s1", "=A1"), 2, "formula"),
        (HEADER + GOOD.replace("s1", ""), 2, "site is empty"),
        (HEADER + GOOD.replace("office", "shop"), 2, "unknown kind"),
        (HEADER, None, "no rows"),
        ("", None, "empty"),
        ("a\0b", None, "zero bytes"),
    ],
)
def test_a_wrong_points_file_is_refused(tmp_path: Path, text: str, line: int | None, complaint: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InputError, match=complaint) as caught:
        load_service_points(file)
    assert caught.value.line == line
    assert caught.value.file == str(file)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load_service_points(tmp_path / "none.csv")
    with pytest.raises(InputError, match="folder"):
        load_service_points(tmp_path)
    wide = tmp_path / "wide.csv"
    wide.write_bytes((HEADER + GOOD).encode("utf-16"))
    with pytest.raises(InputError, match="UTF-8"):
        load_service_points(wide)


# The small world


def test_two_towns() -> None:
    world, points = two_towns(), two_towns_points()
    assert world.spaces.codes == ("TT",)
    assert world.municipalities.codes == ("TT", "TT1", "TT2")
    assert world.municipalities.categories == ("C", "B", "B")
    assert world.settlements.population.sum() == world.spaces.population[0] == 60_000
    alpha, beta = (world.settlements.index[code] for code in ("TT-A", "TT-B"))
    homes = world.settlements
    apart = great_circle_km(homes.lat[alpha], homes.lon[alpha], homes.lat[beta], homes.lon[beta])
    assert apart == pytest.approx(120.0, abs=0.1)
    assert homes.rural.sum() == 4
    assert set(points[points.service == "home_affairs"].settlement) == {"TT-A"}
    assert set(points[points.service == "sassa"].settlement) == {"TT-B"}
    for service in set(SERVICES) - {"home_affairs", "sassa", "thusong"}:
        assert set(points[points.service == service].settlement) == {"TT-A", "TT-B"}
    assert tuple(points.columns) == POINT_COLUMNS


def test_packaged_points_of_a_part_of_the_country() -> None:
    pilot = load_geography().subset(["DC36"])
    assert set(load_service_points(geography=pilot).space) == {"DC36"}
