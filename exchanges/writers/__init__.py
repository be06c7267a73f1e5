"""Records to the bytes that the applications exchange: the mirror of ``exchanges.parsers``. No Django here."""

from exchanges.writers.files import write, write_depot, write_zip


__all__ = ["write", "write_depot", "write_zip"]
