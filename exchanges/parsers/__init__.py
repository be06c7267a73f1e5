"""Bytes to frozen records, or one typed refusal. No Django here.

``read`` for any export, ``read_depot`` for the élève-groupe ZIP, ``check_uai`` and ``check_annee`` against the
connected school and year.
"""

from exchanges.parsers.errors import Code, FichierRefuse
from exchanges.parsers.reading import Source, check_annee, check_uai, read, read_depot


__all__ = ["Code", "FichierRefuse", "Source", "check_annee", "check_uai", "read", "read_depot"]
