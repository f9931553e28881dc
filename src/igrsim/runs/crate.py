"""A study's folder described for archives and search engines: RO-Crate 1.1, JSON for linked data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CRATE = "ro-crate-metadata.json"
RELEASED = "2026-11-22"
"""Date of this version. Results are a function of the study and the version, so they bear it: the same bytes on any day."""
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CREDIT = (
    "Census 2011, Statistics South Africa; boundaries Municipal Demarcation Board; "
    "place coordinates GeoNames (geonames.org), CC BY 4.0, modified"
)
FORMATS = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".json": "application/json",
    ".toml": "application/toml",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
WORDS = {
    "study.toml": "The study as its author wrote it",
    "resolved.toml": "The study with every default filled in; run again it gives the same bytes",
    "manifest.json": "What the study was, what its numbers mean and rest on, and the checksum of every file",
    "design.parquet": "One row a cell: arm, future, world, seed, status and every varied parameter",
    "monthly.parquet": "One row a cell, month and space; one column a metric",
    "runs.parquet": "One row a cell over all months and spaces; one column a metric",
    "effects.csv": "Paired differences between arms, with intervals and verdicts",
    "checks.csv": "What had to hold, and whether it did",
    "columns.csv": "Every column of every table: unit, type, meaning",
    "report.html": "The report: sentences, tables and figures on one page",
}


def describe_folder(folder: Path, manifest: dict[str, Any], sums: dict[str, str]) -> bytes:
    """The folder's description.

    Parameters
    ----------
    manifest : dict
        Its ``run`` section is not used: the description does not depend on when and where a study was run.
    sums : dict of str to str
        SHA-256 of each file; the manifest has none, as it vouches for this description.
    """
    versions = manifest["versions"]
    arms = ", ".join(arm["name"] for arm in manifest["arms"])
    names = ["manifest.json", *sums]
    libraries = [name for name in versions if name not in ("igrsim", "model", "machine")]
    graph: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": manifest["title"],
            "description": f"Simulated results of how government coordinates in South Africa: arms {arms}, "
            f"{manifest['months']} months from {manifest['start']}, {manifest['cells']} runs",
            "datePublished": RELEASED,
            "license": {"@id": LICENCE},
            "creditText": CREDIT,
            "identifier": manifest["study_hash"],
            "hasPart": [{"@id": name} for name in names],
        },
        {"@id": LICENCE, "@type": "CreativeWork", "name": "Creative Commons Attribution 4.0 International"},
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": "The study was run",
            "description": manifest["reproduce"]["command"],
            "instrument": {"@id": "#igrsim"},
            "object": [{"@id": name} for name in ("study.toml", "resolved.toml") if name in sums],
            "result": [{"@id": name} for name in names if name not in ("study.toml", "resolved.toml")],
        },
        {
            "@id": "#igrsim",
            "@type": "SoftwareApplication",
            "name": "igrsim",
            "version": versions["igrsim"],
            "identifier": versions["model"],
            "softwareRequirements": [{"@id": f"#{name}"} for name in libraries],
        },
        *(
            {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": versions[name]}
            for name in libraries
        ),
        *(_file(folder, name, sums.get(name)) for name in names),
    ]
    context = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
    return json.dumps({"@context": context, "@graph": graph}, indent=1, ensure_ascii=False).encode()


def _file(folder: Path, name: str, digest: str | None) -> dict[str, Any]:
    about: dict[str, Any] = {"@id": name, "@type": "File", "name": name}
    if name in WORDS:
        about["description"] = WORDS[name]
    if Path(name).suffix in FORMATS:
        about["encodingFormat"] = FORMATS[Path(name).suffix]
    if digest is not None:
        about |= {"contentSize": str((folder / name).stat().st_size), "sha256": digest}
    return about
