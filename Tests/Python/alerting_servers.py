"""Debian's Prometheus and Alertmanager on loopback, and a receiver that shows a page and keeps what it is told."""

import ctypes
import http.server
import json
import signal
import socket
import subprocess
import threading
import time
import urllib.request


class Failure(Exception):
    """What did not come, in a sentence."""


class Receiver:
    """Serves `page` under /metrics; keeps every notification as (path, decoded body)."""

    def __init__(self):
        self.page = ""
        self.notifications = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(receiver.page.encode(), "text/plain; version=0.0.4; charset=utf-8")

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.notifications.append((self.path, body))
                # What PagerDuty answers to an event that it took.
                self.send_response(202 if self.path.startswith("/pagerduty") else 200)
                self.end_headers()
                self.wfile.write(b"ok")

            def answer(self, body, kind):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Servers:
    """Processes that end with the `with` block, and with this process however it ends."""

    def __init__(self, folder):
        self.folder = folder
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _, process in self.running:
            process.terminate()
        for _, process in self.running:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name, *arguments):
        log = open(f"{self.folder}/{name}.log", "wb")
        libc = ctypes.CDLL(None)
        process = subprocess.Popen(
            [name, *arguments], stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            # PR_SET_PDEATHSIG.
            preexec_fn=lambda: libc.prctl(1, signal.SIGKILL))
        self.running.append((name, process))

    def wait(self, what, condition, seconds=40):
        """Returns what `condition` gives, once it gives something; a failure that shows the logs, if it never does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name, process in self.running:
                if process.poll() is not None:
                    raise Failure(f"{name} ended by itself, waiting for: {what()}\n{self.logs()}")
            found = condition()
            if found:
                return found
            time.sleep(0.1)
        raise Failure(f"not within {seconds} s: {what()}\n{self.logs()}")

    def logs(self):
        return "\n".join(f"{name}: " + open(f"{self.folder}/{name}.log").read()[-2000:] for name, _ in self.running)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url):
    """The decoded body; None while nothing answers there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return json.load(response)
    except OSError:
        return None
