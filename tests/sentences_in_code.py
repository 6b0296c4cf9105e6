"""The sentences that the code says to people, found in its source; each with ``{}`` for a value."""

import ast
import importlib
import re

SAYS = {
    "FileProblem", "Refused", "Died", "Unanswerable", "VocabularyError", "ParameterError", "ReportError", "PrintingError",
    "PersonalData", "Changed", "ReportBusy", "TemplateProblem", "TemplateError", "Taken", "ValueError", "UsageError",
    "say", "tell", "complain", "fail", "told", "in_language", "problem", "_problem", "_refuse", "in_words", "said",
}  # fmt: skip
"""What is called with a sentence."""

SAYING = {
    "check": ["KINDS", "look_told"],
    "checkup": ["HOW", "FOUND_BY", "DELIMITERS", "_facts"],
    "columns": ["_unsure"],
    "commands": ["outcome_of"],
    "commands_report": ["_became"],
    "commands_status": ["_lines"],
    "containers": ["STREAMS"],
    "execution": ["_failure", "late"],
    "files": ["SIGNATURES"],
    "frozen": ["standing"],
    "rounds": ["reasons", "CHANGE"],
    "sandbox": ["_out_of_time", "_last_words"],
    "standing": ["_standing", "_sources_now", "_load"],
    "verify": ["verdict_lines", "_under", "_told", "_change", "_value"],
    "word_template": ["_told", "_nearest"],
}
"""Module -> functions and constants whose every text is a sentence, or a part of one."""

UNSAID = {
    "cells",
    "sentences",
    "canvas",
    "charts",
    "field_charts",
    "trend_charts",
    "procedure_charts",
    "maturity_charts",
}
"""Modules whose ``say`` is another."""

WORDS = re.compile(r"[A-Za-z]{2}")


def sentences(root):
    """Sentence -> where it stands, of every module of the package."""
    found = {}
    for path in sorted((root / "analysis").glob("*.py")):
        for text, line in _Module(path).sentences():
            if WORDS.search(text.replace("{}", "")):
                found.setdefault(blanked(text), f"{path.name}:{line}")
    return found


def blanked(text):
    """A sentence with ``{}`` for every value, without a name and a colon before it."""
    return re.sub(r"^((\{\})+: |exports: |notebook: )+", "", re.sub(r"\{[^{}]*\}", "{}", text))


class _Module:
    """The syntax of a module, and what its names stand for."""

    def __init__(self, path):
        tree, self.name = ast.parse(path.read_text("utf-8")), path.stem
        self.all = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        self.functions = {node.name: node for node in self.all}
        assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
        self.constants = {
            target.id: node.value for node in assigned for target in node.targets if hasattr(target, "id")
        }

    def sentences(self):
        """Every sentence, and its line."""
        for function in self.all if self.name not in UNSAID else ():
            for default in function.args.kw_defaults if function.name in SAYS else ():
                yield from self._texts(default, function)
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _called(node) in SAYS:
                    first = node.args[:1] if _called(node) == "in_language" else node.args
                    for given in [*first, *(each.value for each in node.keywords)]:
                        yield from self._texts(given, function)
        for name in SAYING.get(self.name, ()):
            if name in self.constants:
                yield from self._texts(self.constants[name], None)
            else:
                yield from self._returned(self.functions[name])

    def _returned(self, function, seen=frozenset()):
        ends = (ast.Return, ast.Yield, ast.YieldFrom)
        for node in ast.walk(function):
            if isinstance(node, ends) and node.value:
                yield from self._texts(node.value, function, seen)
            elif isinstance(node, ast.Call) and _called(node) == "append":
                yield from self._texts(node.args[0], function, seen)
            elif isinstance(node, ast.AugAssign):
                yield from self._texts(node.value, function, seen)

    def _texts(self, node, function, seen=frozenset()):
        """The sentences of an expression: its own texts, and those of what it names."""
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = self._template(node)
            yield from [(text, node.lineno)] if text else []
            parts = [part.value for part in getattr(node, "values", []) if isinstance(part, ast.FormattedValue)]
            parts = [part for part in parts if not self._constant(part)]
        elif isinstance(node, ast.Name):
            parts, seen = [] if node.id in seen else self._meant(node.id, function), seen | {node.id}
        elif isinstance(node, ast.Call) and _called(node) in self.functions and isinstance(node.func, ast.Name):
            name, parts = _called(node), [given for given in node.args if isinstance(given, ast.ListComp)]
            if name not in seen and self._is_text(name):
                yield from self._returned(self.functions[name], seen | {name})
        elif isinstance(node, ast.Call):
            is_list = any(isinstance(given, ast.GeneratorExp | ast.ListComp) for given in node.args)
            parts = node.args if _called(node) in {"next", "_told", "list"} or is_list else []
            parts = [node.func.value, *node.args[1:]] if _called(node) in {"get", "items"} else parts
        elif isinstance(node, ast.Dict):
            parts = node.keys if all(map(self._is_fault, node.keys)) else node.values
        elif isinstance(node, ast.Subscript):
            parts = [node.value]
        elif isinstance(node, ast.IfExp):
            parts = [node.body, node.orelse]
        elif isinstance(
            node, ast.BinOp | ast.BoolOp | ast.List | ast.Tuple | ast.Starred | ast.ListComp | ast.GeneratorExp
        ):
            parts = [getattr(node, name, None) for name in ("left", "right", "elt", "value")]
            parts = [*parts, *getattr(node, "values", []), *getattr(node, "elts", [])]
        else:
            parts = []
        for part in parts:
            yield from self._texts(part, function, seen) if part is not None else ()

    def _is_fault(self, node):
        return " " in str(self._template(node) or "")

    def _is_text(self, name):
        """Whether a function gives one text."""
        returns = self.functions[name].returns
        return isinstance(returns, ast.Name) and returns.id == "str" and name not in {"readable", "_value"}

    def _meant(self, name, function):
        """What is assigned to a name."""
        if name in self.constants:
            return [self.constants[name]]
        return [
            node.iter if isinstance(node, ast.For) else node.value for node in ast.walk(function or ast.Module([], []))
            if isinstance(node, ast.Assign | ast.For) and any(name in _targets(target) for target in _targets_of(node))
        ]  # fmt: skip

    def _template(self, node):
        """A text with ``{}`` for values; the module's own texts stand in it as they are."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if not isinstance(node, ast.JoinedStr):
            return None
        return "".join(
            part.value if isinstance(part, ast.Constant) else self._constant(part.value) or "{}" for part in node.values
        )

    def _constant(self, node):
        """The text of a constant."""
        if isinstance(node, ast.Name) and node.id.isupper():
            value = getattr(importlib.import_module(f"analysis.{self.name}"), node.id, None)
            return value if isinstance(value, str) else None
        return None


def _targets_of(node):
    return [node.target] if isinstance(node, ast.For) else node.targets


def _targets(node):
    return [getattr(each, "id", "") for each in getattr(node, "elts", [node])]


def _called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
