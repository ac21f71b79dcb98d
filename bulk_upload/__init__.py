"""A file's way: read, header, check, decide, report. It has no rules of its own: the engine judges."""
