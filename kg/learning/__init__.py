"""The learning engine: what a topic requires, what is ready to learn, and in which order to go on.

Pure: records of ``kg.model.learning`` in, records of ``kg.model.advice`` out. It knows no RDF, store or door.
"""
