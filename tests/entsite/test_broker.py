"""The broker made of files: no message half written, none taken twice."""

import os
import threading
from queue import Empty

import pytest
from kombu import Connection

import entsite.celery  # noqa: F401 - names the folder:// scheme


@pytest.fixture
def options(tmp_path):
    for name in ("messages", "processed", "control"):
        (tmp_path / name).mkdir()
    return {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "processed_folder": str(tmp_path / "processed"),
        "control_folder": tmp_path / "control",
        "polling_interval": 0.01,
    }


def drain(channel, queue):
    received = []
    while True:
        try:
            received.append(channel._get(queue)["id"])
        except Empty:
            return received


def test_messages_come_out_in_the_order_they_went_in(options):
    with Connection("folder://", transport_options=options) as connection:
        channel = connection.channel()
        for number in range(20):
            channel._put("entsite", {"id": number})
        assert drain(channel, "entsite") == list(range(20))
        assert drain(channel, "entsite") == []


def test_nothing_is_left_behind(options, tmp_path):
    with Connection("folder://", transport_options=options) as connection:
        queue = connection.SimpleQueue("entsite")
        queue.put({"id": 1})
        message = queue.get(timeout=5)
        message.ack()
        queue.close()
        assert message.payload == {"id": 1}
    assert os.listdir(tmp_path / "messages") == os.listdir(tmp_path / "processed") == []


def test_queues_do_not_mix(options):
    with Connection("folder://", transport_options=options) as connection:
        channel = connection.channel()
        channel._put("autre", {"id": 1})
        assert drain(channel, "entsite") == []
        assert drain(channel, "autre") == [1]


def test_message_being_written_is_not_seen(options, tmp_path):
    (tmp_path / "messages" / ".00001_x.entsite.msg.part").write_text('{"id": ')
    with Connection("folder://", transport_options=options) as connection:
        assert drain(connection.channel(), "entsite") == []


def test_unreadable_message_does_not_stop_the_next_one(options, tmp_path, caplog):
    (tmp_path / "messages" / "00001_x.entsite.msg").write_text('{"id": ')
    with Connection("folder://", transport_options=options) as connection:
        channel = connection.channel()
        channel._put("entsite", {"id": 2})
        assert drain(channel, "entsite") == [2]
    assert "unreadable message" in caplog.text


def test_concurrent_writers_and_readers_lose_and_repeat_nothing(options):
    with Connection("folder://", transport_options=options) as connection:
        writers_done = threading.Event()
        received = [[], []]

        def write(first):
            channel = connection.channel()
            for number in range(first, first + 200):
                channel._put("entsite", {"id": number})

        def read(into):
            channel = connection.channel()
            while not writers_done.is_set():
                into += drain(channel, "entsite")
            into += drain(channel, "entsite")

        writers = [threading.Thread(target=write, args=(first,)) for first in (0, 200)]
        readers = [threading.Thread(target=read, args=(into,)) for into in received]
        for thread in (*writers, *readers):
            thread.start()
        for thread in writers:
            thread.join()
        writers_done.set()
        for thread in readers:
            thread.join()
    assert sorted(received[0] + received[1]) == list(range(400))
