"""The search engine: texts in, ranked hits out.

It knows neither RDF nor HTTP; SQLite is imported with :mod:`kg.search.index`, late.
"""
