"""Components of label planes beside scikit-image: components.py

Reads found.json, a list of planes with what was found in them: the number of every pixel's component, and for each
component label, box, area, holes, centroid. Prints how many components were compared.
"""

import json

import numpy as np
from skimage.measure import euler_number, label, regionprops

total = 0
for i, found in enumerate(json.load(open("found.json"))):
    shape = (found["rows"], found["columns"])
    plane = np.array(found["plane"], np.int32).reshape(shape)
    connectivity = {4: 1, 8: 2}[found["connectivity"]]
    numbers = label(plane, connectivity=connectivity)
    if connectivity == 2:
        assert (numbers == label(plane)).all(), "eight is no longer the default"
    assert (numbers == np.array(found["numbers"]).reshape(shape)).all(), (i, plane, numbers)
    regions = regionprops(numbers)
    assert len(regions) == len(found["whole"]), i
    for region, whole, centroid in zip(regions, found["whole"], found["centroids"]):
        row0, column0, row1, column1 = region.bbox
        # One object: its Euler number is one less its holes.
        holes = 1 - euler_number(np.pad(region.image, 1), connectivity=connectivity)
        one = plane[tuple(region.coords[0])]
        assert whole == [one, column0, row0, column1, row1, region.area, holes], (i, whole, plane)
        row, column = region.centroid
        assert np.allclose(centroid, [column + 0.5, row + 0.5], rtol=1e-14, atol=0), (i, centroid)
        total += 1
print(total)
