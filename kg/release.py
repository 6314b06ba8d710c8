"""Which release of the program this is; any room may know."""

from typing import Final

VERSION: Final = "0.1.0"
