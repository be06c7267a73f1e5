"""No personal data in the logs."""

import logging
import sys

from entsite.logs import LineFormatter, NoExceptionText


def record_of(message, *args):
    try:
        raise ValueError("Key (ine)=(0123456789A) already exists")
    except ValueError:
        return logging.LogRecord("exchanges", logging.ERROR, __file__, 1, message, args, sys.exc_info())


def test_line_names_the_exception_and_the_place_but_not_its_message():
    line = LineFormatter().format(record_of("job %s failed", 42))
    assert "ERROR exchanges job 42 failed" in line
    assert "builtins.ValueError" in line
    assert "test_logs.py" in line
    assert "record_of" in line
    assert "0123456789A" not in line


def test_celery_task_log_keeps_the_name_and_forgets_the_exception_and_the_arguments():
    context = {"name": "sweep", "exc": "ValueError('0123456789A')", "args": "['0123456789A']", "kwargs": "{}"}
    record = record_of("Task %(name)s raised: %(exc)s %(args)s", context)
    assert NoExceptionText().filter(record)
    assert record.getMessage() == "Task sweep raised: ValueError "
    assert context["exc"] == "ValueError('0123456789A')"
