"""``trivium import``: somebody else's prerequisite graph as a dataset."""

from typing import TYPE_CHECKING

import click

from api.cli.console import as_json, say_json

if TYPE_CHECKING:
    from kg.services.imports import Imported


@click.command("import")
@click.argument("source", metavar="FILE_OR_FOLDER")
@click.option("-o", "--output", required=True, metavar="DIR", help="The folder of the dataset; new or empty.")
@click.option("--format", "form", default="", help="csv, metacademy, graphml or turtle; else by the name.")
@click.option(
    "--direction",
    default="",
    metavar="WHICH",
    help="prerequisite-first or prerequisite-second: which of a pair is learnt before the other.",
)
@click.option(
    "--names", default="", metavar="FILE", help="A table of numbers and the names they stand for (csv)."
)
@click.option(
    "--least-confidence", default=0.0, metavar="NUMBER", help="Leave out pairs that are less sure (csv)."
)
@click.option("--requires", default="", metavar="IRI", help="A property that says what is required (turtle).")
@click.option(
    "--hours", type=float, default=None, metavar="HOURS", help="Of topics without; else the median."
)
@click.option("--base", default="", metavar="IRI", help="What the IRIs of the topics begin with.")
@click.option("--title", default="", help="Of the dataset; else the name of the file.")
@click.option("--license", "licence", default="", metavar="IRI", help="Of the document.")
@click.option("--force", is_flag=True, help="Replace the files of an earlier import.")
@as_json
def import_graph(source: str, output: str, force: bool, as_json: bool, names: str, **options: object) -> None:
    """Make a dataset from an edge list, GraphML, RDF, or the folders of Metacademy.

    As in: trivium import edges.csv -o my-graph --direction prerequisite-first
    """
    from kg.services import imports

    least = options.pop("least_confidence")
    found = imports.import_graph(source, names=names or None, least=least, **options)  # type: ignore[arg-type]
    imports.write_folder(found.files, output, force=force)
    if as_json:
        say_json(_document(found, output))
        return
    from api.cli.text.imports import findings_text, summary_text

    notes = findings_text(found.report)
    if notes:
        click.echo(notes, err=True)
    click.echo(summary_text(found, output))


def _document(found: "Imported", output: str) -> dict[str, object]:
    from dataclasses import asdict

    report = found.report
    return {
        "source": report.source,
        "format": report.form,
        "output": output,
        "files": sorted(found.files),
        "pairs": report.pairs,
        "topics": report.topics,
        "prerequisites": report.prerequisites,
        "hours": round(report.hours, 6),
        "usualHours": report.usual_hours,
        "withoutHours": report.without_hours,
        "counts": dict(report.counts),
        "findings": [asdict(finding) for finding in report.findings],
    }
