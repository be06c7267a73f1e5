"""Bytes to frozen records, or one typed refusal. No Django here.

``read`` for any export, ``read_depot`` for the élève-groupe ZIP, ``check_uai`` and ``check_annee`` against the
connected school and year, ``explain_swap`` for a file that was read but is not the one wanted.
"""

from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.reading import Source, check_annee, check_uai, read, read_depot
from exchanges.parsers.swaps import explain_swap


__all__ = ["Code", "FichierRefuse", "Source", "check_annee", "check_uai", "explain_swap", "read", "read_depot"]
