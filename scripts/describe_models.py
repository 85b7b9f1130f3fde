# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the models that ship with Zwei on MNIST's test images and writes resources/models/README.md."""

import argparse
import json
import struct
import subprocess
from pathlib import Path

MODELS = Path(__file__).resolve().parents[1] / "resources" / "models"
ORDER = ["vae", "vae-best", "conv-vae", "cvae", "ae", "aae", "denoise", "superres-2x", "superres-4x"]
START = """# Models that ship with Zwei

All are trained on the 60,000 training images of MNIST by `scripts/pretrain`, and measured on its 10,000 test images by `zwei-cli eval FILE --data mnist`, from these very files (half precision), which no test image has had a part in. `vae` also holds the means and labels of the test images (`test_codes`, `test_labels`), so that the first start can draw the map with no data set on the machine.
"""


def metadata(file):
    """The recipe and the history of a model file."""
    content = file.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    values = json.loads(content[8 : 8 + length])["__metadata__"]
    return json.loads(values["recipe"]), json.loads(values["history"])


def network(recipe):
    """The layers in a few words."""
    words = []
    if recipe["backbone"] == "convolutional":
        words.append("channels " + "-".join(map(str, recipe["channels"])))
    if recipe["bottleneck"] == "skip":
        words.append("U-shaped")
    else:
        words.append("-".join(map(str, [*recipe["hidden"], recipe["latent_size"]])))
    return ", ".join(words)


def table(heading, rows):
    lines = ["", "| " + " | ".join(heading) + " |", "|---" * len(heading) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def number(value, decimals):
    return "-" if value is None else f"{value:.{decimals}f}"


def share(value):
    return "-" if value is None else f"{100 * value:.1f}%"


def training_row(name, file):
    recipe, history = metadata(file)
    return [f"`{name}`", network(recipe), str(len(history)), number(recipe["learning_rate"], 4), recipe["targets"],
            f"{file.stat().st_size / 1e6:.2f}"]


def code_row(name, figures):
    test = figures["test"]
    kls = figures.get("kl_by_dimension")
    likelihood = figures.get("log_likelihood")
    return [f"`{name}`", number(test["neg_elbo"] if kls else None, 2), number(test["reconstruction"], 2),
            " + ".join(number(kl, 2) for kl in kls) if kls else "-", str(figures.get("active_dimensions", "-")),
            f"{likelihood['value']:.2f} ({likelihood['images']:,})" if likelihood else "-",
            share(figures["accuracy_1nn"]), share(figures["accuracy_5nn"]),
            number(figures["trustworthiness"], 4), number(figures["prior_distance"], 3)]


def quality_row(name, figures):
    return [f"`{name}`", number(figures["mse"], 4), number(figures["psnr"], 2), number(figures["ssim"], 4),
            number(figures["bce"], 4), number(figures["bce_above_floor"], 4)]


def restoration_rows(name, figures):
    for restoration in figures.get("restorations", []):
        for row in restoration["rows"]:
            yield [f"`{name}`", restoration["input"], row["method"], number(row["psnr"], 2), number(row["ssim"], 4),
                   number(row.get("bce"), 4)]


def describe(measured):
    """The text, from figures by name."""
    with_code = {name: figures for name, figures in measured.items() if "accuracy_5nn" in figures}
    text = START
    text += table(["preset", "layers", "epochs", "rate", "targets", "MB"],
                  [training_row(name, MODELS / f"{name}.safetensors") for name in measured])
    text += "\nCodes; -ELBO, reconstruction and KL in nats an image (grey targets, one sample), log-likelihood with " \
            "500 importance samples on dynamically binarised images, nearest neighbours of training codes, sliced " \
            "Wasserstein distance to N(0, I):\n"
    text += table(["preset", "-ELBO", "reconstruction", "KL", "active", "log-likelihood (images)", "1-NN", "5-NN",
                   "trustworthiness", "distance"], [code_row(*entry) for entry in with_code.items()])
    text += "\nWhat comes out, against the clean images; cross-entropy (BCE) in nats a pixel:\n"
    text += table(["preset", "MSE", "PSNR, dB", "SSIM", "BCE", "above its floor"],
                  [quality_row(*entry) for entry in measured.items()])
    text += "\nRestored images beside what needs no learning:\n"
    text += table(["preset", "input", "method", "PSNR, dB", "SSIM", "BCE"],
                  [row for entry in measured.items() for row in restoration_rows(*entry)])
    return text


def measure(cli, file):
    # 500 images a test image through a convolutional decoder take half an hour for them all.
    images = 1000 if metadata(file)[0]["backbone"] == "convolutional" else 10000
    command = [cli, "eval", file, "--data", "mnist", "--images", str(images), "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", required=True, help="the zwei-cli to measure with")
    cli = parser.parse_args().cli
    measured = {}
    for name in ORDER:
        file = MODELS / f"{name}.safetensors"
        if file.is_file():
            measured[name] = measure(cli, file)
            print(f"{name} is measured", flush=True)
    readme = MODELS / "README.md"
    # What stands under a heading of its own was measured by another command, which it names.
    _, heading, rest = readme.read_text().partition("\n## ") if readme.is_file() else ("", "", "")
    readme.write_text(describe(measured) + heading + rest)


if __name__ == "__main__":
    main()
