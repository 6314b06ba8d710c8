"""Records that travel between rooms: frozen dataclasses, standard library only."""
