"""``python -m api.cli`` is ``trivium``."""

from api.cli import main

if __name__ == "__main__":
    main()
