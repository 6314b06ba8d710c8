"""Is a dataset sound? Its Turtle and shapes, its formulas and examples, its prerequisites and questions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import ontology
from kg.catalog.formulas import FormulaRecords, complexity_iris, formula_iris
from kg.dataset.files import DatasetFiles
from kg.dataset.report import Finding, Report
from kg.dataset.source import Sources
from kg.dataset.validate import shown_iri, validate_dataset
from kg.errors import (
    BadSyntax,
    InvalidData,
    InvalidFormula,
    TriviumError,
    WrongDimension,
)
from kg.model.iri import ONTOLOGY, Iri
from kg.services.competency import FOLDER, read_competency
from kg.services.knowledge import Knowledge, open_files
from kg.services.learning import diagnose

EXPRESSION: Final = ONTOLOGY + "expression"
REQUIRES: Final = ONTOLOGY + "requires"
_PLACES: Final = {"example": ONTOLOGY + "givens", "reading": EXPRESSION, "latex": ONTOLOGY + "latex"}
_RULES: Final = {
    "example": "a worked example gives its number",
    "reading": "a reading's expression fits its formula's variables",
    "formula": "a formula can be compiled",
    "latex": "an author's LaTeX is proved equal to the expression",
}


def check_dataset(folder: str | Path | None = None) -> Report:
    """Every finding in a dataset, sorted by file and line; ``None`` is the dataset that is shipped.

    Raises:
        InvalidData, BadSyntax: the folder is no dataset; says what is off.
    """
    files = DatasetFiles.shipped() if folder is None else DatasetFiles.at(Path(folder))
    report = validate_dataset(files)
    if report.skipped:
        return Report(
            report.findings, report.counts, f"{report.skipped}, and formulas and prerequisites neither"
        )
    check = _Check(open_files(files), Sources(files))
    questions = (ontology.root() if folder is None else files.folder) / FOLDER
    found = {*check.formulas(), *check.prerequisites(), *check.questions(questions)}
    return Report(tuple(sorted({*report.findings, *found})), {**report.counts, **check.counts})


class _Check:
    """The findings that need an engine, and how much was looked at."""

    def __init__(self, knowledge: Knowledge, sources: Sources) -> None:
        self.counts: dict[str, int] = {}
        self._knowledge = knowledge
        self._sources = sources

    def formulas(self) -> Iterator[Finding]:
        """Formulas and complexities that cannot be compiled; readings and examples that do not hold."""
        store = self._knowledge.store
        iris = (*formula_iris(store), *complexity_iris(store))
        self.counts["formulas"] = len(iris)
        self.counts["examples"] = 0
        try:
            records = FormulaRecords.read(store, iris)
        except InvalidData as error:
            yield self._of_record(error)
            return
        for iri in iris:
            yield from self._formula(records, iri)

    def _formula(self, records: FormulaRecords, iri: Iri) -> Iterator[Finding]:
        from kg.formula.check import check_examples, check_latex, check_readings
        from kg.formula.compile import compile_formula

        try:
            record = records.build(iri)
            self.counts["examples"] += len(record.examples)
            compiled = compile_formula(record)
        except InvalidData as error:
            yield self._of_record(error)
            return
        except TriviumError as error:
            yield self._of_expression(iri, error)
            return
        examples = check_examples(compiled, units=self._knowledge.units)
        faults = (*check_readings(compiled), *examples, *check_latex(compiled))
        for fault in faults:
            yield self._finding(
                fault.subject, _RULES[fault.rule], fault.message, at=_PLACES.get(fault.rule, "")
            )

    def prerequisites(self) -> Iterator[Finding]:
        """A topic that cannot be read; else each knot as a shortest cycle, and advice on edges and hours."""
        try:
            diagnosis = diagnose(self._knowledge)
        except InvalidData as error:
            yield self._of_record(error)
            return
        self.counts["topics"] = diagnosis.topics
        for found in diagnosis.findings:
            topic = self._knowledge.names["topic"].get(found.topic, Iri(found.topic))
            finding = self._finding(topic, found.rule, found.message, found.hint, at=REQUIRES)
            yield replace(finding, severity=found.severity)

    def questions(self, folder: Path) -> Iterator[Finding]:
        """Competency questions whose answer is not the golden one."""
        count = 0
        for question in read_competency(folder):
            count += 1
            name = question.path.relative_to(folder.parent).as_posix()
            rule = "a competency question has its golden answer"
            try:
                difference = question.difference(self._knowledge)
            except TriviumError as error:
                difference = str(error)
            if difference:
                yield Finding(name, 1, "", rule, difference, hint=f"the question: {question.query.question}")
        self.counts["questions"] = count

    def _of_record(self, error: InvalidData) -> Finding:
        subject = Iri(error.place)
        if error.place.startswith("topic "):
            slug = error.place.removeprefix("topic ")
            subject = self._knowledge.names["topic"].get(slug, subject)
        return self._finding(subject, "a record holds what is read from it", error.reason, error.hint)

    def _of_expression(self, iri: Iri, error: TriviumError) -> Finding:
        match error:
            case BadSyntax():
                rule = "an expression is written in the grammar"
                message = f"{error.reason} at column {error.column}"
                message += f" near {error.text!r}" if error.text else ""
                return self._finding(iri, rule, message, error.hint, at=EXPRESSION)
            case InvalidFormula():
                rule = "an expression and its variables fit"
                return self._finding(iri, rule, error.reason, at=EXPRESSION)
            case WrongDimension():
                rule = "dimensions agree"
                message = f"{error.where} has dimension {error.found}, expected {error.expected}"
                return self._finding(iri, rule, message, error.hint, at=EXPRESSION)
        return self._finding(iri, _RULES["formula"], str(error), at=EXPRESSION)

    def _finding(self, subject: Iri, rule: str, message: str, hint: str = "", *, at: str = "") -> Finding:
        file, line = self._sources.place(subject, at)
        return Finding(file, line, shown_iri(subject, self._knowledge.prefixes), rule, message, hint=hint)
