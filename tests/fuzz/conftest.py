"""Where atheris cannot be installed the parsers are not fuzzed, and the run says so at its end."""

from importlib.util import find_spec


IS_MISSING = find_spec("atheris") is None


def pytest_terminal_summary(terminalreporter) -> None:
    if IS_MISSING:
        terminalreporter.section("NOT FUZZED")
        terminalreporter.line("atheris is not installed on this platform: the parsers were not fuzzed.", yellow=True)
