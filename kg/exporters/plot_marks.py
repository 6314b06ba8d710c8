"""What the marks of all plots share: the size of a picture, and colours.

The colours are those of Okabe and Ito, told apart with any colour vision (https://jfly.uni-koeln.de/color/).
"""

from typing import Any, Final

Spec = dict[str, Any]
"""A part of a Vega-Lite specification."""

WIDTH: Final = 600
"""Of the plot without axes, in pixels."""
HEIGHT: Final = 380
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
"""Blue, vermilion, bluish green, reddish purple, orange, sky blue, black; then grey."""
