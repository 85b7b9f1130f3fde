# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/fuzz/seeds anew: for each reader small files of the kinds that it reads, from which libFuzzer starts.

They are what the programs themselves write (tiny models, a settings file), the first images of a data set, and small
images of every format that Qt reads here.
"""

import argparse
import gzip
import hashlib
import io
import json
import struct
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
TINY = ["--epochs", "1", "--batch", "10000", "--latent", "2"]
STAGES = ["--backbone", "convolutional", "--channels", "1,1,1,1,1", "--hidden", "2"]
MODELS = {
    "vae": [*STAGES, "--half"],
    "strided": [*STAGES, "--resampling", "strided", "--bottleneck", "conditional", "--half"],
    "with-codes": ["--backbone", "convolutional", "--channels", "1,1,1,1,1", "--hidden", "1", "--half", "--with-codes"],
    "skip": ["--input", "noisy", "--bottleneck", "skip", "--backbone", "convolutional", "--channels", "1", "--half"],
    "stopped": ["--input", "noisy", "--bottleneck", "skip", "--backbone", "convolutional", "--channels", "1"],
    "dense": ["--hidden", "1", "--bottleneck", "plain", "--half"],
}


def first_images(data, part, count):
    """IDX bytes of the first images and of their labels."""
    images = gzip.open(next(data.glob(f"{part}-images*"))).read()
    labels = gzip.open(next(data.glob(f"{part}-labels*"))).read()
    return (struct.pack(">4I", 0x803, count, 28, 28) + images[16 : 16 + 784 * count],
            struct.pack(">2I", 0x801, count) + labels[8 : 8 + count])


def write_models(cli, data, folder):
    """A model a kind, each trained for a moment on ten images."""
    seeds = {}
    with tempfile.TemporaryDirectory() as scratch:
        few = Path(scratch) / "few"
        few.mkdir()
        for part in ("train", "t10k"):
            images, labels = first_images(data, part, 10)
            (few / f"{part}-images-idx3-ubyte").write_bytes(images)
            (few / f"{part}-labels-idx1-ubyte").write_bytes(labels)
        for name, options in MODELS.items():
            out = Path(scratch) / f"{name}.safetensors"
            subprocess.run([cli, "train", "--data-dir", scratch, "--data", "few", *TINY, *options, "--out", out],
                           check=True, capture_output=True)
            seeds[name] = out.read_bytes()
    for reader in ("safetensors", "model"):
        for name, content in seeds.items():
            write(folder / reader / f"{name}.safetensors", content)
    return seeds


def recipes_of(models):
    """The recipes that the models hold, as JSON texts."""
    texts = {}
    for name, content in models.items():
        length = struct.unpack("<Q", content[:8])[0]
        texts[name] = json.loads(content[8 : 8 + length])["__metadata__"]["recipe"]
    return texts


def write_images(pixels, folder):
    """The same few digits as small images of several formats, and as bare pages (see image_fuzz.cpp)."""
    digit = Image.frombytes("L", (28, 28), pixels[:784])
    page = Image.new("L", (40, 24), 255)
    for i in range(2):
        dark = Image.frombytes("L", (28, 28), bytes(255 - v for v in pixels[784 * i : 784 * i + 784]))
        page.paste(dark.crop((4, 4, 24, 24)), (20 * i, 2))
    formats = {"png": {}, "bmp": {}, "gif": {}, "ico": {}, "jpeg": {"quality": 60}, "ppm": {}, "xbm": {}}
    for suffix, options in formats.items():
        for name, image in (("digit", digit), ("page", page)):
            stored = io.BytesIO()
            image.convert("1" if suffix == "xbm" else "L").save(stored, suffix, **options)
            write(folder / f"{name}.{suffix}", stored.getvalue())
    colours = page.convert("RGBA")
    colours.putalpha(digit.resize(page.size))
    for suffix, image in (("png", colours), ("bmp", colours.convert("RGB")), ("ppm", colours.convert("RGB").resize((14, 10)))):
        stored = io.BytesIO()
        image.save(stored, suffix)
        write(folder / f"colours.{suffix}", stored.getvalue())
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    stored = io.BytesIO()
    page.save(stored, "jpeg", exif=exif, quality=40)
    write(folder / "turned.jpeg", stored.getvalue())
    write(folder / "digit.xpm", b'/* XPM */\nstatic char *x[] = {\n"4 3 2 1",\n". c #000000",\n"o c white",\n"..o.",\n".oo.",\n"...o"};\n')
    for name, image in (("digit", digit), ("page", page)):
        write(folder / f"{name}.page", b"Z" + bytes([image.width - 1, image.height - 1]) + image.tobytes())


def write_settings(recipes, folder):
    """As QSettings writes them: the texts of recipes are quoted and escaped."""
    state = bytes.fromhex("01d9d0cb00030000000000640000006400005c6300000383")
    blob = "".join(f"\\x{byte:x}" for byte in hashlib.md5(state).digest() + state)
    for name, recipe in recipes.items():
        quoted = recipe.replace("\\", "\\\\").replace('"', '\\"')
        lines = ["[General]", f'dataset={name}', f'docks="@ByteArray({blob})"', f'geometry="@ByteArray({blob})"',
                 "linked=true", f'recipe="{quoted}"', "recentModels=/tmp/a.safetensors, /tmp/b.safetensors",
                 "theme=dark", "tiles=20", ""]
        write(folder / f"{name}.conf", "\n".join(lines).encode())
    write(folder / "empty.conf", b"")
    write(folder / "text.conf", b"This is no settings file.\n[[\n%%=;;\n")
    write(folder / "wrong.conf", b"[General]\ndataset=@Size(1 2)\nlinked=maybe\nrecipe=@ByteArray({)\ntheme=\ntiles=many\n")


def write(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", required=True, type=Path, help="zwei-cli")
    parser.add_argument("--data", required=True, type=Path, help="folder with the four IDX files of MNIST")
    arguments = parser.parse_args()
    folder = HERE / "seeds"

    images, labels = first_images(arguments.data, "t10k", 3)
    models = write_models(arguments.cli, arguments.data, folder)
    recipes = recipes_of(models)
    for name, recipe in recipes.items():
        write(folder / "recipe" / f"{name}.json", b"2" + recipe.encode())
    for name, content in (("images", images), ("labels", labels)):
        write(folder / "idx" / name, content)
        write(folder / "idx" / f"{name}.gz", gzip.compress(content, mtime=0))
    write_images(images[16:], folder / "image")
    write_settings(recipes, folder / "settings")
    for reader in sorted(path.name for path in folder.iterdir()):
        sizes = [path.stat().st_size for path in (folder / reader).iterdir()]
        print(f"{reader}: {len(sizes)} seeds of {min(sizes)} to {max(sizes)} bytes")


if __name__ == "__main__":
    main()
