"""The words of the exports, and what they mean.

``vocabulary.toml`` lists the words that real one-stop systems use; a file of a user's own is laid over it. Words are
compared *folded*, so spelling that carries no meaning cannot matter.
"""

import difflib
import hashlib
import re
import tomllib
import unicodedata
import zoneinfo
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from analysis.calendars import SHIPPED as CALENDARS
from analysis.calendars import calendar_of
from analysis.tables import is_error_cell

VIEWS = ("then", "today")
"""Names as they were, or with their successors; see ``names``."""

SHIPPED = Path(__file__).with_name("vocabulary.toml")

DRIFT_SETTINGS = {
    "drift_rejects_points": 100,
    "drift_least_rejects": 1_000_000,
    "drift_volume_percent": 1000,
    "drift_least_lines": 1_000_000,
}
"""Setting of ``drift`` -> the most that it may be; the least is 1."""

OF_DOSSIERS = {"due": ("first", "current"), "judged_by": ("day", "timestamp"), "pause": ("stops_clock", "counts")}
"""Rule that dossiers are judged by -> what it may be, the usual first."""

CHOICES = {**OF_DOSSIERS, "names": VIEWS, "public_procedures": ("all", "merged")}
"""Setting -> what it may be, the usual first; the others are texts and numbers."""

PER_SYSTEM = (*OF_DOSSIERS, "latest_receipt")
"""Settings that may be others for the dossiers of one system."""


class VocabularyError(ValueError):
    """A vocabulary file cannot be used; the message names file, key and the nearest known word."""


class System(NamedTuple):
    """What the exports of one system say otherwise; only what differs, as ``Vocabulary`` has it."""

    name: str
    """As it was first written; compared folded."""
    columns: dict[str, dict[str, tuple[int, str]]] = {}  # noqa: RUF012 - nobody changes it
    personal: frozenset[str] = frozenset()
    words: dict[str, dict[str, str]] = {}  # noqa: RUF012 - nobody changes it
    settings: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it


class Correction(NamedTuple):
    """A cell of an export that a department says is wrong; see ``corrections``."""

    row: int
    """Where the handbook says so."""
    system: str
    dossier_id: str
    column: str
    old: str
    """The text that stands in the export; empty for a blank."""
    new: str


class Vocabulary(NamedTuple):
    """What the words of an export mean; every word is folded."""

    columns: dict[str, dict[str, tuple[int, str]]]
    """Table -> heading -> (rank among the headings of its column, column)."""
    personal: frozenset[str]
    """Headings of columns that are never read."""
    words: dict[str, dict[str, str]]
    """List (``channel``, ``status``, ``yes_no`` ...) -> word -> meaning."""
    document_kinds: dict[str, str]
    """Abbreviation in a document's symbol -> kind; not folded."""
    blanks: frozenset[str]
    """What stands where a value is missing."""
    blank_days: frozenset[str]
    """Days that systems write where a day is missing; not folded."""
    days: tuple[str, ...]
    """Formats of a day, for ``strptime``."""
    times: tuple[str, ...]
    """Formats of a time of day, for ``strptime``."""
    timezone: str
    """The local time zone, to which instants with an offset are converted."""
    earliest: date
    latest: date
    """A day outside these is a typing error, and counts as unreadable."""
    layout: dict[str, tuple[str, ...]]
    """Words of totals, signatures and title blocks."""
    settings: dict[str, Any]
    """Texts and whole numbers that a department may set; each says in the file what it does."""
    sources: dict[str, str]
    """Pattern of file names (``bo/*.csv``) -> the system they come from; the first that fits."""
    files: tuple[str, ...]
    """Names of the files it was read from."""
    sha256: str
    """Checksum over those files."""
    systems: dict[str, System] = {}  # noqa: RUF012 - nobody changes it
    """Folded name of a system -> what it says otherwise."""
    corrections: tuple[Correction, ...] = ()
    """What the handbook corrects, in its order."""
    offices: tuple[str, ...] = ()
    """How the names of public bodies begin; such a name in a column that is never read names nobody."""

    def __repr__(self) -> str:
        """The files it was read from, and how much they say.

        Examples
        --------
        >>> repr(read_vocabulary()).partition(", headings")[0]
        '<Vocabulary: vocabulary.toml'
        """
        headings, words = (sum(map(len, part.values())) for part in (self.columns, self.words))
        return f"<Vocabulary: {', '.join(self.files)}, headings {headings}, words {words}, systems {len(self.systems)}>"

    def is_blank(self, text: str) -> bool:
        """Whether a cell says that its value is missing.

        >>> read_vocabulary().is_blank(" N/A "), read_vocabulary().is_blank("#N/A")
        (True, False)
        """
        if is_error_cell(text):
            return False
        return text.strip().casefold() in self.blanks or (bool(fold(text)) and fold(text) in self.blanks)

    def source_of(self, file: str) -> str:
        """The system that a file comes from, by its name below the data folder.

        >>> read_vocabulary()._replace(sources={"bo/*": "ministry"}).source_of("bo/2022.csv")
        'ministry'
        """
        name = unicodedata.normalize("NFC", file).casefold()
        fits = (s for p, s in self.sources.items() if fnmatchcase(name, unicodedata.normalize("NFC", p).casefold()))
        return next(fits, str(self.settings["source_system"]))

    def system(self, name: str) -> System:
        """What a system says otherwise; nothing, if nobody said so."""
        return self.systems.get(fold(name), System(name))

    def setting(self, name: str, system: str = "") -> Any:
        """A setting, as it holds for the dossiers of a system.

        >>> words = read_vocabulary()._replace(systems={"ministry": System("Ministry", settings={"due": "current"})})
        >>> words.setting("due"), words.setting("due", "MINISTRY"), words.setting("judged_by", "ministry")
        ('first', 'current', 'day')
        """
        return self.system(system).settings.get(name, self.settings[name])

    def of_system(self, name: str) -> "Vocabulary":
        """The vocabulary as it is read by for lines of a system: its own words and headings before the common ones.

        >>> words = read_vocabulary()._replace(systems={"ministry": System("Ministry", words={"status": {"dung xu ly": "returned"}})})
        >>> [each.words["status"]["dung xu ly"] for each in (words, words.of_system("Ministry"))]
        ['paused', 'returned']
        """
        if fold(name) not in self.systems:
            return self
        own = self.system(name)
        return self._replace(
            columns={t: _before(own.columns.get(t, {}), known, own.personal) for t, known in self.columns.items()},
            personal=self.personal | own.personal,
            words={n: {**known, **own.words.get(n, {})} for n, known in self.words.items()},
        )

    def of_file(self, file: str) -> "Vocabulary":
        """The vocabulary that a file's headings are read by: that of the system it comes from (``source_of``)."""
        return self.of_system(self.source_of(file)) if self.systems else self


def _before(
    own: dict[str, tuple[int, str]], known: dict[str, tuple[int, str]], personal: frozenset[str]
) -> dict[str, tuple[int, str]]:
    """Headings with some others that rank before them, but for those that are not to be read."""
    shift = (
        min((rank for rank, _ in known.values()), default=0) - 1 - max((rank for rank, _ in own.values()), default=0)
    )
    merged = known | {heading: (rank + shift, column) for heading, (rank, column) in own.items()}
    return {heading: meant for heading, meant in merged.items() if heading not in personal}


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """What is left of a word when spelling that carries no meaning is taken away.

    Case, accents, punctuation, repeated spaces and the form of Unicode go.

    Examples
    --------
    >>> fold("  Ngày hẹn-trả (*)"), fold("HOÀ") == fold("hòa"), fold("Đã trả")
    ('ngay hen tra', True, 'da tra')
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    marked = not decomposed.isascii()
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)) if marked else decomposed
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def read_vocabulary(own: Path | str | None = None) -> Vocabulary:
    """Read the shipped vocabulary and lay a user's own over it.

    Parameters
    ----------
    own
        A TOML file with the sections of the shipped one, or none. Its words are added, and win where they differ;
        its single values and date formats replace the shipped ones.

    Returns
    -------
    Vocabulary

    Raises
    ------
    VocabularyError
        If the file is missing, is not TOML, has a section, key or value that is not known, or gives one word
        two meanings.

    Examples
    --------
    >>> words = read_vocabulary().words
    >>> words["channel"][fold("TRỰC TUYẾN")], words["status"][fold("Rút hồ sơ")]
    ('online', 'withdrawn')
    """
    paths = [SHIPPED] + ([Path(own)] if own else [])
    shipped, *laid = [_load(path) for path in paths]
    for path, table in zip(paths[1:], laid, strict=True):
        _check({key: said for key, said in table.items() if key != "systems"}, shipped, path.name, ())
        _check_systems(table.get("systems", {}), shipped, path.name)
    layers = list(zip(paths, [shipped, *laid], strict=True))
    replaced = ("dates", "settings", "document_kinds", "sources")
    merged = {name: _overlay(name, [table for _, table in layers]) for name in replaced}
    _check_dates(merged["dates"], paths[-1].name)
    settings = checked_settings(merged["settings"], paths[-1])
    return Vocabulary(
        columns={t: _ranked(layers, t) for t in shipped["columns"]},
        personal=frozenset(fold(w) for _, table in layers for w in table.get("personal", {}).get("columns", [])),
        words={n: _meanings(layers, n) for n in shipped["words"]},
        document_kinds=merged["document_kinds"],
        blanks=frozenset(
            spelt for _, t in layers for w in t.get("blanks", {}).get("words", []) for spelt in (w.casefold(), fold(w))
        ),
        blank_days=frozenset(w for _, table in layers for w in table.get("blanks", {}).get("days", [])),
        days=tuple(merged["dates"]["days"]),
        times=tuple(merged["dates"]["times"]),
        timezone=merged["dates"]["timezone"],
        earliest=merged["dates"]["earliest"],
        latest=merged["dates"]["latest"],
        layout={k: tuple(w for _, t in layers for w in t.get("layout", {}).get(k, [])) for k in shipped["layout"]},
        settings=settings,
        sources=merged["sources"],
        files=tuple(path.name for path in paths),
        sha256=hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest(),
        systems=_systems(layers, settings),
        offices=tuple(w for _, table in layers for w in table.get("personal", {}).get("offices", [])),
    )


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise VocabularyError(f"{path}: there is no such vocabulary file.") from None
    except OSError as error:
        raise VocabularyError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise VocabularyError(f"{path}: is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"{path.name}: is not valid TOML: {error}.") from None


def _check(own: dict[str, Any], shipped: dict[str, Any], file: str, above: tuple[str, ...]) -> None:
    """Hold every key and kind of value of a user's file against the shipped one."""
    for key, value in own.items():
        name = ".".join((*above, key))
        if key not in shipped and above not in {("document_kinds",), ("sources",)}:
            nearest = difflib.get_close_matches(key, shipped, n=1, cutoff=0.3) or sorted(shipped)[:1]
            place = f"in [{'.'.join(above)}]" if above else "as a section"
            known = ", ".join(sorted(shipped))
            raise VocabularyError(f"{file}: {name!r} is not known {place}; nearest is {nearest[0]!r} (known: {known}).")
        expected = shipped.get(key, "")
        if type(value) is not type(expected):
            kinds = {
                dict: "a section",
                list: "a list of words",
                str: "a text in quotes",
                int: "a whole number",
                date: "a day such as 1990-01-31",
            }
            raise VocabularyError(f"{file}: {name} must be {kinds[type(expected)]}, found {value!r}.")
        if isinstance(value, dict):
            _check(value, expected, file, (*above, key))
        elif isinstance(value, list) and (wrong := [w for w in value if not isinstance(w, str)]):
            raise VocabularyError(f"{file}: {name} must hold words in quotes, found {wrong[0]!r}.")


def _check_systems(systems: Any, shipped: dict[str, Any], file: str) -> None:
    """Hold what a user's file says of single systems against what one may say otherwise."""
    if not isinstance(systems, dict):
        raise VocabularyError(f"{file}: systems must be a section, found {systems!r}.")
    may = {section: shipped[section] for section in ("columns", "words")}
    may["personal"] = {"columns": shipped["personal"]["columns"]}
    may["settings"] = {name: shipped["settings"][name] for name in PER_SYSTEM}
    for name, said in systems.items():
        if not fold(name) or not isinstance(said, dict):
            raise VocabularyError(f"{file}: systems.{name} must be a section named for a system, found {said!r}.")
        _check(said, may, file, ("systems", name))


def _systems(layers: list[tuple[Path, dict[str, Any]]], settings: dict[str, Any]) -> dict[str, System]:
    """What every file says of every system, the later file's winning."""
    said: dict[str, list[tuple[Path, str, dict[str, Any]]]] = {}
    for path, layer in layers:
        for name, table in layer.get("systems", {}).items():
            said.setdefault(fold(name), []).append((path, name, table))
    return {key: _system([(path, table) for path, _, table in of], of[0][1], settings) for key, of in said.items()}


def _system(layers: list[tuple[Path, dict[str, Any]]], name: str, settings: dict[str, Any]) -> System:
    own = _overlay("settings", [table for _, table in layers])
    for path, table in layers:
        checked_settings({**settings, **table.get("settings", {})}, path)
    tables = {t for _, table in layers for t in table.get("columns", {})}
    lists = {n for _, table in layers for n in table.get("words", {})}
    personal = {fold(w) for _, table in layers for w in table.get("personal", {}).get("columns", [])}
    columns, words = {t: _ranked(layers, t) for t in tables}, {n: _meanings(layers, n) for n in lists}
    return System(name, columns, frozenset(personal), words, own)


def _check_dates(dates: dict[str, Any], file: str) -> None:
    if dates["timezone"] not in zoneinfo.available_timezones():
        nearest = difflib.get_close_matches(dates["timezone"], zoneinfo.available_timezones(), n=1)
        hint = f"; nearest is {nearest[0]!r}" if nearest else ""
        raise VocabularyError(f"{file}: dates.timezone {dates['timezone']!r} is not a time zone{hint}.")
    for name, needed in (("days", ("%Y", "%m", "%d")), ("times", ("%H", "%M"))):
        for form in dates[name]:
            if missing := [part for part in needed if part not in form]:
                raise VocabularyError(f"{file}: dates.{name} has {form!r}, which lacks {missing[0]}.")
            try:
                datetime.strptime(datetime(2022, 11, 30, tzinfo=UTC).strftime(form), form)  # noqa: DTZ007 - only tried
            except ValueError as error:
                raise VocabularyError(f"{file}: dates.{name} has {form!r}, which is no format ({error}).") from None
    if dates["earliest"] > dates["latest"]:
        raise VocabularyError(f"{file}: dates.earliest {dates['earliest']} is after dates.latest {dates['latest']}.")


def _check_calendar(settings: dict[str, Any], path: Path) -> None:
    """Find the calendar's file from where the vocabulary lies, and try whether it can be used."""
    if settings["calendar"] not in {"", "none", *CALENDARS}:
        settings["calendar"] = str(path.parent / settings["calendar"])
    try:
        calendar_of(settings)
    except ValueError as error:
        raise VocabularyError(f"{path.name}: [settings] calendar, latest_receipt, office_hours: {error}") from None


def checked_settings(settings: dict[str, Any], path: Path | None) -> dict[str, Any]:
    """Settings that can be used, the path of a calendar taken from where the file that names it lies.

    Raises
    ------
    VocabularyError
        If one cannot.

    Examples
    --------
    >>> checked_settings({**read_vocabulary().settings, "at_risk_days": -1}, None)
    Traceback (most recent call last):
    ...
    analysis.vocabulary.VocabularyError: settings: settings.at_risk_days must be 0 or more, found -1.
    """
    checked = dict(settings)
    _check_calendar(checked, path or Path("settings"))
    _check_settings(checked, path.name if path else "settings")
    return checked


def _check_settings(settings: dict[str, Any], file: str) -> None:
    for name, choices in CHOICES.items():
        if settings[name] not in choices:
            raise VocabularyError(f"{file}: settings.{name} must be {' or '.join(choices)}, found {settings[name]!r}.")
    percent = settings["online_target_percent"]
    if not 1 <= percent <= 100:
        raise VocabularyError(f"{file}: settings.online_target_percent must be from 1 to 100, found {percent}.")
    for name in ("few_dossiers", "small_cell", "keep_logs"):
        if settings[name] < 1:
            raise VocabularyError(f"{file}: settings.{name} must be 1 or more, found {settings[name]}.")
    for name in ("at_risk_days", "keep_vintages"):
        if settings[name] < 0:
            raise VocabularyError(f"{file}: settings.{name} must be 0 or more, found {settings[name]}.")
    for name, most in DRIFT_SETTINGS.items():
        if not 1 <= settings[name] <= most:
            raise VocabularyError(f"{file}: settings.{name} must be from 1 to {most}, found {settings[name]}.")


def _overlay(section: str, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """A section whose later values replace the earlier; own date formats come first and keep the shipped ones."""
    merged: dict[str, Any] = {}
    for table in tables:
        for key, value in table.get(section, {}).items():
            merged[key] = list(dict.fromkeys([*value, *merged.get(key, [])])) if isinstance(value, list) else value
    return merged


def _ranked(layers: list[tuple[Path, dict[str, Any]]], table: str) -> dict[str, tuple[int, str]]:
    """Heading -> (rank, column); a user's own headings rank before the shipped ones."""
    meanings = _meanings([(p, {"words": layer.get("columns", {})}) for p, layer in layers], table)
    order: dict[str, int] = {}
    for _, layer in reversed(layers):
        for headings in layer.get("columns", {}).get(table, {}).values():
            for heading in headings:
                order.setdefault(fold(heading), len(order))
    return {heading: (order[heading], column) for heading, column in meanings.items()}


def _meanings(layers: list[tuple[Path, dict[str, Any]]], group: str) -> dict[str, str]:
    """Word -> meaning, the later file's winning; a word with two meanings in one file is an error."""
    merged: dict[str, str] = {}
    for path, layer in layers:
        here: dict[str, str] = {}
        for meaning, words in layer.get("words", {}).get(group, {}).items():
            for word in words:
                if not fold(word):
                    raise VocabularyError(
                        f"{path.name}: {word!r} in {group} has no letter or digit, so every blank would mean {meaning!r}."
                    )
                if here.setdefault(fold(word), meaning) != meaning:
                    other = here[fold(word)]
                    raise VocabularyError(
                        f"{path.name}: {word!r} means both {other!r} and {meaning!r} in {group}; keep one."
                    )
        merged |= here
    return merged
