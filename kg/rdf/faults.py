"""What the Turtle parser says of a document that it cannot read, as an error with file, line and column."""

import re

from kg.errors import BadSyntax

_PLACE = re.compile(r"^Parser error (?:at|from) line .*?: (.*?)(?: \(line \d+\))?$", re.DOTALL)
_UNDECLARED = re.compile(r"The prefix ([^\s]*?):? has not been declared")


def turtle_fault(error: SyntaxError, path: str = "") -> BadSyntax:
    """The parser's error as ours; ``path`` is named where there is one."""
    match = _PLACE.match(error.msg or "")
    reason = match[1] if match else (error.msg or "the document cannot be read")
    undeclared = _UNDECLARED.search(reason)
    hint = ""
    if undeclared:
        prefix = undeclared[1]
        reason = f"prefix {prefix}: is not declared"
        hint = f"add a line @prefix {prefix}: <…> . at the head of the file"
    what = f"Turtle file {path}" if path else "Turtle"
    return BadSyntax(what, reason, error.lineno or 1, error.offset or 1, hint=hint)
