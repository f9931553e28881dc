"""The small world `two-towns`: invented tables of one district with two towns and four villages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# 120 km apart on the parallel of 29 degrees south, where a degree of longitude is 97.25 km.
_ALPHA = (-29.0, 24.0)
_BETA = (-29.0, 25.2339)
_SETTLEMENTS = (  # code, name, municipality, population, lat, lon, kind
    ("TT-A", "ALPHA", "TT1", 24_000, *_ALPHA, "town"),
    ("TT-B", "BETA", "TT2", 16_000, *_BETA, "town"),
    ("TT-V1", "Westfield", "TT1", 5_000, -29.05, 23.75, "rural"),
    ("TT-V2", "Near Alpha", "TT1", 6_000, -28.95, 24.35, "rural"),
    ("TT-V3", "Halfway", "TT2", 4_000, -29.05, 24.70, "rural"),
    ("TT-V4", "Eastfield", "TT2", 5_000, -28.95, 25.45, "rural"),
)
_POINTS = (  # service, name, settlement, desks, days a month
    ("home_affairs", "Home Affairs ALPHA", "TT-A", 3, 21),
    ("sassa", "SASSA BETA", "TT-B", 4, 21),
    ("labour", "Labour Centre ALPHA", "TT-A", 2, 21),
    ("labour", "Labour Centre BETA", "TT-B", 2, 21),
    ("police", "SAPS ALPHA", "TT-A", 1, 30),
    ("police", "SAPS BETA", "TT-B", 1, 30),
    ("post_office", "Post Office ALPHA", "TT-A", 2, 21),
    ("post_office", "Post Office BETA", "TT-B", 2, 21),
    ("municipal_office", "Municipal Office ALPHA", "TT-A", 2, 21),
    ("municipal_office", "Municipal Office BETA", "TT-B", 2, 21),
    ("clinic", "Clinic ALPHA", "TT-A", 9, 21),
    ("clinic", "Clinic BETA", "TT-B", 6, 21),
)
PEOPLE_PER_HOUSEHOLD = 4


def tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Provinces, spaces, municipalities, settlements and neighbours, as the packaged tables have them."""
    import pandas as pd

    settlements = pd.DataFrame(
        _SETTLEMENTS, columns=["code", "name", "municipality", "population", "lat", "lon", "kind"]
    ).assign(space="TT", located="matched")
    provinces = pd.DataFrame([("TT", "Two Towns", "ALPHA", *_ALPHA)], columns=["code", "name", "capital", "lat", "lon"])
    figures = {"unemployment_rate": 0.3, "poor_share": 0.5}
    local = []
    for code, name, town, (lat, lon), area in (
        ("TT1", "Alpha", "ALPHA", _ALPHA, 6_000.0),
        ("TT2", "Beta", "BETA", _BETA, 6_000.0),
    ):
        people = settlements[settlements.municipality == code]
        local.append(
            {
                "code": code,
                "name": name,
                "category": "B",
                "miif": "B3",
                "space": "TT",
                "province": "TT",
                "town": town,
                "lat": lat,
                "lon": lon,
                "population": people.population.sum(),
                "households": people.population.sum() // PEOPLE_PER_HOUSEHOLD,
                "area_km2": area,
                **figures,
                "rural_share": people.population[people.kind == "rural"].sum() / people.population.sum(),
                "imputed": "",
            }
        )
    total = int(settlements.population.sum())
    rural = float(settlements.population[settlements.kind == "rural"].sum() / total)
    district = {
        "population": total,
        "households": total // PEOPLE_PER_HOUSEHOLD,
        "area_km2": 12_000.0,
        **figures,
        "rural_share": rural,
        "code": "TT",
        "name": "Two Towns",
        "province": "TT",
    }
    municipalities = pd.DataFrame(
        [
            {
                **district,
                "category": "C",
                "miif": "C",
                "space": "TT",
                "town": "ALPHA",
                "lat": _ALPHA[0],
                "lon": _ALPHA[1],
                "imputed": "",
            },
            *local,
        ]
    )
    spaces = pd.DataFrame(
        [
            {
                **district,
                "kind": "district",
                "seat_town": "ALPHA",
                "seat_lat": _ALPHA[0],
                "seat_lon": _ALPHA[1],
                "pilot": "no",
            }
        ]
    )
    return provinces, spaces, municipalities, settlements, pd.DataFrame({"space_a": [], "space_b": []})


def points() -> pd.DataFrame:
    """Service points of the small world; offices of one town share a site in its centre."""
    import pandas as pd

    homes = {code: (municipality, lat, lon) for code, _, municipality, _, lat, lon, _ in _SETTLEMENTS}
    rows = []
    for service, name, settlement, desks, days in _POINTS:
        municipality, lat, lon = homes[settlement]
        rows.append(
            {
                "code": f"{service}-{settlement}",
                "service": service,
                "name": name,
                "settlement": settlement,
                "municipality": municipality,
                "space": "TT",
                "lat": lat,
                "lon": lon,
                "kind": "office",
                "site": f"{settlement}/1",
                "desks": desks,
                "days_per_month": days,
                "synthetic": "yes",
            }
        )
    return pd.DataFrame(rows).sort_values("code").reset_index(drop=True)
