"""Make the geography tables of the package from a folder of reference tables.

Usage: python scripts/build_tables.py DIR. Deterministic: twice the same input gives the same bytes.
Needs shapely (for the outlines only) besides the package's own requirements.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import place_service_points as placing

OUT = Path(__file__).parents[1] / "src" / "igrsim" / "places" / "tables"
PROVINCES = {  # province: code, capital, settlement point or municipality whose town is the capital
    "Eastern Cape": ("EC", "Bhisho", "settlement 260032"),
    "Free State": ("FS", "Bloemfontein", "town MAN"),
    "Gauteng": ("GT", "Johannesburg", "town JHB"),
    "KwaZulu-Natal": ("KZN", "Pietermaritzburg", "town KZN225"),
    "Limpopo": ("LIM", "Polokwane", "town LIM354"),
    "Mpumalanga": ("MP", "Mbombela", "town MP326"),
    "Northern Cape": ("NC", "Kimberley", "town NC091"),
    "North West": ("NW", "Mahikeng", "town NW383"),
    "Western Cape": ("WC", "Cape Town", "town CPT"),
}
CODE_OF = {name: code for name, (code, _, _) in PROVINCES.items()}
LAND_CRS_KM = 111.195
HULL_RATIO = 0.035
HULL_BUFFER_DEGREES = 0.05
LARGE_HOLE_KM2 = 15_000  # keeps Lesotho, closes thinly settled gaps


def read(folder: Path, name: str) -> pd.DataFrame:
    """A reference table with its text as it stands, sorted by code where it has one."""
    return pd.read_csv(folder / name, dtype=str, keep_default_na=False)


def write(table: pd.DataFrame, name: str) -> None:
    """Write one table: UTF-8, comma, Unix line ends."""
    table.to_csv(OUT / name, index=False, lineterminator="\n", encoding="utf-8")


def spaces_table(folder: Path) -> pd.DataFrame:
    """The 52 coordination spaces; audit outcomes are left out for want of a licence."""
    table = read(folder, "spaces.csv").rename(columns={"ddm_pilot": "pilot"})
    table["province"] = table.province.map(CODE_OF)
    return table[
        [
            "code",
            "name",
            "province",
            "kind",
            "seat_town",
            "seat_lat",
            "seat_lon",
            "population",
            "households",
            "area_km2",
            "unemployment_rate",
            "poor_share",
            "rural_share",
            "pilot",
        ]
    ].sort_values("code")


def municipalities_table(folder: Path, spaces: pd.DataFrame) -> pd.DataFrame:
    """The 257 municipalities: 8 metros (A), 205 local (B), 44 districts (C, with their space's figures)."""
    local = read(folder, "municipalities.csv").rename(
        columns={
            "miif_category": "miif",
            "space_code": "space",
            "main_town": "town",
            "town_lat": "lat",
            "town_lon": "lon",
        }
    )
    local["province"] = local.province.map(CODE_OF)
    local["imputed"] = local.imputed.str.replace("town_lat", "lat").str.replace("town_lon", "lon")
    district = spaces[spaces.kind == "district"].rename(
        columns={"seat_town": "town", "seat_lat": "lat", "seat_lon": "lon"}
    )
    district = district.assign(category="C", miif="C", space=district.code, imputed="")
    columns = [
        "code",
        "name",
        "category",
        "miif",
        "space",
        "province",
        "town",
        "lat",
        "lon",
        "population",
        "households",
        "area_km2",
        "unemployment_rate",
        "poor_share",
        "rural_share",
        "imputed",
    ]
    return pd.concat([local[columns], district[columns]]).sort_values("code")


def settlements_table(folder: Path) -> pd.DataFrame:
    """The settlement points where people live."""
    table = read(folder, "places.csv").rename(
        columns={"place_id": "code", "municipality_code": "municipality", "space_code": "space"}
    )
    return table[["code", "name", "municipality", "space", "population", "lat", "lon", "located", "kind"]].sort_values(
        "code"
    )


def provinces_table(municipalities: pd.DataFrame, settlements: pd.DataFrame) -> pd.DataFrame:
    """The nine provinces and their capitals."""
    rows = []
    for name, (code, capital, where) in PROVINCES.items():
        kind, key = where.split()
        source = settlements if kind == "settlement" else municipalities
        spot = source[source.code == key].iloc[0]
        rows.append({"code": code, "name": name, "capital": capital, "lat": spot.lat, "lon": spot.lon})
    return pd.DataFrame(rows).sort_values("code")


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its figures as numbers, for computing."""
    columns = [
        c
        for c in (
            "population",
            "households",
            "area_km2",
            "unemployment_rate",
            "poor_share",
            "rural_share",
            "lat",
            "lon",
        )
        if c in table
    ]
    return table.assign(**{c: pd.to_numeric(table[c]) for c in columns})


def outlines(settlements: pd.DataFrame) -> dict[str, Any]:
    """Outlines of the spaces from settlement points alone: nearest-point cells, dissolved and clipped."""
    import shapely
    from scipy.spatial import Voronoi

    ordered = settlements.sort_values("code")
    squeeze = float(np.cos(np.radians(29.0)))  # equal scale east-west and north-south in mid-country
    points = np.column_stack((ordered.lon.to_numpy(float) * squeeze, ordered.lat.to_numpy(float)))
    frame = np.array([[-60, -30], [100, -30], [22, -120], [22, 60]], dtype=float)  # closes the outer cells
    diagram = Voronoi(np.vstack((points, frame)))
    hull = shapely.concave_hull(shapely.multipoints(points), ratio=HULL_RATIO, allow_holes=True)
    hull = hull.buffer(HULL_BUFFER_DEGREES)
    parts = []
    for part in shapely.get_parts(hull):
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area * LAND_CRS_KM**2 > LARGE_HOLE_KM2]
        parts.append(shapely.Polygon(part.exterior, holes))
    country = shapely.union_all(parts)
    codes, shapes = [], []
    labels = ordered.space.to_numpy()
    for code in sorted(set(labels)):
        cells = [
            shapely.Polygon(diagram.vertices[diagram.regions[diagram.point_region[i]]])
            for i in np.flatnonzero(labels == code)
        ]
        codes.append(code)
        shapes.append(shapely.intersection(shapely.union_all(cells, grid_size=1e-6), country, grid_size=1e-6))
    shapes = shapely.coverage_simplify(np.array(shapes, dtype=object), 0.018)
    features = []
    for code, shape in zip(codes, shapes, strict=True):
        solid = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        largest = max(part.area for part in solid)
        coordinates = []
        for part in solid:
            if part.area < max(0.002 * largest, 0.0005):  # specks a few km2 in size say nothing about a space
                continue
            rings = [part.exterior, *(r for r in part.interiors if shapely.Polygon(r).area > 0.0005)]
            coordinates.append([[[round(x / squeeze, 3), round(y, 3)] for x, y in ring.coords] for ring in rings])
        features.append(
            {
                "type": "Feature",
                "properties": {"code": code},
                "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
            }
        )
    return {
        "type": "FeatureCollection",
        "name": "approximate outlines computed from settlement points; not legal boundaries",
        "features": features,
    }


def overlap_with(reference: Path, made: dict[str, Any]) -> dict[str, float]:
    """Area shared with the simplified real outlines over area of both (1 is perfect), by space."""
    import shapely
    from shapely.geometry import shape

    real = {
        f["properties"]["code"]: shapely.make_valid(shape(f["geometry"]))
        for f in json.loads(reference.read_text(encoding="utf-8"))["features"]
    }
    result = {}
    for feature in made["features"]:
        code = feature["properties"]["code"]
        ours = shapely.make_valid(shape(feature["geometry"]))
        result[code] = float(ours.intersection(real[code]).area / ours.union(real[code]).area)
    return result


def main(folder: Path) -> None:
    """Make every geography table and print what the README reports."""
    OUT.mkdir(parents=True, exist_ok=True)
    spaces = spaces_table(folder)
    municipalities = municipalities_table(folder, spaces)
    settlements = settlements_table(folder)
    service_counts = read(folder, "service_counts.csv")
    write(provinces_table(municipalities, settlements), "provinces.csv")
    write(spaces, "spaces.csv")
    write(municipalities, "municipalities.csv")
    write(settlements, "settlements.csv")
    write(read(folder, "neighbours.csv"), "neighbours.csv")
    write(service_counts, "service_counts.csv")

    made = outlines(settlements)
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"
    (OUT / "territories.json").write_text(text, encoding="utf-8", newline="\n")
    print(f"territories.json: {len(text.encode()) / 1000:.0f} kB")
    real = folder / "space_boundaries.geojson"
    if real.exists():
        overlap = overlap_with(real, made)
        worst = sorted(overlap, key=lambda code: overlap[code])[:3]
        print(
            f"overlap with simplified real outlines (IoU): mean {np.mean(list(overlap.values())):.3f}; worst "
            + ", ".join(f"{code} {overlap[code]:.3f}" for code in worst)
        )

    points = placing.synthesise(numbers(settlements), numbers(municipalities), service_counts)
    write(points, "service_points.csv")
    print(points.groupby(["service", "kind"]).agg(points=("code", "size"), desks=("desks", "sum")).to_string())
    shares = placing.share_within_norm(numbers(settlements), numbers(municipalities), points)
    print("share of people within the norm (great-circle km, fixed offices):")
    print(shares.round(3).to_string())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/build_tables.py DIR")
    main(Path(sys.argv[1]))
