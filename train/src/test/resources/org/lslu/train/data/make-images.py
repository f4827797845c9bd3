"""Writes the images of this directory; needs Debian's python3-pil (9.4) and nothing else.

    python3 make-images.py DIRECTORY

Every image has four quarters of plain colour, so that a reader's orientation and colours can be told
from four of its pixels: red, green, blue, and a light grey, from top left in the order of reading.
"""

import pathlib
import sys

from PIL import Image

SIZE = (24, 16)  # width, height
QUARTERS = [(208, 32, 48), (32, 160, 64), (32, 64, 192), (224, 224, 224)]
target = pathlib.Path(sys.argv[1])


def quarters(colours, mode="RGB"):
    image = Image.new(mode, SIZE)
    for place, colour in enumerate(colours):
        x, y = place % 2 * SIZE[0] // 2, place // 2 * SIZE[1] // 2
        image.paste(colour, (x, y, x + SIZE[0] // 2, y + SIZE[1] // 2))
    return image


def clamped(value):
    return max(0, min(255, round(value)))


rgb = quarters(QUARTERS)
rgba = rgb.copy()
rgba.putalpha(Image.new("L", SIZE, 255))
rgba.paste((0, 0, 0, 0), (0, 0, 12, 8))  # the first quarter is transparent black
rgba.paste((32, 160, 64, 128), (12, 0, 24, 8))  # the second half transparent

rgb.save(target / "lossy.webp", quality=90)
rgb.save(target / "lossless.webp", lossless=True)
rgba.save(target / "alpha.webp", lossless=True, exact=True)
rgba.save(target / "alpha-lossy.webp", quality=90)
rgb.convert("L").save(target / "grey.webp", lossless=True)
exif = Image.Exif()
exif[0x0112] = 6  # stored turned to the left: turn to the right to see it upright
turned = rgb.transpose(Image.Transpose.ROTATE_90)
turned.save(target / "turned.webp", lossless=True, exif=exif)
turned.save(target / "turned.png", exif=exif)
rgb.save(
    target / "animated.webp", lossless=True, save_all=True, append_images=[quarters(QUARTERS[::-1])]
)

# First frame of two; the palette's last colour is transparent.
rgb.save(target / "animated.gif", save_all=True, append_images=[quarters(QUARTERS[::-1])])
palette = rgb.quantize(8)
palette.save(target / "palette.png")
palette.save(target / "palette.bmp")
clear = rgb.quantize(8)
clear.save(target / "clear.gif", transparency=clear.getpixel((0, 0)))
clear.save(target / "clear.png", transparency=clear.getpixel((0, 0)))
rgb.save(target / "colour.bmp")
rgb.convert("L").convert("1", dither=Image.Dither.NONE).save(target / "two.bmp")
rgba.save(target / "alpha.png")
rgb.convert("L").convert("LA").save(target / "grey-alpha.png")
Image.merge("I;16", [Image.new("I;16", SIZE, 257 * 100)]).save(target / "grey-16.png")
rgb.save(target / "progressive.jpg", quality=95, progressive=True, subsampling=0)
rgb.convert("L").save(target / "grey.jpg", quality=95)

# Pillow stores 255 − value, as Adobe does.
inks = [tuple(255 - c for c in colour) + (0,) for colour in QUARTERS[:3]] + [(0, 0, 0, 31)]
quarters(inks, "CMYK").save(target / "cmyk.jpg", quality=95, subsampling=0)


# YCCK: the same inks, stored as luma and chroma; Pillow writes four plain channels, so they are made here
# and the marker says afterwards what they are.
def ycck(ink):
    r, g, b = ink[:3]
    stored = (
        0.299 * r + 0.587 * g + 0.114 * b,
        128 - 0.168736 * r - 0.331264 * g + 0.5 * b,
        128 + 0.5 * r - 0.418688 * g - 0.081312 * b,
        255 - ink[3],
    )
    return tuple(255 - clamped(value) for value in stored)


path = target / "ycck.jpg"
quarters([ycck(ink) for ink in inks], "CMYK").save(path, quality=95, subsampling=0)
data = bytearray(path.read_bytes())
data[data.index(b"Adobe") + 11] = 2
path.write_bytes(data)
