# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command line share: running it, and making IDX, PNG and safetensors files by hand.

Standard library only, and nothing of the program's own code: what is written here follows the formats' descriptions.
"""

import argparse
import gzip
import json
import os
import struct
import subprocess
import sys
import unittest
import zlib
from dataclasses import dataclass
from pathlib import Path

SKIPPED = 77  # what ctest takes as "not run"
SIDE = 28
HANGS = "hangs"  # the exit status of what had to be ended
LIMIT_S = 60  # a command that takes longer hangs; none of the tests' takes a tenth of it


# ---- Running the program ----


@dataclass
class Run:
    """How a command ended: exit status, and the text on both streams."""

    status: int
    out: str
    err: str

    def lines(self):
        """The lines on standard error."""
        return self.err.splitlines()

    def __str__(self):
        return f"exit status {self.status}\n--- standard output\n{self.out}\n--- standard error\n{self.err}"


class Cli:
    """The program in an environment of its own: no data set of the user's, no display."""

    def __init__(self, program, home):
        self.program = str(program)
        self.environment = {key: value for key, value in os.environ.items() if key not in ("ZWEI_DATA_DIR", "XDG_DATA_HOME")}
        self.environment["HOME"] = str(home)
        self.environment.setdefault("OMP_WAIT_POLICY", "passive")  # the tests share the machine

    def command(self, arguments):
        """The arguments as text, the program first."""
        return [self.program, *map(str, arguments)]

    def run(self, *arguments, env=None, cwd=None):
        """Runs to the end, or as long as is decent."""
        environment = {**self.environment, **{key: str(value) for key, value in (env or {}).items()}}
        settings = {"env": environment, "cwd": cwd, "stdin": subprocess.DEVNULL, "timeout": LIMIT_S}
        try:
            done = subprocess.run(self.command(arguments), capture_output=True, **settings)
        except subprocess.TimeoutExpired:
            return Run(HANGS, "", f"no end within {LIMIT_S} s")
        return Run(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def start(self, *arguments):
        """Starts it; the caller reads the streams and waits."""
        return subprocess.Popen(
            self.command(arguments),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def parse_arguments(needs_cli=True):
    """The arguments that ctest gives each script."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cli", type=lambda text: Path(text).resolve(), required=needs_cli, help="the zwei-cli to test")
    parser.add_argument("--source", type=Path, default=Path(__file__).resolve().parents[2], help="the source tree")
    parser.add_argument("tests", nargs="*", help="names of tests, such as BadModels; all where there are none")
    return parser.parse_args()


def run_tests(names=()):
    """Runs the tests of the main script, says what each is about, and returns the exit status."""
    loader = unittest.defaultTestLoader
    main = sys.modules["__main__"]
    suite = loader.loadTestsFromNames(names, main) if names else loader.loadTestsFromModule(main)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    if result.wasSuccessful() and result.skipped and len(result.skipped) >= result.testsRun:
        print("skipped: nothing could be run")
        return SKIPPED
    return 0 if result.wasSuccessful() and result.testsRun else 1


# ---- IDX (http://yann.lecun.com/exdb/mnist) ----


def idx_images(images, side=SIDE):
    """An IDX file of `images`, each `side * side` bytes."""
    return struct.pack(">4I", 0x803, len(images), side, side) + b"".join(images)


def idx_labels(labels):
    """An IDX file of `labels`."""
    return struct.pack(">2I", 0x801, len(labels)) + bytes(labels)


def idx_name(part, kind, ending=""):
    """`train` or `t10k`, `images` or `labels`: the file's usual name."""
    return f"{part}-{kind}-idx{3 if kind == 'images' else 1}-ubyte{ending}"


def packed(data):
    """Gzip without the time, so that the same data gives the same file."""
    return gzip.compress(data, mtime=0)


# ---- safetensors (https://github.com/huggingface/safetensors#format) ----


def split_safetensors(file):
    """The header as a dict, and the bytes of the tensors."""
    content = Path(file).read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def join_safetensors(header, data):
    """The bytes of a file; `header` may be any text, too, and need not be right."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor_bytes(header, data):
    """The tensors by name, as they lie in the file."""
    return {name: data[slice(*entry["data_offsets"])] for name, entry in header.items() if name != "__metadata__"}


# ---- PNG (https://www.w3.org/TR/png) ----

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(pixels, width=SIDE):
    """A grey PNG of rows one after the other."""
    height = len(pixels) // width
    rows = b"".join(b"\0" + pixels[y * width : (y + 1) * width] for y in range(height))
    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    return PNG_SIGNATURE + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")


def png_size(file):
    """(width, height) of a PNG that is whole: every chunk there and undamaged."""
    content = Path(file).read_bytes()
    if content[:8] != PNG_SIGNATURE:
        raise ValueError(f"{file} is not a PNG")
    at, kind, data = 8, b"", b""
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        (check,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(content[at + 4 : at + 8 + length]) != check:
            raise ValueError(f"{file}: the chunk {kind} is damaged")
        data += content[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    zlib.decompress(data)
    return struct.unpack_from(">2I", content, 16)
