"""Use cases, one verb each: the only place where the graph and the engines meet."""
