"""Writes pillow.txt: what Pillow makes of two small images (run with Pillow 9.4).

Each line: image, operation, its numbers separated by commas, height, width, pixels in base64
(planes, rows, columns).
"""

import base64
import math
import random

from PIL import Image, ImageEnhance, ImageOps

FILL = {"colour": (130, 121, 97), "grey": 77}
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}


def make(mode, height, width, seed):
    """Waves with some noise, of less than the full range."""
    noise = random.Random(seed)
    bands = []
    for band in range(3 if mode == "RGB" else 1):
        image = Image.new("L", (width, height))
        image.putdata([
            int(118 + 70 * math.sin(0.5 * x + band) * math.cos(0.35 * y - band)
                + noise.randrange(-25, 26))
            for y in range(height) for x in range(width)])
        bands.append(image)
    return Image.merge("RGB", bands) if mode == "RGB" else bands[0]


def posterise(image, bits):
    return ImageOps.posterize(image, bits)


def solarise_add(image, amount):
    table = [min(255, i + amount) if i < 128 else i for i in range(256)]
    return image.point(table * len(image.getbands()))


def warp(image, matrix, name, fill):
    return image.transform(
        image.size, Image.AFFINE, matrix, resample=FILTERS[name], fillcolor=fill)


def centre(image, size, share, resample):
    """The shorter side to size / share, then the middle, as is usual for evaluation."""
    shorter = math.floor(size / share)
    width, height = image.size
    least = min(width, height)
    scaled = (int(shorter * width / least), int(shorter * height / least))
    left, top = round((scaled[0] - size) / 2), round((scaled[1] - size) / 2)
    return image.resize(scaled, resample).crop((left, top, left + size, top + size))


def results(name, image):
    width, height = image.size
    yield "image", (), image
    yield "autocontrast", (), ImageOps.autocontrast(image)
    yield "equalise", (), ImageOps.equalize(image)
    yield "invert", (), ImageOps.invert(image)
    for bits in (1, 3):
        yield "posterise", (bits,), posterise(image, bits)
    for threshold in (77, 256):
        yield "solarise", (threshold,), ImageOps.solarize(image, threshold)
    yield "solariseadd", (76,), solarise_add(image, 76)
    for factor in (0.1, 0.37, 1.63, 1.9):
        yield "colour", (factor,), ImageEnhance.Color(image).enhance(factor)
        yield "contrast", (factor,), ImageEnhance.Contrast(image).enhance(factor)
        yield "brightness", (factor,), ImageEnhance.Brightness(image).enhance(factor)
        yield "sharpness", (factor,), ImageEnhance.Sharpness(image).enhance(factor)
    for kind, resample in FILTERS.items():
        fill = FILL[name]
        for degrees in (-21.0, 13.7):
            yield "rotate-" + kind, (degrees,), image.rotate(
                degrees, resample=resample, fillcolor=fill)
        yield "shearx-" + kind, (-0.21,), warp(image, (1, -0.21, 0, 0, 1, 0), kind, fill)
        yield "sheary-" + kind, (0.17,), warp(image, (1, 0, 0, 0.17, 1, 0), kind, fill)
        yield "translatex-" + kind, (0.315 * width,), warp(
            image, (1, 0, 0.315 * width, 0, 1, 0), kind, fill)
        yield "translatey-" + kind, (-2.75,), warp(image, (1, 0, 0, 0, 1, -2.75), kind, fill)
        for to_height, to_width in ((40, 25), (7, 29), (6, 5)):
            yield "resize-" + kind, (), image.resize((to_width, to_height), resample)
        yield "centre-" + kind, (12, 0.75), centre(image, 12, 0.75, resample)
        yield "window-" + kind, (3, 2, 11, 9), image.crop((2, 3, 11, 14)).resize(
            image.size, resample)


def line(name, operation, numbers, image):
    width, height = image.size
    planes = b"".join(band.tobytes() for band in image.split())
    return " ".join([
        name, operation, ",".join(repr(n) for n in numbers) or "-",
        str(height), str(width), base64.b64encode(planes).decode("ascii")])


with open("pillow.txt", "w", encoding="ascii") as out:
    for name, image in (("colour", make("RGB", 19, 17, 1)), ("grey", make("L", 23, 18, 2))):
        for operation, numbers, result in results(name, image):
            print(line(name, operation, numbers, result), file=out)
