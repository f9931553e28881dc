"""Where service points stand: synthesis from published counts, by the hierarchy of settlements.

Office coordinates are not published with the counts, so every position here is synthetic. Nothing is
drawn at random: the same tables always give the same points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

EARTH_KM = 6371.0088
KM_PER_DEGREE = 111.195
PREFIX = {
    "home_affairs": "HA",
    "sassa": "SA",
    "labour": "LC",
    "police": "PS",
    "post_office": "PO",
    "municipal_office": "MO",
    "clinic": "CL",
    "thusong": "TC",
}
TITLE = {
    "home_affairs": "Home Affairs",
    "sassa": "SASSA",
    "labour": "Labour Centre",
    "police": "SAPS",
    "post_office": "Post Office",
    "municipal_office": "Municipal Office",
    "clinic": "Clinic",
    "thusong": "Thusong Service Centre",
}
WORKING_DAYS = 21  # days a month an office opens: 252 / 12
POLICE_DAYS = 30  # a charge office never closes
WEEKLY, FORTNIGHTLY = 4, 2
LABOUR_CENTRES = 126  # assumed
SASSA_WESTERN_CAPE = 16  # published, 2021
PEOPLE_PER_CLINIC = 15_000
PEOPLE_PER_CLINIC_DESK = 4_000
PEOPLE_PER_EXTRA_MUNICIPAL_OFFICE = 100_000
THUSONG_NORTHERN_CAPE = 5
# How far an office is taken to draw people from when it is sited: the access norm where there is one.
REACH_KM = {
    "home_affairs": 25.0,
    "sassa": 40.0,
    "labour": 40.0,
    "police": 20.0,
    "post_office": 15.0,
    "municipal_office": 20.0,
    "clinic": 10.0,
}
REACH_KM_NORTHERN_CAPE = {"home_affairs": 50.0}
MEAN_DESKS = {"home_affairs": 3, "sassa": 4, "labour": 4, "post_office": 3, "municipal_office": 2}
URBAN_KINDS = ("metro", "town", "township")
WORTHWHILE = 0.5  # a tier of towns is left when no town in it would draw half an office's share


@dataclass(frozen=True)
class Country:
    """Settlements as arrays sorted by code, and what siting needs to know of their municipalities."""

    settlements: pd.DataFrame  # code, name, municipality, space, province, population, lat, lon, kind
    municipalities: pd.DataFrame  # category A and B: code, province, population, poor_share, main (row number)
    people: NDArray[np.int64]
    xyz: NDArray[np.float64]

    @classmethod
    def of(cls, settlements: pd.DataFrame, municipalities: pd.DataFrame) -> Country:
        """Prepare the country: sort, place on the sphere, find each municipality's main town."""
        local = municipalities[municipalities.category != "C"].sort_values("code").reset_index(drop=True)
        provinces = dict(zip(local.code, local.province, strict=True))
        places = settlements.sort_values("code").reset_index(drop=True)
        places["province"] = places.municipality.map(provinces)
        xyz = on_sphere(places.lat.to_numpy(float), places.lon.to_numpy(float))
        people = places.population.to_numpy(np.int64)
        rows = {code: np.asarray(index) for code, index in places.groupby("municipality").groups.items()}
        towns = on_sphere(local.lat.to_numpy(float), local.lon.to_numpy(float))
        local["main"] = [main_town(xyz, people, rows[code], towns[i]) for i, code in enumerate(local.code)]
        return cls(places, local, people, xyz)


def on_sphere(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors of positions in degrees."""
    phi, theta = np.radians(lat), np.radians(lon)
    return np.column_stack((np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)))


def chord(km: float) -> float:
    """Straight-line distance on the unit sphere that spans this many kilometres of ground."""
    return float(2.0 * np.sin(km / EARTH_KM / 2.0))


def ground_km(chords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle kilometres of straight-line distances on the unit sphere."""
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.minimum(chords / 2.0, 1.0)))


def main_town(
    xyz: NDArray[np.float64], people: NDArray[np.int64], rows: NDArray[np.int64], town: NDArray[np.float64]
) -> int:
    """The settlement that stands for the office town: largest within 1 km, else 5 km, else nearest."""
    km = ground_km(np.linalg.norm(xyz[rows] - town, axis=1))
    for radius in (1.0, 5.0):
        near = rows[km <= radius]
        if near.size:
            return int(near[np.argmax(people[near])])
    return int(rows[np.argmin(km)])


def apportion(weights: Sequence[float], total: int, start: Iterable[int] | None = None) -> NDArray[np.int64]:
    """Share `total` out by weight (Sainte-Lague), keeping at least `start` for each."""
    shares = np.array(list(start) if start is not None else [0] * len(weights), dtype=np.int64)
    if shares.sum() > total:
        raise ValueError("the minimum shares exceed the total")
    heft = np.asarray(weights, dtype=np.float64)
    while shares.sum() < total:
        shares[np.argmax(heft / (2 * shares + 1))] += 1
    return shares


def site_offices(
    country: Country,
    rows: NDArray[np.int64],
    count: int,
    reach_km: float,
    *,
    main_first: bool = False,
    villages: bool = True,
    waiting: NDArray[np.int64] | None = None,
) -> list[int]:
    """Choose settlements for `count` offices among `rows`: main towns, then other towns, then villages.

    Each office draws its equal share of the people, nearest first, who are within reach and not yet drawn by
    another. The next office goes where it would draw most; among equals, to the place with most people of its
    own still waiting. When no one within reach is left the count starts again from the whole population.
    """
    rows = np.sort(rows)
    people = (country.people if waiting is None else waiting)[rows]
    kinds = country.settlements.kind.to_numpy()[rows]
    mains = np.isin(rows, country.municipalities.main.to_numpy())
    urban = np.isin(kinds, URBAN_KINDS) | mains
    tiers = [mains, urban] + ([np.ones(rows.size, bool)] if villages else [])
    if waiting is not None:
        tiers = tiers[-1:]
    tree = cKDTree(country.xyz[rows])
    within = []
    for here, found in enumerate(tree.query_ball_point(country.xyz[rows], chord(reach_km), return_sorted=True)):
        near = np.asarray(found)
        gaps = np.linalg.norm(country.xyz[rows[near]] - country.xyz[rows[here]], axis=1)
        within.append(near[np.argsort(gaps, kind="stable")])
    share = max(1, -(-int(people.sum()) // count))
    chosen: list[int] = []
    best = int(np.flatnonzero(mains)[0]) if main_first else None
    left = people.copy()
    drawn = np.array([left[near].sum() for near in within])
    empty = np.ones(rows.size, bool)
    while len(chosen) < count:
        if best is None:
            gain = np.minimum(drawn, share)
            # A second office in one place needs half a share of its own people still waiting.
            open_to_one = (gain > 0) & (empty | (left >= WORTHWHILE * share))
            for tier in tiers:
                candidates = np.flatnonzero(tier & open_to_one)
                if candidates.size:
                    order = np.lexsort((people[candidates], left[candidates], gain[candidates]))
                    best = int(candidates[order[-1]])
                    if gain[best] >= WORTHWHILE * share:
                        break
        if best is None:
            # Everyone within reach is drawn: start again from the whole population.
            left = people.copy()
            drawn = np.array([left[near].sum() for near in within])
            empty[:] = True
            continue
        empty[best] = False
        chosen.append(int(rows[best]))
        seats = share
        for place in within[best]:
            taken = min(seats, int(left[place]))
            if taken:
                left[place] -= taken
                drawn[within[place]] -= taken
                seats -= taken
            if not seats:
                break
        best = None
    return chosen


def counts_by_province(service_counts: pd.DataFrame, service: str) -> dict[str, int]:
    """Published provincial counts of a service."""
    rows = service_counts[(service_counts.service == service) & (service_counts.level == "province")]
    return {str(code): int(count) for code, count in zip(rows.code, rows["count"], strict=True)}


def national_count(service_counts: pd.DataFrame, service: str) -> int:
    """Published national count of a service."""
    rows = service_counts[(service_counts.service == service) & (service_counts.level == "national")]
    return int(rows["count"].iloc[0])


def office_sites(country: Country, service_counts: pd.DataFrame) -> dict[str, list[int]]:
    """Settlements of the fixed offices of every service, one entry an office."""
    places, local = country.settlements, country.municipalities
    in_province = {str(code): np.asarray(rows) for code, rows in places.groupby("province").groups.items()}
    in_municipality = {str(code): np.asarray(rows) for code, rows in places.groupby("municipality").groups.items()}
    provinces = sorted(in_province)
    people = local.groupby("province").population.sum()
    local = local.assign(poor=local.population * local.poor_share)
    poor = local.groupby("province").poor.sum()

    elsewhere = [code for code in provinces if code != "WC"]
    sassa_elsewhere = apportion(
        [poor[code] for code in elsewhere],
        national_count(service_counts, "sassa_service_centres") - SASSA_WESTERN_CAPE,
    )
    by_province = {
        "home_affairs": counts_by_province(service_counts, "home_affairs_offices"),
        "post_office": counts_by_province(service_counts, "post_offices_paying_grants"),
        "sassa": {**dict(zip(elsewhere, map(int, sassa_elsewhere), strict=True)), "WC": SASSA_WESTERN_CAPE},
        "labour": dict(
            zip(provinces, map(int, apportion([people[p] for p in provinces], LABOUR_CENTRES)), strict=True)
        ),
    }
    sites: dict[str, list[int]] = {}
    for service, counts in by_province.items():
        sites[service] = []
        for province in provinces:
            reach = REACH_KM_NORTHERN_CAPE.get(service) if province == "NC" else None
            sites[service] += site_offices(
                country,
                in_province[province],
                counts[province],
                reach or REACH_KM[service],
                villages=service == "post_office",
            )

    precincts = service_counts[
        (service_counts.service == "police_precincts") & (service_counts.level == "municipality")
    ]
    least = {str(code): int(count) for code, count in zip(precincts.code, precincts["count"], strict=True)}
    police_totals = counts_by_province(service_counts, "police_precincts")
    police: dict[str, int] = {}
    for province in provinces:
        group = local[local.province == province]
        shares = apportion(
            group.population.tolist(),
            police_totals[province],
            [max(1, least.get(code, 0)) for code in group.code],
        )
        police.update(zip(group.code, map(int, shares), strict=True))
    clinics = apportion(
        local.population.tolist(), round(int(local.population.sum()) / PEOPLE_PER_CLINIC), [1] * len(local)
    )
    by_municipality = {
        "police": police,
        "clinic": dict(zip(local.code, map(int, clinics), strict=True)),
        "municipal_office": {
            code: 1 + int(people_here) // PEOPLE_PER_EXTRA_MUNICIPAL_OFFICE
            for code, people_here in zip(local.code, local.population, strict=True)
        },
    }
    for service, counts in by_municipality.items():
        sites[service] = []
        for municipality in sorted(counts):
            sites[service] += site_offices(
                country,
                in_municipality[municipality],
                counts[municipality],
                REACH_KM[service],
                main_first=service != "clinic",
            )
    return sites


def thusong_sites(country: Country, service_counts: pd.DataFrame) -> list[int]:
    """Settlements of the operational Thusong centres, one a municipality: where most poor people live.

    Provinces share them by number of municipalities (the Northern Cape's five are published); the largest
    township houses the centre, or the main town where there is none; in a metro its most peopled place.
    """
    local = country.municipalities.assign(poor=country.municipalities.population * country.municipalities.poor_share)
    total = national_count(service_counts, "thusong_service_centres_operational")
    provinces = sorted(set(local.province) - {"NC"})
    quotas = apportion([float((local.province == code).sum()) for code in provinces], total - THUSONG_NORTHERN_CAPE)
    quota = {"NC": THUSONG_NORTHERN_CAPE, **dict(zip(provinces, map(int, quotas), strict=True))}
    sites = []
    for province in sorted(quota):
        ranked = local[local.province == province].sort_values(["poor", "code"], ascending=[False, True])
        for row in ranked.head(quota[province]).itertuples():
            places = country.settlements[country.settlements.municipality == row.code]
            homes = places[places.kind.isin(["township", "metro"])]
            sites.append(int(homes.population.idxmax()) if len(homes) else int(row.main))
    return sorted(sites)


def mobile_sites(country: Country, service_counts: pd.DataFrame, sassa: list[int]) -> list[int]:
    """Settlements SASSA's mobile teams visit: people farther than 15 km from an office, most first."""
    far = nearest_km(country, sassa) > 15.0
    waiting = np.where(far, country.people, 0)
    places = country.settlements
    provinces = sorted(places.province.unique())
    weights = [float(waiting[(places.province == code).to_numpy()].sum()) for code in provinces]
    counts = apportion(weights, national_count(service_counts, "sassa_mobile_service_points"))
    sites: list[int] = []
    for province, count in zip(provinces, counts, strict=True):
        if count:
            rows = np.flatnonzero((places.province == province).to_numpy())
            sites += site_offices(country, rows, int(count), 10.0, waiting=waiting)
    return sites


def nearest_km(country: Country, sites: list[int]) -> NDArray[np.float64]:
    """Great-circle km from every settlement to the nearest of `sites`."""
    gaps, _ = cKDTree(country.xyz[np.unique(sites)]).query(country.xyz)
    return ground_km(np.asarray(gaps))


def desks(country: Country, service: str, sites: list[int]) -> list[int]:
    """Desks of each office, by the people nearer to it than to any other office of the service."""
    if service == "police":
        return [1] * len(sites)
    stands, office_at = np.unique(np.asarray(sites), return_inverse=True)
    _, nearest = cKDTree(country.xyz[stands]).query(country.xyz)
    drawn = np.bincount(nearest, weights=country.people, minlength=stands.size)
    catchment = (drawn / np.bincount(office_at))[office_at]
    if service == "clinic":
        return [max(1, round(people / PEOPLE_PER_CLINIC_DESK)) for people in catchment]
    # posts follow people over the whole country, or the few offices of the metros would drown on paper
    shared = apportion(catchment.tolist(), MEAN_DESKS[service] * len(sites), [1] * len(sites))
    return [int(n) for n in shared]


def fraction(*key: object) -> float:
    """A number in [0, 1) fixed by its key: the stand-in for chance where a table must not change."""
    digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def stand(country: Country, settlement: int, service: str, ordinal: int) -> tuple[str, float, float]:
    """Site and coordinates of one office within its settlement.

    Every place has a centre; a place of 10,000 people has a second site 1.8 km away, one of 30,000 a third.
    Offices of a site stand within 0.3 km of its middle, so on foot they are one errand.
    """
    place = country.settlements.iloc[settlement]
    sites = 1 + (int(place.population) >= 10_000) + (int(place.population) >= 30_000)
    site = (
        0
        if service in ("municipal_office", "thusong") and ordinal == 1
        else int(fraction("site", service, place.code, ordinal) * sites)
    )
    lat, lon = float(place.lat), float(place.lon)
    if site:
        lat, lon = moved(lat, lon, 1.8, fraction("ring", place.code) + 0.5 * (site - 1))
    if service != "thusong":
        lat, lon = moved(
            lat,
            lon,
            0.05 + 0.25 * fraction("km", service, place.code, ordinal),
            fraction("bearing", service, place.code, ordinal),
        )
    return f"{place.code}/{site + 1}", lat, lon


def moved(lat: float, lon: float, km: float, turn: float) -> tuple[float, float]:
    """A position moved by `km` in the direction `turn` (0-1 of a full circle)."""
    north, east = km * np.cos(2 * np.pi * turn), km * np.sin(2 * np.pi * turn)
    return lat + north / KM_PER_DEGREE, lon + east / (KM_PER_DEGREE * float(np.cos(np.radians(lat))))


def synthesise(settlements: pd.DataFrame, municipalities: pd.DataFrame, service_counts: pd.DataFrame) -> pd.DataFrame:
    """All service points of the country as one table, in the order of their codes."""
    country = Country.of(settlements, municipalities)
    places = country.settlements
    ordinals: dict[tuple[str, int], int] = {}
    namesakes: dict[tuple[str, str], int] = {}
    points: list[dict[str, object]] = []

    def add(
        service: str,
        settlement: int,
        kind: str,
        n_desks: int,
        days: int,
        where: tuple[str, float, float] | None = None,
    ) -> None:
        ordinal = ordinals[service, settlement] = ordinals.get((service, settlement), 0) + 1
        place = places.iloc[settlement]
        site, lat, lon = where or stand(country, settlement, service, ordinal)
        namesake = namesakes[service, place["name"]] = namesakes.get((service, place["name"]), 0) + 1
        manner = {"office": "", "visiting": " (visiting)", "mobile": " (mobile stop)"}[kind]
        points.append(
            {
                "code": f"{PREFIX[service]}-{place.code}-{ordinal}",
                "service": service,
                "name": f"{TITLE[service]} {place['name']}{f' {namesake}' if namesake > 1 else ''}{manner}",
                "settlement": place.code,
                "municipality": place.municipality,
                "space": place.space,
                "lat": f"{lat:.4f}",
                "lon": f"{lon:.4f}",
                "kind": kind,
                "site": site,
                "desks": n_desks,
                "days_per_month": days,
                "synthetic": "yes",
            }
        )

    offices = office_sites(country, service_counts)
    for service in sorted(offices):
        for settlement, n_desks in zip(offices[service], desks(country, service, offices[service]), strict=True):
            add(service, settlement, "office", n_desks, POLICE_DAYS if service == "police" else WORKING_DAYS)
    for settlement in mobile_sites(country, service_counts, offices["sassa"]):
        add("sassa", settlement, "mobile", 2, WEEKLY)
    tenants = (
        ("home_affairs", WEEKLY),
        ("sassa", WEEKLY),
        ("labour", FORTNIGHTLY),
        ("municipal_office", WORKING_DAYS),
    )
    at_site = {(str(point["service"]), str(point["site"])) for point in points if point["kind"] == "office"}
    for settlement in thusong_sites(country, service_counts):
        where = stand(country, settlement, "thusong", 1)
        add("thusong", settlement, "office", 1, WORKING_DAYS, where)
        for service, days in tenants:
            # A department whose own office stands at the same site is the tenant already.
            if (service, where[0]) not in at_site:
                add(service, settlement, "visiting", 1, days, where)
    return pd.DataFrame(points).sort_values("code").reset_index(drop=True)


def share_within_norm(settlements: pd.DataFrame, municipalities: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Share of people within 25 km (Northern Cape 50 km) of Home Affairs, 40 km of SASSA offices."""
    country = Country.of(settlements, municipalities)
    places = country.settlements
    row_of = {code: row for row, code in enumerate(places.code)}
    limit = np.where(places.province == "NC", 50.0, 25.0)
    table = places.assign(people=country.people)
    for service, norm in (("home_affairs", limit), ("sassa", np.full(len(places), 40.0))):
        chosen = points[(points.service == service) & (points.kind == "office")].settlement
        table[service] = np.where(nearest_km(country, [row_of[code] for code in chosen]) <= norm, table.people, 0)
    by_province = table.groupby("province")[["people", "home_affairs", "sassa"]].sum()
    by_province.loc["nation"] = by_province.sum()
    return by_province[["home_affairs", "sassa"]].div(by_province.people, axis=0)
