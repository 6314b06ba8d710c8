"""The doors of Trivium: HTTP, pages and the command line. Nothing is imported here: each door pays for itself."""
