"""Reads lines of JSON that gmai-prep wrote and says what Python's own json makes of them.

numbers.json: an array of floats. Each must have a point, and the digits of Python's shortest repr;
their bits go to numbers.bin as float64. tree.json: one value, written again by json.dumps to
standard output, without blanks and with UTF-8 kept.
"""

import array
import json
from decimal import Decimal

with open("numbers.json", encoding="utf-8") as file:
    text = file.read()
numbers = json.loads(text)
for token, number in zip(text.strip()[1:-1].split(","), numbers, strict=True):
    assert "." in token, token
    assert isinstance(number, float), token
    assert Decimal(token).normalize() == Decimal(repr(number)).normalize(), token
with open("numbers.bin", "wb") as file:
    array.array("d", numbers).tofile(file)

with open("tree.json", encoding="utf-8", newline="") as file:
    tree = json.load(file)
print(json.dumps(tree, ensure_ascii=False, separators=(",", ":")), end="")
