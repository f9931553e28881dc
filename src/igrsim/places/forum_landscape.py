"""A user's calendar of forums as the landscape of a run: members resolved, what the file does not say assumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from igrsim.kernel.errors import InputError, nearest
from igrsim.kernel.params import ParamSet
from igrsim.places.forum_calendar import (
    WHERE,
    Row,
    Silent,
    known_department,
    known_forum,
    read_calendar,
    slug,
)
from igrsim.places.geography import Geography, load_geography
from igrsim.places.institutions import Forum, Institutions, load_institutions

WORDS = {
    "locals": "locals",
    "local municipalities": "locals",
    "district": "district",
    "district municipality": "district",
    "district municipalities": "district",
    "metro": "metro",
    "metros": "metro",
    "departments": "departments",
    "sector departments": "departments",
    "salga": "salga",
}
"""Words for members, as the tables of institutions say them."""
DISTRICT_FORUMS = ("DIF", "DIF-PROVIDERS", "DIF-TECH")
"""Forums of a district that the Intergovernmental Relations Framework Act demands, with their technical structure."""
OWN_NAMES = ("district intergovernmental forum", "district coordinating forum")
"""Whole names, beside the table's own, by which a calendar may call the first of them."""
VENUES = {"national": "pretoria", "province": "capital", "space": "seat"}
"""Where forums meet if the file does not say, or names a place that is no word."""


def open_landscape(file: Path, geography: Geography) -> Institutions:
    """The institutions with a user's forums in the place of the built-in ones.

    Each of the district forums that an Act demands stays wherever the file does not name that same forum.

    Raises
    ------
    InputError
        At the first line that is wrong, or names someone who is not in the model.
    """
    known = load_institutions()
    country = load_geography()
    provinces = (*country.provinces.codes, *geography.provinces.codes)
    rows = read_calendar(file, provinces, (*country.spaces.codes, *geography.spaces.codes))
    found = [_forum(row, str(file), geography, known) for row in rows]
    kept = list(_kept(rows, known, geography))
    return replace(known, forums=(*found, *kept))


def _kept(rows: tuple[Row, ...], known: Institutions, geography: Geography) -> Iterator[Forum]:
    for fact in known.forums:
        if fact.code not in DISTRICT_FORUMS:
            continue
        own = [row.place for row in rows if statutory_code(row) == fact.code]
        if not own:
            yield fact
        elif "" not in own:
            for code, kind in zip(geography.spaces.codes, geography.spaces.kinds, strict=True):
                if kind == "district" and code not in own:
                    yield replace(fact, place=code)


def statutory_code(row: Row) -> str:
    """Which forum of the project's own table a row is, by its code or whole name; empty if it is none of them."""
    known = known_forum(row.name)
    if known is not None:
        return known.code
    return DISTRICT_FORUMS[0] if row.name.lower() in OWN_NAMES else ""


def _forum(row: Row, file: str, geography: Geography, institutions: Institutions) -> Forum:
    known = known_forum(row.name)

    def wrong(message: str) -> InputError:
        return InputError(message, file=file, line=row.line, code="E126")

    level = row.level or (known.level if known else "space")
    members: list[str] = []
    towns: list[str] = []
    seats: list[str] = []
    for word in row.members:
        kind, body = resolve(word, geography)
        if kind == "":
            options = [*WORDS, *(d.code for d in institutions.departments), *geography.municipalities.codes]
            raise wrong(f"unknown member '{word[:60]}'{nearest(word, options)}")
        {"word": members, "department": seats, "town": towns}[kind].append(body)
    if level == "national" and {"locals", "district"} & set(members):
        raise wrong(
            f"'{row.name}' is national: organised local government (salga) sits there, or municipalities by code"
        )
    kind, convener = resolve(row.convener, geography)
    if kind == "" or convener in ("locals", "departments"):
        options = [d.code for d in institutions.departments]
        raise wrong(f"unknown convener '{row.convener[:60]}'{nearest(row.convener, [*options, 'district', 'metro'])}")
    if kind == "town":
        of = geography.municipalities
        category = of.categories[of.index[convener]] if convener in of.index else "B"
        towns, convener = [*towns, *({convener} - set(towns))], {"A": "metro", "C": "district"}.get(category, "local")
    silent = ParamSet()[Silent]
    basis = row.basis if row.basis is not None else known.statutory if known else 0.0
    return Forum(
        code=known.code if known else slug(row.name),
        name=known.name if known else row.name,
        level=level,
        convener=convener,
        members=tuple(dict.fromkeys(members)),
        sectors=row.sectors,
        meetings_per_year=max(round(row.a_year), 1),
        hours=row.hours,
        delegates=row.delegates or (known.delegates if known else round(silent.delegates)),
        prep_hours=_first(row.preparation_hours, known.prep_hours if known else None, silent.preparation_hours),
        venue=WHERE.get(row.venue.lower(), known.venue if known else VENUES[level]),
        statutory=basis,
        spaces=_spaces(known, members, bool(row.place or towns)),
        basis=f"line {row.line} of a calendar of forums",
        source="",
        grade="",
        retirable=basis == 0 and (known.retirable if known else True),
        place=row.place,
        towns=tuple(towns),
        seats=tuple(dict.fromkeys(seats)),
    )


def _first(*values: float | None) -> float:
    return next(v for v in values if v is not None)


def _spaces(known: Forum | None, members: list[str], named: bool) -> str:
    """In which kinds of spaces a forum without a place meets: where there is someone to invite."""
    if known is not None:
        return known.spaces
    outside, metro = bool({"locals", "district"} & set(members)), "metro" in members
    if named or outside == metro:
        return "all"
    return "district" if outside else "metro"


def resolve(name: str, geography: Geography) -> tuple[str, str]:
    """Who a name is of.

    Returns
    -------
    kind : {"word", "department", "town", ""}
        A word for several, a department, a municipality, or nobody that the model knows.
    code : str
    """
    lower = name.lower()
    if lower in WORDS:
        return "word", WORDS[lower]
    department = known_department(name)
    if department is not None:
        return "department", department
    for towns in (geography.municipalities, load_geography().municipalities):
        for code, full in zip(towns.codes, towns.names, strict=True):
            if lower in (code.lower(), full.lower()):
                return "town", code
    return "", ""
