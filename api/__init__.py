"""The doors of Trivium: HTTP, web pages and the command line. Nothing is imported here, so that each door pays only for itself."""
