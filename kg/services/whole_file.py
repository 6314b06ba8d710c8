"""Files that are written whole or not at all, whoever else writes them at the same time."""

from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """The text stands in the file in UTF-8; a link of that name is replaced, not followed.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    with NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as draft:
        try:
            draft.write(text)
            draft.close()
            Path(draft.name).chmod(mode)
            Path(draft.name).replace(path)
        except OSError:
            Path(draft.name).unlink()
            raise
