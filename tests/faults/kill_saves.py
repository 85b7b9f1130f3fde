# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills Zwei at random moments while it saves and keeps, and looks at what lies on the disk.

    python3 tests/faults/kill_saves.py --victim build/dev/tests/window_victim --cli build/dev/app/zwei-cli --times 200

Half of the victims are windows (autosaves and saves), half are `zwei-cli train` (checkpoints). After each kill every
model file is whole, and the next one starts and goes on with what was left.
"""
import argparse
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading

READY_WITHIN = 120  # seconds
LARGEST_WAIT = 0.6


def fault_of(file):
    """What is wrong with a model file that should be whole, or nothing."""
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or len(content) < 8 + length:
        return "truncated"
    try:
        header = json.loads(content[8:8 + length])
        history = json.loads(header["__metadata__"]["history"])
        training = json.loads(header["__metadata__"].get("training", "{}"))
    except (ValueError, KeyError) as error:
        return repr(error)
    end = max(entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__")
    if 8 + length + end != len(content):
        return "another length than its header says"
    if training and len(training["history"]) != training["epoch"]:
        return "a state that does not agree with itself"
    return None if isinstance(history, list) else "no history"


class Victims:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.chance = random.Random(arguments.seed)
        self.environment = dict(os.environ, HOME=str(folder / "home"), QT_QPA_PLATFORM="offscreen")
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "DISPLAY"):
            self.environment.pop(name, None)
        (folder / "home").mkdir()
        self.parts = set()
        self.checked = self.left = 0

    def kill(self, command, ready):
        """Starts it, waits for a line that says `ready`, and a little more; returns what it said until then."""
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, start_new_session=True)
        guard = threading.Timer(READY_WITHIN, process.kill)
        guard.start()
        said = []
        try:
            for line in process.stdout:
                said.append(line)
                if ready in line:
                    break
            else:
                sys.exit(f"it did not start: {''.join(said)}")
            threading.Event().wait(self.chance.uniform(0, LARGEST_WAIT))
            process.send_signal(signal.SIGKILL)
        finally:
            guard.cancel()
            process.kill()
            process.wait()
            process.stdout.close()
        return said

    def look(self):
        self.parts.update(self.folder.rglob("*.part"))
        for file in self.folder.rglob("*.safetensors"):
            self.checked += 1
            fault = fault_of(file)
            if fault:
                sys.exit(f"{file}: {fault}")

    def window(self):
        said = self.kill([self.arguments.victim, str(self.folder)], "ready")
        self.left += any(line.startswith("left") for line in said)

    def command_line(self):
        out = self.folder / "cli.safetensors"
        checkpoint = self.folder / "cli.checkpoint.safetensors"
        command = [self.arguments.cli, "train", "--data", "mnist", "--data-dir", str(self.folder / "data"), "--out",
                   str(out), "--checkpoint-every", "0.01"]
        if checkpoint.exists():
            command += ["--resume", str(checkpoint)]
        else:
            command += ["--epochs", "100000", "--hidden", "64,32", "--schedule", "constant", "--lr", "1e-4"]
        self.kill(command, "epoch")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--victim", required=True)
    parser.add_argument("--cli", required=True)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        victims = Victims(arguments, pathlib.Path(folder))
        for time in range(arguments.times):
            victims.command_line() if time % 2 else victims.window()
            victims.look()
        checkpoint = victims.folder / "cli.checkpoint.safetensors"
        epochs = len(json.loads(header_of(checkpoint)["history"])) if checkpoint.exists() else 0
        print(f"{arguments.times} kills: {victims.checked} looks at model files, all whole; {len(victims.parts)} halves left "
              f"aside; {victims.left} of {(arguments.times + 1) // 2} windows found the run of the one before; the "
              f"command line went on to epoch {epochs}")
        # A window that has just saved leaves nothing: among few, none may.
        if (arguments.times >= 6 and epochs == 0) or (arguments.times >= 50 and victims.left == 0):
            sys.exit("nothing was ever kept")


def header_of(file):
    content = file.read_bytes()
    return json.loads(content[8:8 + int.from_bytes(content[:8], "little")])["__metadata__"]


if __name__ == "__main__":
    main()
