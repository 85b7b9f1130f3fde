# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills `zwei-cli data get` at random moments: no file with a real name may ever be wrong or half.

A server on this machine sends the real files of ZWEI_DATA_DIR slowly. Each time the program is started on the same
folder and killed at a seeded moment; then every file under a real name must be whole by its SHA-256. In the end one run
to completion must succeed.
"""

import argparse
import gzip
import hashlib
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SKIPPED = 77  # what ctest takes as "not run"
CHUNK = 1 << 14
SHA256 = {  # of the unpacked bytes
    "train-images-idx3-ubyte.gz": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte.gz": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte.gz": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte.gz": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


class Mirror(ThreadingHTTPServer):
    """Sends `files` at `rate` bytes a second, with ranges."""

    daemon_threads = True

    def __init__(self, files, rate):
        super().__init__(("127.0.0.1", 0), Sender)
        self.files, self.rate = files, rate
        self.resumed = 0
        self.asked = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Clients that are killed are the point."""


class Sender(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.files.get(self.path.rsplit("/", 1)[-1])
        if body is None:
            return self.send_error(404)
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(match[1]) if match else 0
        if start >= len(body):
            return self.send_error(416)
        self.send_response(206 if match else 200)
        if match:
            self.server.resumed += 1
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.server.asked.set()
        self.send_slowly(body[start:])

    def send_slowly(self, body):
        begun = time.monotonic()
        for at in range(0, len(body), CHUNK):
            self.wfile.write(body[at : at + CHUNK])
            time.sleep(max(0.0, begun + at / self.server.rate - time.monotonic()))

    def log_message(self, *_):
        pass


def whole(file):
    """Whether a file is what its name says."""
    try:
        return hashlib.sha256(gzip.decompress(file.read_bytes())).hexdigest() == SHA256[file.name]
    except (OSError, EOFError, gzip.zlib.error):
        return False


def wrong_files(folder):
    """Those that the loader would take, and that are wrong."""
    return [file for file in folder.glob("*") if not file.name.endswith(".part") and not whole(file)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=6e6, help="bytes a second")
    options = parser.parse_args()
    source = Path(os.environ.get("ZWEI_DATA_DIR", "/nowhere")) / "mnist"
    if not all((source / name).is_file() for name in SHA256):
        print("skipped: ZWEI_DATA_DIR names no folder with MNIST's real files")
        return SKIPPED
    mirror = Mirror({name: (source / name).read_bytes() for name in SHA256}, options.rate)
    chance = random.Random(options.seed)
    killed, parts, wrong = 0, 0, []
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "mnist"
        environment = {**os.environ, "ZWEI_MIRRORS": f"http://127.0.0.1:{mirror.server_port}", "HOME": home}
        command = [options.cli, "data", "get", "mnist", "--data-dir", home]
        for _ in range(options.times):
            mirror.asked.clear()
            run = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while not mirror.asked.wait(0.05) and run.poll() is None:
                pass  # it starts, or ends without a request: the part was whole already
            try:
                run.wait(chance.uniform(0, 0.8))
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
                killed += 1
            parts += any(folder.glob("*.part"))
            wrong += wrong_files(folder)
            if len(list(folder.glob("*.gz"))) == len(SHA256):
                for file in folder.glob("*"):
                    file.unlink()
        mirror.rate = 1e9
        last = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        complete = last.returncode == 0 and all(whole(folder / name) for name in SHA256) and not any(folder.glob("*.part"))
    print(f"{options.times} downloads, {killed} killed, {parts} parts left behind, {mirror.resumed} gone on with, "
          f"{len(wrong)} wrong files, at last {'whole' if complete else 'NOT whole: ' + last.stderr}")
    return 0 if complete and not wrong and killed else 1


if __name__ == "__main__":
    sys.exit(main())
