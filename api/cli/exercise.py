"""``trivium exercise``: a task, hints for it one at a time, and a verdict on an answer."""

from typing import TYPE_CHECKING, Any

import click

from api.cli.console import EXIT_NOTHING, as_json, data, links_of, open_data, say_json
from kg.errors import BadParameter

if TYPE_CHECKING:
    from kg.model.exercise import CheckedAnswer


@click.command()
@click.argument("slug")
@click.option("--hint", type=click.IntRange(1), default=None, metavar="N", help="The hint of that number.")
@click.option("--check", "answer", default=None, metavar="ANSWER", help="A number or an expression to judge.")
@as_json
@data
def exercise(slug: str, hint: int | None, answer: str | None, as_json: bool, data: str) -> None:
    """Show an exercise, give a hint, or check an answer.

    As in: trivium exercise mathematical --check 3.98
    """
    if hint is not None and answer is not None:
        raise BadParameter("hint", str(hint), "no --check beside it: one at a time")
    knowledge = open_data(data)
    if answer is not None:
        found = knowledge.exercise(slug).check(answer)
        _say(_checked(found), _judged(found, links_of(knowledge)), as_json=as_json)
        if found.verdict.verdict != "equal":
            raise SystemExit(EXIT_NOTHING)
        return
    if hint is not None:
        from api.wire_algebra import hint_document
        from kg.services.hints import give_hint

        record, given, total = give_hint(knowledge, slug, hint)
        document = hint_document(record, given, hint, total, links_of(knowledge))
        relation = [given.relation] if given.relation else []
        _say([f"hint {hint} of {total}: {given.text}", *relation], document, as_json=as_json)
        return
    record = knowledge.exercise(slug).record
    total = len(knowledge.exercise(slug).hints())
    document = {"iri": record.iri, "label": record.label, "kind": record.kind, "prompt": record.prompt}
    document |= {"givens": record.givens, "hints": total, "checkable": bool(record.readings)}
    lines = [f"{record.label} ({record.kind})", record.prompt, f"{total} hints: --hint 1"]
    lines += ["an answer is judged by --check ANSWER"] if record.readings else []
    _say(lines, document, as_json=as_json)


def _say(lines: list[str], document: Any, *, as_json: bool) -> None:
    if as_json:
        say_json(document)
    else:
        click.echo("\n".join(lines))


def _judged(found: "CheckedAnswer", links: Any) -> Any:
    from api.wire_algebra import answer_document

    return answer_document(found, links)


def _checked(found: "CheckedAnswer") -> list[str]:
    verdict = found.verdict
    lines = [f"{verdict.verdict} ({verdict.how}): {verdict.reason}"]
    if found.reading:
        lines.append(f"it answers the reading “{found.reading.label}”: {found.reading.meaning}")
    if verdict.slip:
        lines.append(verdict.slip)
    return lines
