"""Code points by Unicode's East Asian Width: wide and full-width ones, or with `narrow` the others.

Marks, controls, unassigned code points and regional indicators (half a flag) are left out.
"""

import sys
import unicodedata

narrow = sys.argv[1:] == ["narrow"]
for point in range(0x20, 0x40000):
    character = chr(point)
    if unicodedata.category(character) in ("Mn", "Me", "Cc", "Cf", "Cs", "Cn"):
        continue
    if 0x1F1E6 <= point <= 0x1F1FF:
        continue
    if (unicodedata.east_asian_width(character) in "WF") != narrow:
        print(f"{point:x}")
