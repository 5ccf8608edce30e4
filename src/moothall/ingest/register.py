"""Builds the register of areas out of published registers and hand-made corrections."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from moothall.core.areas import PRINCIPAL_CLASSES, REGIONS, AreaClass, RegisterError
from moothall.ingest.vault import write_atomically

AREA_SOURCES = ("mysociety", "els_areas", "ons_changes", "ons_ltla14", "digital_land", "govuk", "dfe")
"""The keys `build_register` needs; every other key given is an outturn workbook with E-codes beside ONS codes."""

_CLASS_OF_TYPE = {
    "NMD": AreaClass.DISTRICT,
    "CTY": AreaClass.COUNTY,
    "UA": AreaClass.UNITARY,
    "LBO": AreaClass.LONDON_BOROUGH,
    "MD": AreaClass.METROPOLITAN,
    "CC": AreaClass.CITY_OF_LONDON,
}
# Start days before this in the published register are mostly the days its web pages were made.
_REGISTER_BEGINS = date(2009, 4, 1)

_AREA_COLUMNS = ("area_code", "name", "official_name", "area_class", "region_code", "opened", "closed", "slug")
_MEMBERSHIP_COLUMNS = ("area_code", "parent_code", "kind", "since", "until")
_SUCCESSION_COLUMNS = ("predecessor_code", "successor_code", "day", "kind", "note")
_ALIAS_COLUMNS = ("scheme", "alias", "area_code")


@dataclass(frozen=True, slots=True)
class RegisterTables:
    """The register as four frames of text columns, days as ISO text, null for none; each sorted by its key."""

    areas: pl.DataFrame
    memberships: pl.DataFrame
    successions: pl.DataFrame
    aliases: pl.DataFrame


@dataclass(slots=True)
class _Council:
    code: str
    name: str
    official_name: str
    area_class: AreaClass
    region_code: str
    opened: date | None
    closed: date | None
    slug: str = ""
    county: str | None = None


@dataclass(slots=True)
class _Draft:
    """The register while it is being put together, with every disagreement found on the way."""

    areas: dict[str, _Council] = field(default_factory=dict)
    memberships: set[tuple[str, str, str, date | None, date | None]] = field(default_factory=set)
    successions: dict[tuple[str, str], tuple[date, str, str]] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)


def build_register(raw: Mapping[str, bytes], corrections: Mapping[str, Any]) -> RegisterTables:
    """Put the register together from the published files (bytes by source key) and the hand-made corrections.

    Raises RegisterError listing every point on which the files disagree and no correction decides, and KeyError for a
    source that is not given.
    """
    draft = _Draft()
    published = [row for row in _read_csv(raw["mysociety"]) if row["nation"] == "England"]
    ons = {row["areacd"]: row for row in json.loads(raw["els_areas"]).values()}
    recoded = {row["predecessor"]: row["successor"] for row in corrections["recodes"]}
    _draft_councils(draft, published, ons, recoded, _read_csv(raw["ons_ltla14"]), corrections)
    _draft_authorities(draft, corrections)
    _draft_counties(draft, published, _read_csv(raw["ons_ltla14"]), _read_csv(raw["govuk"]), corrections)
    _draft_memberships(draft, ons, corrections)
    _draft_successions(draft, published, _read_csv(raw["ons_changes"]), corrections)
    _draft_code_aliases(draft, published, recoded)
    _draft_dfe_aliases(draft, raw["dfe"], corrections)
    _draft_ecode_aliases(draft, raw, corrections)
    _assign_slugs(draft)
    if draft.conflicts:
        raise RegisterError("the register's sources disagree:\n" + "\n".join(sorted(draft.conflicts)))
    return _tabulate(draft)


def write_register(tables: RegisterTables, directory: Path) -> list[Path]:
    """Write the four CSV files, each replaced in one step and only if its bytes change; return the paths changed."""
    changed: list[Path] = []
    for name in ("areas", "memberships", "successions", "aliases"):
        path = directory / f"{name}.csv"
        content: bytes = getattr(tables, name).write_csv(line_terminator="\n").encode("utf-8")
        if path.exists() and path.read_bytes() == content:
            continue
        write_atomically(path, content)
        changed.append(path)
    return changed


def _read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _draft_councils(
    draft: _Draft,
    published: Iterable[Mapping[str, str]],
    ons: Mapping[str, Mapping[str, Any]],
    recoded: Mapping[str, str],
    lookup_2014: Iterable[Mapping[str, str]],
    corrections: Mapping[str, Any],
) -> None:
    region_codes = {name.casefold(): code for code, name in REGIONS.items()}
    region_2014 = {recoded.get(row["ltlacd"], row["ltlacd"]): row["rgncd"] for row in lookup_2014}
    for row in published:
        if row["local-authority-type"] not in _CLASS_OF_TYPE:
            continue
        code = recoded.get(row["gss-code"], row["gss-code"])
        if code not in ons:
            draft.conflicts.append(f"{code} {row['nice-name']}: unknown to ONS")
            continue
        region = region_codes.get(row["region"].casefold(), "")
        if code in region_2014:
            if region and region != region_2014[code]:
                draft.conflicts.append(f"{code}: region {region} in one file, {region_2014[code]} in another")
            region = region or region_2014[code]
        draft.areas[code] = _Council(
            code=code,
            name=re.sub(r", (City|County) of$", "", ons[code]["areanm"]),
            official_name=" ".join(row["official-name"].split()),
            area_class=_CLASS_OF_TYPE[row["local-authority-type"]],
            region_code=region,
            opened=_read_opening(row["start-date"]),
            closed=_read_closing(row["end-date"]),
        )
    for fix in corrections["classes"]:
        draft.areas[fix["code"]].area_class = AreaClass(fix["area_class"])
    for fix in corrections["names"]:
        area = draft.areas[fix["code"]]
        area.name = fix.get("name", area.name)
        area.official_name = fix.get("official_name", area.official_name)
    for fix in corrections["regions"]:
        draft.areas[fix["code"]].region_code = fix["region_code"]
    for code, row in ons.items():
        if code[:3] in ("E06", "E07", "E08", "E09", "E10") and code not in draft.areas and code not in recoded:
            draft.conflicts.append(f"{code} {row['areanm']}: known to ONS, not to the register of councils")


def _read_opening(text: str) -> date | None:
    day = date.fromisoformat(text) if text else None
    return day if day is not None and day >= _REGISTER_BEGINS else None


def _read_closing(text: str) -> date | None:
    """Read a last day or a first day without: the published register mixes 31 March and 1 April."""
    if not text:
        return None
    day = date.fromisoformat(text)
    return day + timedelta(days=1) if (day.month, day.day) == (3, 31) else day


def _draft_authorities(draft: _Draft, corrections: Mapping[str, Any]) -> None:
    for row in corrections["authorities"]:
        draft.areas[row["code"]] = _Council(
            code=row["code"],
            name=row["name"],
            official_name=row["official_name"],
            area_class=AreaClass(row["area_class"]),
            region_code=row["region_code"],
            opened=row.get("opened"),
            closed=row.get("closed"),
        )


def _draft_counties(
    draft: _Draft,
    published: Iterable[Mapping[str, str]],
    lookup_2014: Iterable[Mapping[str, str]],
    govuk: Iterable[Mapping[str, str]],
    corrections: Mapping[str, Any],
) -> None:
    by_letters = {row["local-authority-code"]: row["gss-code"] for row in published}
    fixed = {row["code"]: row["county"] for row in corrections["counties"]}
    in_2014 = {row["ltlacd"]: row["ctycd"] for row in lookup_2014}
    councils = list(govuk)
    by_id = {row["id"]: row["gss"] for row in councils}
    today = {row["gss"]: by_id.get(row["parent_local_authority_id"]) for row in councils if row["tier_id"] == "2"}
    for row in published:
        code = row["gss-code"]
        area = draft.areas.get(code)
        if area is None or area.area_class is not AreaClass.DISTRICT:
            continue
        area.county = fixed.get(code, by_letters.get(row["county-la"], ""))
        for other, where in ((in_2014.get(code), "2014 lookup"), (today.get(code), "GOV.UK")):
            if other and other != area.county:
                draft.conflicts.append(f"{code} {area.name}: county {area.county}, {other} in the {where}")
    for county in draft.areas.values():
        regions = {area.region_code for area in draft.areas.values() if area.county == county.code}
        if not county.region_code and len(regions) == 1:
            county.region_code = regions.pop()
        elif not county.region_code:
            draft.conflicts.append(f"{county.code} {county.name}: no region")
        elif regions - {county.region_code}:
            theirs = " and ".join(sorted(regions))
            draft.conflicts.append(f"{county.code} {county.name}: region {county.region_code}, its districts {theirs}")


def _draft_memberships(draft: _Draft, ons: Mapping[str, Mapping[str, Any]], corrections: Mapping[str, Any]) -> None:
    for area in draft.areas.values():
        if area.county:
            _add_membership(draft, area.code, area.county, "county")
    for parent in draft.areas.values():
        if parent.area_class in (AreaClass.COMBINED_AUTHORITY, AreaClass.COMBINED_COUNTY_AUTHORITY):
            for child in ons[parent.code]["children"]:
                if child in draft.areas:
                    _add_membership(draft, child, parent.code, "combined_authority")
    for group in corrections["memberships"]:
        for code in group["members"]:
            _add_membership(draft, code, group["parent"], group["kind"])


def _add_membership(draft: _Draft, code: str, parent_code: str, kind: str) -> None:
    """Record a membership for as long as both existed."""
    area, parent = draft.areas[code], draft.areas[parent_code]
    since = max((d for d in (area.opened, parent.opened) if d), default=None)
    until = min((d for d in (area.closed, parent.closed) if d), default=None)
    if since is None or until is None or since < until:
        draft.memberships.add((code, parent_code, kind, since, until))


def _draft_successions(
    draft: _Draft,
    published: Iterable[Mapping[str, str]],
    changes: Iterable[Mapping[str, str]],
    corrections: Mapping[str, Any],
) -> None:
    by_letters = {row["local-authority-code"]: row["gss-code"] for row in published}
    notes = {(row["predecessor"], row["successor"]): row["note"] for row in corrections["succession_notes"]}
    for row in published:
        area = draft.areas.get(row["gss-code"])
        if area is None or area.closed is None or area.area_class not in PRINCIPAL_CLASSES:
            continue
        successors = [by_letters[letters.strip()] for letters in row["replaced-by"].split(",") if letters.strip()]
        if not successors:
            draft.conflicts.append(f"{area.code} {area.name}: closed without a successor")
        for successor in successors:
            kind = "split" if len(successors) > 1 else "merge"
            note = notes.get((area.code, successor), "")
            draft.successions[area.code, successor] = (area.closed, kind, note)
            if draft.areas[successor].opened != area.closed:
                draft.conflicts.append(f"{area.code} closed {area.closed}, but {successor} did not open that day")
    for change in changes:
        if change["type"] == "merger" and change["oldcd"][:3] in ("E06", "E07", "E08", "E09", "E10"):
            found = draft.successions.get((change["oldcd"], change["newcd"]))
            if found is None or found[0].year != int(change["start"]):
                draft.conflicts.append(f"{change['oldcd']} to {change['newcd']} in {change['start']}: only ONS has it")
    for row in [*corrections["successions"], *corrections["recodes"]]:
        draft.successions[row["predecessor"], row["successor"]] = (row["day"], row["kind"], row["note"])


def _draft_code_aliases(draft: _Draft, published: Iterable[Mapping[str, str]], recoded: Mapping[str, str]) -> None:
    for old, new in recoded.items():
        draft.aliases["gss", old] = new
    for row in published:
        code = recoded.get(row["gss-code"], row["gss-code"])
        if code not in draft.areas:
            continue
        draft.aliases["register", row["local-authority-code"]] = code
        for former in filter(None, (part.strip() for part in row["former-gss-codes"].split(","))):
            # A former code that the register keeps as an area of its own is no alias.
            if former not in draft.areas and draft.aliases.setdefault(("gss", former), code) != code:
                draft.conflicts.append(f"{former}: two successors, {code} and {draft.aliases['gss', former]}")


def _draft_dfe_aliases(draft: _Draft, workbook: bytes, corrections: Mapping[str, Any]) -> None:
    named = {row["name"]: row["code"] for row in corrections["dfe_names"]}
    education = [a for a in draft.areas.values() if a.area_class in PRINCIPAL_CLASSES - {AreaClass.DISTRICT}]
    # Open councils last, so that a name shared by a county and its unitary finds the unitary.
    by_name = {_fold(a.name): a.code for a in sorted(education, key=lambda a: (a.closed is None, a.code))}
    for number, name, *_ in CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()[1:]:
        if not isinstance(number, float) or number >= 970:  # from 970: regions and England
            continue
        folded = _fold(re.sub(r", (City|County) of$", "", str(name)))
        code = named.get(str(name)) or by_name.get(folded)
        if code is None:
            draft.conflicts.append(f"DfE {number:.0f} {name}: no council of that name")
        else:
            draft.aliases["dfe", f"{number:.0f}"] = code


def _draft_ecode_aliases(draft: _Draft, raw: Mapping[str, bytes], corrections: Mapping[str, Any]) -> None:
    settled = {row["ecode"]: row["code"] for row in corrections["ecodes"]}
    claims: dict[str, dict[str, str]] = {}
    for row in _read_csv(raw["mysociety"]):
        if row["nation"] == "England" and row["ecode"]:
            claims.setdefault(row["ecode"], {}).setdefault(row["gss-code"], "mysociety")
    for row in _read_csv(raw["digital_land"]):
        if row["billing-authority"]:
            claims.setdefault(row["billing-authority"], {}).setdefault(row["statistical-geography"], "digital_land")
    for key in sorted(set(raw) - set(AREA_SOURCES)):
        for ecode, code in _scan_ecodes(raw[key]):
            claims.setdefault(ecode, {}).setdefault(code, key)
    for ecode, codes in claims.items():
        resolved = {draft.aliases.get(("gss", code), code) for code in codes}
        known = {settled[ecode]} if ecode in settled else resolved & set(draft.areas)
        if len(known) > 1:
            draft.conflicts.append(f"{ecode}: {codes}")
        elif known:
            draft.aliases["ecode", ecode] = known.pop()


def _scan_ecodes(workbook: bytes) -> Iterator[tuple[str, str]]:
    """Yield every (E-code, ONS code) pair that stands at the head of a row in any sheet of an outturn workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    for sheet in book.sheet_names:
        for row in book.get_sheet_by_name(sheet).to_python():
            head = [cell.strip() for cell in islice(row, 8) if isinstance(cell, str)]
            ecodes = [cell for cell in head if re.fullmatch(r"E\d{4}", cell)]
            codes = [cell for cell in head if re.fullmatch(r"E\d{8}", cell)]
            if len(ecodes) == 1 and len(codes) == 1:
                yield ecodes[0], codes[0]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").casefold()
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"['.]", "", plain.replace("&", " and "))))


def _assign_slugs(draft: _Draft) -> None:
    """Give each area an address: councils by name, others by full name; an open area keeps the plain one."""
    taken: set[str] = set()
    for area in sorted(draft.areas.values(), key=lambda a: (a.closed is not None, a.code)):
        by_name = _fold(area.name).replace(" ", "-")
        by_full_name = _fold(area.official_name).replace(" ", "-")
        slug = by_name if area.area_class in PRINCIPAL_CLASSES else by_full_name
        if slug in taken:
            slug = by_full_name
        if slug in taken and area.closed is not None:
            slug = f"{by_full_name}-to-{area.closed.year}"
        if slug in taken:
            draft.conflicts.append(f"{area.code}: the address {slug} is taken")
        taken.add(slug)
        area.slug = slug


def _tabulate(draft: _Draft) -> RegisterTables:
    areas = [
        (a.code, a.name, a.official_name, a.area_class.value, a.region_code, _iso(a.opened), _iso(a.closed), a.slug)
        for a in draft.areas.values()
    ]
    memberships = [
        (code, parent, kind, _iso(since), _iso(until)) for code, parent, kind, since, until in draft.memberships
    ]
    successions = [(old, new, _iso(day), kind, note) for (old, new), (day, kind, note) in draft.successions.items()]
    aliases = [(scheme, alias, code) for (scheme, alias), code in draft.aliases.items()]
    return RegisterTables(
        areas=_frame(_AREA_COLUMNS, areas),
        memberships=_frame(_MEMBERSHIP_COLUMNS, memberships),
        successions=_frame(_SUCCESSION_COLUMNS, successions),
        aliases=_frame(_ALIAS_COLUMNS, aliases),
    )


def _frame(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> pl.DataFrame:
    cells = [[cell or None for cell in row] for row in sorted(rows)]
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String), orient="row")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
