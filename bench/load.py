"""A load generator: `python -m bench.load PORT SECONDS CONNECTIONS ADDRESS...` asks 127.0.0.1 as fast as it answers.

Each connection is kept alive and asks its next question when the last is answered. It prints JSON: how many answers,
in how many seconds, and how many seconds of a processor the asking itself took.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from itertools import cycle, islice

from bench.server import HOST

_AT_ONCE = 1 << 18


def ask(port: int, addresses: list[str], end: float, answered: list[int]) -> None:
    """Ask for the addresses in turn over one connection until `end`, and note how many were answered, all with 200."""
    questions = [
        f"GET {address} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        for address in addresses
    ]
    many = 0
    with socket.create_connection((HOST, port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for question in cycle(questions):
            if time.perf_counter() >= end:
                break
            connection.sendall(question)
            _read_answer(connection)
            many += 1
    answered.append(many)


def _read_answer(connection: socket.socket) -> None:
    received = b""
    while (head_end := received.find(b"\r\n\r\n")) < 0:
        received += _receive(connection)
    head = received[:head_end].lower()
    if not head.startswith(b"http/1.1 200 "):
        raise ConnectionError(head.partition(b"\r\n")[0].decode())
    length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
    missing = head_end + 4 + length - len(received)
    while missing > 0:
        missing -= len(_receive(connection))


def _receive(connection: socket.socket) -> bytes:
    part = connection.recv(_AT_ONCE)
    if not part:
        raise ConnectionError("the server closed the connection")
    return part


def main() -> None:
    """Ask, and print what came of it."""
    port, seconds, connections = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    addresses = sys.argv[4:]
    answered: list[int] = []
    start, processor = time.perf_counter(), time.process_time()
    threads = [
        threading.Thread(
            target=ask,
            args=(port, list(islice(cycle(addresses), place, place + len(addresses))), start + seconds, answered),
        )
        for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(answered) < connections:
        raise SystemExit("a connection failed")
    print(
        json.dumps(
            {
                "answers": sum(answered),
                "seconds": time.perf_counter() - start,
                "processor": time.process_time() - processor,
            }
        )
    )


if __name__ == "__main__":
    main()
