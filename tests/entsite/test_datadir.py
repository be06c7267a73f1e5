"""The data directory and the key it keeps."""

import stat
from concurrent.futures import ThreadPoolExecutor

from entsite import datadir


def test_every_folder_is_for_its_owner_only(tmp_path):
    datadir.prepare(tmp_path / "var")
    for name in (".", *datadir.FOLDERS):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o700


def test_secret_key_is_drawn_once_and_readable_by_its_owner_only(tmp_path):
    key = datadir.read_secret_key(tmp_path)
    assert len(key) >= 50
    assert datadir.read_secret_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_processes_starting_together_read_the_same_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(datadir.read_secret_key, [tmp_path] * 8))) == 1
