"""Figures beside their peers, measured in the same run and told as ratios: ``python -m benchmarks``.

Times of this machine alone say little about another one, so nothing here passes or fails by a time of its own.
"""
