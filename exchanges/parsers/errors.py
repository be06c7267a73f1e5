"""The one exception of the parsers: a file that is refused whole, with the sentence to show."""


class FichierRefuse(Exception):
    """The file cannot be used and nothing of it was kept.

    Args:
        code: stable identifier of the reason, in lower case with underscores (``zip_illisible``).
        message: a French sentence that says what is wrong and where.
        action: a French sentence that says what to do.
    """

    def __init__(self, code: str, message: str, action: str):
        super().__init__(message)
        self.code = code
        self.message = message
        self.action = action
