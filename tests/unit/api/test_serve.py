"""``trivium serve`` says where it answers, and ends when it is told to."""

import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection, create_server

import pytest

from api.cli.serve import listen
from kg.errors import BadParameter


def test_serve_names_the_port_that_it_took_and_ends_on_ctrl_c() -> None:
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = next(word for word in process.stderr.readline().split() if word.startswith("http://"))
        with closing(HTTPConnection(address.removeprefix("http://"), timeout=30)) as connection:
            connection.request("GET", "/health")
            assert connection.getresponse().status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""


def test_options_set_what_the_service_takes_and_are_refused_before_it_answers() -> None:
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0"]
    refused = subprocess.run([*command, "--workers", "1"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "'--workers' cannot be '1'" in refused.stderr
    given = ["--max-body", "9", "--deadline", "0.2", "--base-url", "https://kg.example"]
    with subprocess.Popen([*command, *given], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = next(word for word in process.stderr.readline().split() if word.startswith("http://"))
        with closing(HTTPConnection(address.removeprefix("http://"), timeout=30)) as connection:
            connection.request("POST", "/sparql", "query=ASK%20%7B%7D")
            response = connection.getresponse()
            assert (response.status, b"at most 9" in response.read()) == (413, True)
            connection.request(
                "GET", "/sparql?query=SELECT*%7B%3Fa%3Fb%3Fc.%3Fd%3Fe%3Ff.%3Fg%3Fh%3Fi%7DORDER%20BY%3Fa"
            )
            response = connection.getresponse()
            assert (response.status, b"0.2 s" in response.read()) == (503, True)
            connection.request("GET", "/topics/mamba")
            assert b'"href":"https://kg.example/topics/mamba"' in connection.getresponse().read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_an_address_that_is_taken_is_an_error_of_usage() -> None:
    with (
        closing(create_server(("127.0.0.1", 0))) as other,
        pytest.raises(BadParameter, match="--port 0 takes a free port"),
    ):
        listen("127.0.0.1", other.getsockname()[1])


def test_connections_send_each_part_at_once() -> None:
    with (
        closing(listen("127.0.0.1", 0)) as listening,
        closing(create_connection(listening.getsockname())),
        closing(listening.accept()[0]) as accepted,
    ):
        assert accepted.getsockopt(IPPROTO_TCP, TCP_NODELAY) != 0
