"""The controls of ``notebooks/explore.ipynb``: what an analyst changes with the mouse, and what follows.

Each piece is an ordinary output of its cell, so that it stands in the notebook when it is saved, sent on, or run without a browser;
a control that is changed replaces it. What takes longest is drawn last, and left out if another change comes before.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pandas as pd
from IPython.display import display

from analysis.counts import CHANNELS
from analysis.definitions import ONLINE
from analysis.exploration import BLANK, ON_TIME, TABLES, Choice, ChoiceRefused, read_choice
from analysis.explored import Explored, Reading, explore
from analysis.explored_files import commands, folder_of, picture_file, table_file
from analysis.explored_page import (
    PICTURES,
    conditions,
    grid_library,
    part_name,
    show_explored,
    show_grid,
    show_kept,
    show_picture,
    show_pictures,
    show_refused,
    show_style,
)
from analysis.labels import Labels
from analysis.page import Html, show_notices
from analysis.store import Changed, Data
from analysis.vocabulary import OF_DOSSIERS, fold

HEADS = (
    "year", "part", "period", "as_of", "unit", "channel",
    "field", "procedure", "due", "judged_by", "on_time", "online",
)  # fmt: skip
"""The controls, in their order: two rows of six."""

YEAR_PARTS = ("", *(f"Q{n}" for n in range(1, 5)), "H1", "H2", "9M", *(f"{n:02}" for n in range(1, 13)), "official")
TYPED = "typed"
"""Stands for a period that is no part of a year."""

SOON, TYPING = 0.02, 0.5
"""Seconds after a change until what follows is computed: of a choice, and of what is typed letter by letter."""

SLOW = ("as_of", "procedure")
"""The controls that tell of every letter."""


class Explorer:
    """The controls and what they show.

    Parameters
    ----------
    data
        Of all units, as ``store.load`` gives it with the columns of ``counts.REPORTED``.
    choice
        The line of a choice; empty for the year of the data.
    labels
        The language.
    told
        The parameters that say which exports, words and names; see ``explored_files.commands``.

    A line that cannot be read is told of in the place of the figures.
    """

    def __init__(self, data: Data, choice: str = "", *, labels: Labels, told: dict[str, str] | None = None) -> None:
        self.reading, self.labels, self.told = Reading(data), labels, dict(told or {})
        self.folder = folder_of(self.told.get("data") or "data/raw")
        self.explored: Explored | None = None
        self.refused = ""
        self.choice = self._first(choice)
        self.controls = self._controls()
        self.picture = self._dropdown("picture", {labels.name(f"explore.picture_{name}"): name for name in PICTURES})
        self.said = widgets.HTML()
        self.said.add_class("explore-said")
        self._handles: dict[str, Any] = {}
        self._shown: dict[str, Html] = {}
        self._waiting: asyncio.TimerHandle | None = None
        self._is_setting, self._grids = False, 0
        self._set(self.choice)
        if not self.refused:
            self._look()
        for name, control in self.controls.items():
            control.observe(partial(self._changed, name), "value")

    def _first(self, line: str) -> Choice:
        """The choice to begin with."""
        usual = self.reading.usual()
        try:
            choice = read_choice(line)
        except ChoiceRefused as refused:
            self.refused = refused.told(self.labels)
            return usual
        return replace(choice, period=choice.period or usual.period)

    def show_controls(self) -> None:
        """Two rows of controls, and the buttons."""
        grid = widgets.GridBox(
            [self.controls[name] for name in HEADS], layout={"grid_template_columns": "repeat(6, minmax(0, 1fr))"}
        )
        save = {
            "png": lambda: self._save_picture("png"), "svg": lambda: self._save_picture("svg"), "xlsx": self._save_table,
        }  # fmt: skip
        buttons = [self._button(name, act) for name, act in save.items()]
        row = [self.picture, *buttons[:2], self.controls["table"], buttons[2], self._button("reset", self._reset)]
        line = widgets.HBox(row)
        line.add_class("explore-buttons")
        box = widgets.VBox([grid, line, self.said])
        box.add_class("explore-controls")
        _put("style", show_style())
        display(box)

    def show_figures(self) -> None:
        """The headline figures, what limits them, and by which definitions they are made."""
        self._place("figures", self._figures())

    def show_pictures(self) -> None:
        """The four charts."""
        for name in PICTURES:
            self._draw(name)
        self._place("pictures", self._pictures(stale=()))

    def show_table(self) -> None:
        """The table, with the library that sorts it."""
        _put("itables", grid_library())
        self._place("table", self._grid())

    def show_kept(self) -> None:
        """The choice as a line, and the commands that show the same; they write into the folder of what is saved."""
        with suppress(OSError):  # what cannot be written is said when it is
            self.folder.mkdir(parents=True, exist_ok=True)
        self._place("kept", self._kept())

    def _controls(self) -> dict[str, Any]:
        labels, reading = self.labels, self.reading
        every = {labels.name("explore.choose_all"): ""}
        as_set = {labels.name("explore.choose_as_set"): ""}
        rules = {
            rule: as_set | {labels.name(f"explore.choose_{value}"): value for value in OF_DOSSIERS[rule]}
            for rule in ("due", "judged_by")
        }
        years = sorted(
            {*reading.years(), int(self.choice.period[:4])} if self.choice.period[:4].isdecimal() else reading.years()
        )
        names = {part: every | {self._called(name): name for name in reading.names(part)} for part in ("unit", "field")}
        self._procedures = {self._titled(key, name): key for key, name in reading.procedures.items()}
        if BLANK in reading.names("procedure"):
            self._procedures[labels.name("explore.choose_blank")] = BLANK
        text = {"continuous_update": False, "placeholder": "2022-Q3"}
        return {
            "year": self._dropdown("year", {str(year): str(year) for year in reversed(years)}),
            "part": self._dropdown("part", {self._part(part): part for part in (*YEAR_PARTS, TYPED)}),
            "period": widgets.Text(description=labels.name("explore.head_period"), **text),
            "as_of": widgets.DatePicker(description=labels.name("explore.head_as_of")),
            "unit": self._dropdown("unit", names["unit"]),
            "channel": self._dropdown("channel", every | {labels.name(f"channels.{c}"): c for c in CHANNELS}),
            "field": self._dropdown("field", names["field"]),
            "procedure": widgets.Combobox(
                description=labels.name("explore.head_procedure"), options=tuple(self._procedures),
                placeholder=labels.name("explore.choose_all"),
            ),
            "due": self._dropdown("due", rules["due"]),
            "judged_by": self._dropdown("judged_by", rules["judged_by"]),
            "on_time": self._dropdown("on_time", {labels.name(f"definitions_of.{name}"): name for name in ON_TIME}),
            "online": self._dropdown("online", {labels.name(f"definitions_of.{name}"): name for name in ONLINE}),
            "table": self._dropdown("table", {labels.name(f"explore.table_{name}"): name for name in TABLES}),
        }  # fmt: skip

    def _dropdown(self, name: str, options: dict[str, str]) -> Any:
        return widgets.Dropdown(description=self.labels.name(f"explore.head_{name}"), options=tuple(options.items()))

    def _button(self, name: str, act: Callable[[], None]) -> Any:
        button = widgets.Button(description=self.labels.name(f"explore.{name}"))
        button.on_click(lambda _: act())
        return button

    def _called(self, name: str) -> str:
        return self.labels.name("explore.choose_blank") if name == BLANK else name

    def _titled(self, key: str, name: str) -> str:
        return f"{key} · {name}" if name and name != key else key

    def _part(self, part: str) -> str:
        """What a part of a year is called."""
        kinds = {"": "year", "Q": "quarter", "H": "half", "official": "official", TYPED: "typed", "9M": "months"}
        kind = kinds.get(part) or kinds.get(part[0], "month")
        return self.labels.name(f"explore.choose_{kind}", number=part.strip("QH").lstrip("0"))

    def _set(self, choice: Choice) -> None:
        """Let the controls say a choice, which is not a change of theirs."""
        self._is_setting = True
        try:
            for name, value in asdict(choice).items():
                if name not in {"as_of", "procedure"}:
                    self._offer(self.controls[name], value)
            self.controls["as_of"].value = date.fromisoformat(choice.as_of) if choice.as_of else None
            title = next(
                (title for title, key in self._procedures.items() if key == choice.procedure), choice.procedure
            )
            self.controls["procedure"].value = title
            self._set_year(choice.period)
        except ValueError:
            self.controls["as_of"].value = None  # what is no day is told where it is looked at
        finally:
            self._is_setting = False

    def _offer(self, control: Any, value: str) -> None:
        """Set a control; a name that it does not offer is added, and refused where it is looked at."""
        if isinstance(control, widgets.Dropdown) and value not in [known for _, known in control.options]:
            control.options = (*control.options, (value, value))
        control.value = value

    def _set_year(self, period: str) -> None:
        """Year and part of it, as the period says; of another period neither."""
        year, _, part = period.partition("-")
        fits = (
            re.fullmatch(r"\d{4}", year)
            and part in YEAR_PARTS
            and year in [y for _, y in self.controls["year"].options]
        )
        if fits:
            self.controls["year"].value = year
        self.controls["part"].value = part if fits else TYPED

    def _changed(self, name: str, change: Any) -> None:
        """A control was changed; what follows is computed a little later, so that only the last of many changes counts."""
        if self._is_setting:
            return
        self._is_setting = True
        try:
            if name in {"year", "part"} and self.controls["part"].value != TYPED:
                part = self.controls["part"].value
                self.controls["period"].value = self.controls["year"].value + (f"-{part}" if part else "")
            elif name == "period":
                self._set_year(self.controls["period"].value.strip())
        finally:
            self._is_setting = False
        self.said.value = self._searched() if name == "procedure" else ""
        if not self.said.value:
            steps = self._table_steps() if name == "table" and self.explored and not self._waiting else self._steps()
            self._later(TYPING if name in SLOW else SOON, steps)

    def _searched(self) -> str:
        """That several procedures have what was typed, so that none is meant yet; empty otherwise."""
        typed = self.controls["procedure"].value.strip()
        found = [title for title in self._procedures if fold(typed) in fold(title)]
        if not typed or typed in self._procedures or len(found) < 2:
            return ""
        words = {"number": self.labels.number(len(found)), "typed": typed}
        return show_notices([self.labels.name("explore.several_match", **words)])

    def _later(self, seconds: float, steps: Iterator[None]) -> None:
        """Go through steps, after some time, one after the other; what waits already is forgotten."""
        if self._waiting:
            self._waiting.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel that could wait
            for _ in steps:
                pass
            return
        self._waiting = loop.call_later(seconds, self._step, steps)

    def _step(self, steps: Iterator[None]) -> None:
        self._waiting = None
        for _ in steps:
            self._later(0.001, steps)
            return

    def _steps(self) -> Iterator[None]:
        """What follows a change, the quickest and the picture that is looked at first."""
        self._read()
        self._look()
        self._show("figures", self._figures())
        yield
        if self.explored is None:
            self._shown.clear()
            self._show("pictures", Html(""))
            self._show("table", Html(""))
            self._show("kept", self._kept())
            return
        order = sorted(PICTURES, key=lambda name: name != self.picture.value) if "pictures" in self._handles else []
        for at, name in enumerate(order, 1):
            self._draw(name)
            self._show("pictures", self._pictures(stale=order[at:]))
            yield
            if at == 1:
                self._rest()
                yield
        if not order:
            self._rest()

    def _table_steps(self) -> Iterator[None]:
        """What follows where only the rows of the table are others."""
        self._read()
        if self.explored:
            self.explored = replace(self.explored, choice=replace(self.explored.choice, table=self.choice.table))
        self._rest()
        yield

    def _rest(self) -> None:
        """What is quickly made."""
        self._show("table", self._grid())
        self._show("kept", self._kept())

    def _read(self) -> None:
        """What the controls say, as a choice."""
        told = {name: control.value for name, control in self.controls.items() if name not in {"year", "part"}}
        day, title = told["as_of"], told["procedure"].strip()
        told["as_of"] = day.isoformat() if day else ""
        found = [key for known, key in self._procedures.items() if title and fold(title) in fold(known)]
        told["procedure"] = self._procedures.get(title) or (found[0] if len(found) == 1 else title)
        self.choice = Choice(**{name: str(value).strip() for name, value in told.items()})

    def _look(self) -> None:
        """What the choice selects, or why nothing."""
        self.explored, self.refused = None, ""
        try:
            self.explored = explore(self.reading, self.choice)
            self.choice = self.explored.choice
            _ = self.explored.figures
        except ChoiceRefused as refused:
            self.explored, self.refused = None, self._told(refused)
        except Changed:
            self.explored, self.refused = None, self.labels.name("explore.changed")

    def _told(self, refused: ChoiceRefused) -> str:
        """Why nothing is shown, with names and days as the page writes them."""
        labels, values = self.labels, dict(refused.values)
        if refused.why == "no_name":
            near = self.reading.procedures.get(values["near"], values["near"])
            values |= {"part": part_name(values["part"], labels), "near": near}
        if refused.why == "nothing":
            values["chosen"] = conditions(self.choice, labels=labels)
        for day in {"first", "last", "day"} & values.keys():
            values[day] = labels.day(pd.Timestamp(values[day]))
        return labels.name(f"explore.{refused.why}", **values)

    def _figures(self) -> Html:
        return show_explored(self.explored, labels=self.labels) if self.explored else show_refused(self.refused)

    def _draw(self, name: str) -> None:
        if self.explored:
            self._shown[name] = show_picture(name, self.explored, labels=self.labels)

    def _pictures(self, *, stale: tuple[str, ...] | list[str]) -> Html:
        """The pictures that there are; those of before are pale."""
        held = {name: self._shown[name] for name in PICTURES if name in self._shown}
        return show_pictures({name: f'<div class="old">{p}</div>' if name in stale else p for name, p in held.items()})

    def _grid(self) -> Html:
        self._grids += 1
        return show_grid(self.explored, number=self._grids, labels=self.labels) if self.explored else Html("")

    def _kept(self) -> Html:
        shown = commands(self.choice, lang=self.labels.lang, told=self.told)
        return show_kept(self.choice, shown, labels=self.labels)

    def _place(self, name: str, piece: Html) -> None:
        """Show a piece here, where it will be replaced."""
        self._handles[name] = _put(name, piece, display_id=True)

    def _show(self, name: str, piece: Html) -> None:
        """Show a piece where it stands; where its cell has not run, not at all."""
        if handle := self._handles.get(name):
            handle.update(_bundle(name, piece), raw=True)

    def _save_picture(self, kind: str) -> None:
        self._save(
            lambda explored: picture_file(self.picture.value, explored, self.folder, kind=kind, labels=self.labels)
        )

    def _save_table(self) -> None:
        self._save(lambda explored: table_file(explored, self.folder, labels=self.labels))

    def _save(self, write: Callable[[Explored], Path]) -> None:
        """Write a file and say where it is, or why it is not."""
        if self.explored is None:
            self.said.value = show_notices([self.labels.name("explore.nothing_to_save")])
            return
        try:
            file = write(self.explored)
        except OSError as error:
            told = {"file": Path(error.filename or "").name, "error": error.strerror or str(error)}
            self.said.value = show_notices([self.labels.name("explore.not_saved", **told)])
            return
        self.said.value = show_notices([self.labels.name("explore.saved", file=str(file))], good=True)

    def _reset(self) -> None:
        """The year of the data, of everything."""
        self.said.value = ""
        self._set(self.reading.usual())
        self._later(SOON, self._steps())


def _bundle(name: str, piece: Html) -> dict[str, str]:
    """A piece as an output; its plain text is its name, not all of it once more."""
    return {"text/html": str(piece), "text/plain": f"<{name}>"}


def _put(name: str, piece: Html, **options: Any) -> Any:
    return display(_bundle(name, piece), raw=True, **options)
