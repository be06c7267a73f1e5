"""The only upload handler: a temporary file in the data directory, never more than the limit."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Write to disk as it comes, count across the files of one request, stop at ``ENTSITE_UPLOAD_MAX`` bytes.

    Django bounds fields but not files. Past the limit the request is marked ``is_upload_too_large``, from which
    ``UploadLimitMiddleware`` makes a 413, and no file at all reaches the view.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.ENTSITE_UPLOAD_MAX:
            self.request.is_upload_too_large = True
            self.upload_interrupted()
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
