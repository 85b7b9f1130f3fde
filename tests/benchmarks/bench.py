# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Zwei beside its peers and floors, on this machine and in this run, and prints the table of it.

A row says what was measured, ours, what it is measured against, and how they relate; a star marks what is not reached.
Peers (tests/benchmarks/peers) are PyTorch programs out of the box, with as many threads as the row says: the better of
one and all, or, of the slow ones in a quick run, all. Called by scripts/bench.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORES = os.cpu_count() or 1
IMAGES = 60000


class Table:
    """Rows, printed as they come."""

    def __init__(self):
        print("\n| what | ours | against | ratio | reach |\n|---|---|---|---|---|", flush=True)

    def add(self, what, ours, against, ratio, reach, reached):
        print(f"| {what} | {ours} | {against} | {ratio} | {reach}{'' if reached else ' *'} |", flush=True)

    def times(self, what, ours, peer, peer_name, reach):
        self.add(what, f"{ours:.2f} s", f"{peer:.2f} s, {peer_name}", f"{peer / ours:.1f}x", f"{reach:g}x",
                 peer / ours >= reach)

    def limit(self, what, value, unit, reach, note=""):
        self.add(what, f"{value:.3g} {unit}", note, f"{value / reach:.2f} of the limit", f"{reach:g} {unit}",
                 value <= reach)


class Programs:
    """What was built, each answering with JSON."""

    def __init__(self, build):
        self.build = build
        self.folder = tempfile.TemporaryDirectory()

    def run(self, command):
        done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def train(self, *arguments):
        return self.run([self.build / "app/zwei-cli", "train", "--data", "mnist", "--json", "--out",
                         Path(self.folder.name) / "model.safetensors", *arguments])

    def benchmark(self, name, *arguments):
        return self.run([self.build / f"tests/{name}_benchmark", *arguments])

    def doctor(self):
        return self.run([self.build / "app/zwei-cli", "doctor", "--json"])

    def peer(self, *arguments):
        return self.run([sys.executable, HERE / "peers/torch_vae.py", *arguments])

    def best_peer(self, *arguments):
        """Of one thread and of all."""
        runs = [self.peer(*arguments, "--threads", threads) for threads in sorted({1, CORES})]
        best = min(runs, key=lambda run: min(run["seconds"]))
        return best, threads_text(best)


def threads_text(peer):
    return f"{peer['threads']} thread{'s' if peer['threads'] > 1 else ''}"


def epoch(trained):
    """Seconds of an epoch, by the rate of the whole run."""
    return IMAGES / trained["images_per_second"]


# ---- Training ----

REFERENCE = ["--hidden", 512, "--activation", "relu", "--batch", 128]


def dense(programs, table, quick):
    def measured():
        return epoch(programs.train(*REFERENCE, "--epochs", 2))

    before = measured()
    peer, threads = programs.best_peer("--epochs", 2)
    ours = min(before, measured())  # of two epochs each as well
    table.times("dense reference VAE, an epoch", ours, min(peer["seconds"]), f"PyTorch, in memory, {threads}", 3)
    if not quick:
        lesson, threads = programs.best_peer("--epochs", 1, "--data", "lesson")
        table.times("the same", ours, min(lesson["seconds"]), f"the lesson's way, {threads}", 10)
    forward = [784 * 512, 2 * 512 * 2, 2 * 512, 512 * 784]
    flop = 2 * IMAGES * (sum(forward) * 3 - forward[0])  # the images want no gradient
    peak = programs.doctor()["gigaflops"]
    share = flop / 1e9 / ours / peak
    table.add("the same", f"{flop / 1e9 / ours:.0f} GFLOP/s",
              f"{peak:.0f} GFLOP/s, this machine's matrix product (nominal: all products as dense ones)",
              f"{100 * share:.0f} %", "50 %", share >= 0.5)


# Epochs of the default recipe that suffice for a test -ELBO.
TARGETS = [(143.71, 4), (140.90, 6), (138.40, 9)]


def time_to_loss(programs, table):
    ours = [programs.train("--epochs", epochs) for _, epochs in TARGETS]
    seconds = [epoch(run) * epochs for run, (_, epochs) in zip(ours, TARGETS)]
    reach = 8
    faster, _ = programs.best_peer("--network", "published", "--epochs", 1)
    published = programs.peer("--network", "published", "--epochs", 1000, "--test", "--until", TARGETS[-1][0],
                              "--seconds", 1.25 * reach * seconds[-1], "--threads", faster["threads"])
    for (target, epochs), run, spent in zip(TARGETS, ours, seconds):
        loss = run["test"]["neg_elbo"]
        what = f"to test -ELBO {target:.2f} (ours {loss:.2f} in {epochs} epochs)"
        reached = next((i + 1 for i, its in enumerate(published["neg_elbo"]) if its <= target), None)
        theirs = sum(published["seconds"][:reached])
        if loss > target:
            table.add(what, "not reached", "", "", f"{reach}x", False)
        elif reached:
            table.times(what, spent, theirs, f"published recipe in PyTorch, {reached} epochs", reach)
        else:
            best = min(published["neg_elbo"])
            table.add(what, f"{spent:.1f} s", f"{best:.2f} after {theirs:.0f} s, published recipe in PyTorch",
                      f"over {theirs / spent:.0f}x", f"{reach}x", theirs / spent >= reach)


def convolutional(programs, table):
    epochs = 2  # of which the peer takes a minute each
    ours = programs.train("--preset", "conv-vae", "--epochs", epochs)
    peer = programs.peer("--network", "keras", "--epochs", epochs, "--test", "--threads", CORES)
    losses = f"-ELBO {ours['test']['neg_elbo']:.1f} against {peer['neg_elbo'][-1]:.1f} after {epochs}"
    table.times(f"convolutional VAE, an epoch ({losses})", epoch(ours), min(peer["seconds"]),
                f"Keras's network in PyTorch, {threads_text(peer)}", 4)


def first_map(programs, table):
    seconds = programs.benchmark("training", "first-map")["seconds"]
    table.limit("first map with 60 % 5-NN accuracy after Train", seconds, "s", 3)


def growth(programs, table):
    grown = programs.benchmark("training", "growth")
    per_image = [seconds / images for images, seconds in grown["data"]]
    spread = max(per_image) / min(per_image) - 1
    table.add("an epoch with 1, 2, 4, 8 times the data",
              ", ".join(f"{seconds:.2f} s" for _, seconds in grown["data"]), "linear", f"within {100 * spread:.1f} %",
              "5 %", spread <= 0.05)
    peak = programs.doctor()["gigaflops"]
    floors = [2 * 15000 * width * (784 * 5 + 18) / 1e9 / peak for width, _ in grown["width"]]
    table.add("a quarter epoch with width " + ", ".join(str(width) for width, _ in grown["width"]),
              ", ".join(f"{seconds:.2f} s" for _, seconds in grown["width"]),
              ", ".join(f"{floor:.2f} s" for floor in floors) + ", its matrix products at peak, all as dense ones",
              ", ".join(f"{100 * floor / seconds:.0f} %" for floor, (_, seconds) in zip(floors, grown["width"])), "", True)


# ---- The window ----


def live_view(programs, table, quick):
    epochs = 5 if quick else 20
    before = programs.benchmark("training", "epochs", epochs)["seconds"]
    watched = programs.benchmark("window", "watch", epochs)
    alone = (before + programs.benchmark("training", "epochs", epochs)["seconds"]) / 2
    with_view = watched["watched"]["seconds"]
    cost = with_view / alone - 1
    pictures = watched["watched"]["pictures_per_second"]
    table.add(f"training with the live view, {pictures:.1f} pictures a second", f"{with_view:.1f} s",
              f"{alone:.1f} s without, {epochs} epochs", f"{100 * cost:.0f} % slower", "10 %, 5 a second",
              cost <= 0.1 and pictures >= 5)
    table.limit("memory of a training with the window open, peak", watched["memory_peak"], "MB", 700,
                f"grew {watched['memory_growth']:.0f} MB over {watched['epochs']} epochs")


def drive(programs, table, quick):
    seconds = 12 if quick else 60
    driven = programs.benchmark("window", "drive", seconds)
    table.limit("slider to painted image at rest, 99th percentile", driven["slider_at_rest"]["p99"], "ms", 16)
    table.limit("the same while it trains", driven["slider_training"]["p99"], "ms", 33)
    table.limit(f"GUI thread away from its event loop, most in {seconds} s", driven["away_training"]["most"], "ms", 50)
    table.limit("grid of 30 x 30 decoded and painted, median", driven["grid_30"]["median"], "ms", 20)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(max(1, CORES - 1))]
    try:
        driven = programs.benchmark("window", "drive", seconds / 2)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    table.limit("the same drive beside another busy program: away, most", driven["away_training"]["most"], "ms", 100)
    table.limit("and the slider, 99th percentile", driven["slider_training"]["p99"], "ms", 100)


def images(programs, table):
    measured = programs.benchmark("window", "images")
    table.limit(f"photograph of 12 megapixels, {measured['digits']} digits, from drop to results", measured["dropped"] / 1000,
                "s", 1, f"GUI away {measured['away']['most']:.0f} ms at most")
    table.limit("memory for it, above rest", measured["memory"], "MB", 300)
    for name, what in (("strokes", "a stroke"), ("noise", "a noise slider")):
        table.limit(f"{what} until all of the bench has followed, 99th percentile", measured[name + "_at_rest"]["p99"],
                    "ms", 50)
        table.limit("the same while it trains", measured[name + "_training"]["p99"], "ms", 50)


def parts(programs, table):
    for cloud, limit in zip(programs.benchmark("window", "parts")["clouds"], (8, 25)):
        table.limit(f"scatter of {cloud['points']:,} points, a replot while panning, median", cloud["replot"]["median"],
                    "ms", limit)
    table.limit("point under the pointer among 1,000,000, median", cloud["hover"]["median"], "ms", 1)


def start_up(programs, table):
    seconds = []
    for _ in range(3):
        trace = Path(programs.folder.name) / "trace.jsonl"
        trace.unlink(missing_ok=True)
        window = subprocess.Popen([programs.build / "app/zwei", "--trace-latency", trace], stderr=subprocess.DEVNULL)
        ready = None
        for _ in range(600):
            time.sleep(0.05)
            lines = trace.read_text().splitlines(keepends=True) if trace.exists() else []
            lines = [line for line in lines if line.endswith("\n")]
            ready = next((event["ms"] for event in map(json.loads, lines) if event.get("what") == "ready"), None)
            if ready is not None or window.poll() is not None:
                break
        window.send_signal(signal.SIGTERM)
        window.wait()
        if ready is None:
            sys.exit("The window was not ready within half a minute.")
        seconds.append(ready / 1000)
    table.limit("start to a window with a trained model on it, warm", min(seconds), "s", 1.5)


def display():
    """A display of its own where the machine can give one, or else Qt's own."""
    if not shutil.which("Xvfb"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return None
    server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "1920x1080x24"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    number = server.stdout.readline().decode().strip()  # comes once it is ready
    os.environ.update(DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb")
    return server


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path, help="the build folder")
    parser.add_argument("--quick", action="store_true", help="fewer rows and shorter runs: under 3 minutes")
    arguments = parser.parse_args()
    if not (Path(os.environ.get("ZWEI_DATA_DIR", "")) / "mnist").is_dir():
        sys.exit("MNIST is not here: set ZWEI_DATA_DIR to the folder that holds mnist/.")
    programs = Programs(arguments.build)
    doctor = programs.doctor()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(XDG_CONFIG_HOME=home)
        server = display()
        print(f"{processor()}, {CORES} cores; LibTorch {doctor['libtorch']}, {Path(doctor['blas']).name}; "
              f"window on {'Xvfb' if server else 'no display'}")
        try:
            table = Table()
            dense(programs, table, arguments.quick)
            if not arguments.quick:
                time_to_loss(programs, table)
                convolutional(programs, table)
            first_map(programs, table)
            if not arguments.quick:
                growth(programs, table)
            live_view(programs, table, arguments.quick)
            drive(programs, table, arguments.quick)
            images(programs, table)
            parts(programs, table)
            start_up(programs, table)
        finally:
            if server:
                server.terminate()


if __name__ == "__main__":
    main()
