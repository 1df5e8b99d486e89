"""tifffile reads the tiled levels of the TIFF named: page i goes to i.rgb, its size and place to stdout.

Grey becomes red, green and blue alike. Alpha that is not associated is multiplied in, as libtiff does
it (value x alpha + 127) / 255, and laid over white.
"""

import sys

import numpy as np
import tifffile

with tifffile.TiffFile(sys.argv[1]) as file:
    tiled = [page for page in file.pages if page.is_tiled]
    for i, page in enumerate(tiled):
        array = page.asarray()
        if page.planarconfig.name == "SEPARATE":
            array = np.moveaxis(array, 0, -1)
        if array.ndim == 2:
            array = array[..., None]
        array = array.astype(np.int64)
        if array.shape[2] in (2, 4):
            alpha = array[..., -1:]
            assert page.extrasamples[0].name == "UNASSALPHA", page.extrasamples
            color = (array[..., :-1] * alpha + 127) // 255
            array = np.minimum(color + ((255 - alpha) * 255 + 127) // 255, 255)
        if array.shape[2] == 1:
            array = np.repeat(array, 3, axis=2)
        array.astype(np.uint8).tofile(f"{i}.rgb")
        print(array.shape[1], array.shape[0])
