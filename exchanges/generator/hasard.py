"""The one source of chance: the same words always give the same draws."""

from random import Random


def make_rng(*cle: object) -> Random:
    """A generator seeded by the words given (seed, rank, use), independent of the platform and of the hash seed."""
    return Random(":".join(map(str, cle)))  # noqa: S311 - reproducible examples, nothing secret
