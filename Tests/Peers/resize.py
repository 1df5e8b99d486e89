"""Pillow's resize, without reducing_gap.

    resize.py

Reads jobs.txt, a line each: mode, filter, columns, rows, new columns, new rows. The pictures' samples lie one after the
other in pictures.bin, and those of the new ones are written to resized.bin likewise.
"""

from PIL import Image

SIZES = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "F": 4}

with open("pictures.bin", "rb") as pictures, open("resized.bin", "wb") as out:
    for line in open("jobs.txt"):
        mode, name, *sides = line.split()
        columns, rows, new_columns, new_rows = map(int, sides)
        samples = pictures.read(columns * rows * SIZES[mode])
        picture = Image.frombytes(mode, (columns, rows), samples)
        out.write(picture.resize((new_columns, new_rows), Image.Resampling[name.upper()]).tobytes())
