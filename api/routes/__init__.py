"""Routes: the wire on one side, a service on the other."""
