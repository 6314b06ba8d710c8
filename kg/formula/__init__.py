"""The formula engine: text in our grammar → tree → compiled function, dimensions, values, inversions.

Values in, values out: it opens no file, knows no RDF and no HTTP. Only ``kg.formula.parse`` imports sympy.
"""
