"""Pillow's bicubic resize.

    resize.py

Reads jobs.txt, a line each: name, columns, rows, channels, new columns, new rows; NAME.in holds the samples. Writes
NAME.out.
"""

from PIL import Image

for line in open("jobs.txt"):
    name, columns, rows, channels, new_columns, new_rows = line.split()
    mode = "L" if channels == "1" else "RGB"
    picture = Image.frombytes(mode, (int(columns), int(rows)), open(name + ".in", "rb").read())
    resized = picture.resize((int(new_columns), int(new_rows)), Image.Resampling.BICUBIC)
    open(name + ".out", "wb").write(resized.tobytes())
