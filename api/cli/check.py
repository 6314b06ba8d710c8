"""``trivium check``: whether a dataset is sound."""

import click

from api.cli.console import EXIT_DATA, as_json, data, say_json


@click.command()
@click.argument("folder", required=False, default="")
@as_json
@data
def check(folder: str, as_json: bool, data: str) -> None:
    """Validate the dataset in FOLDER, or in --data, or the shipped one.

    Turtle, shapes, one graph a triple, formulas with their examples, prerequisites, competency questions.
    """
    from kg.services.check import check_dataset

    report = check_dataset(folder or data or None)
    counts = ", ".join(f"{number} {what}" for what, number in report.counts.items())
    if as_json:
        from dataclasses import asdict

        say_json(
            {
                "conforms": report.conforms,
                "counts": dict(report.counts),
                "skipped": report.skipped,
                "findings": [asdict(finding) for finding in report.findings],
            }
        )
    else:
        for finding in report.findings:
            click.echo(str(finding))
        if report.skipped:
            click.echo(f"not checked: {report.skipped}")
        number = len(report.findings)
        verdict = "clean" if report.conforms else f"{number} finding{'s' if number != 1 else ''}"
        click.echo(f"{verdict}: {counts}")
    if not report.conforms:
        raise SystemExit(EXIT_DATA)
