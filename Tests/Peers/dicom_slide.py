"""pydicom decodes every .dcm of the folder; numpy puts the tiles of each level together.

Files that share the matrix' size are one level. NAME.rgb of the first of them gets the level's red,
green and blue on white; the line printed for it is NAME, columns, rows, and how many pixels no tile
covers. Arguments, if any: the optical path, and the index of the focal plane.
"""

import glob
import io
import os
import sys
import warnings

import numpy as np
import pydicom
from PIL import Image
from pydicom.encaps import generate_frames

warnings.simplefilter("ignore")
wanted = sys.argv[1] if len(sys.argv) > 1 else None
plane = int(sys.argv[2]) if len(sys.argv) > 2 else 0
levels = {}
for path in sorted(glob.glob("*.dcm")):
    data = pydicom.dcmread(path)
    if data.ImageType[2] == "VOLUME" and data.get("SpecimenLabelInImage") != "YES":
        levels.setdefault((data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows), []).append((path, data))

for (columns, rows), files in levels.items():
    level = np.full((rows, columns, 3), 255, np.uint8)
    covered = np.zeros((rows, columns), bool)
    for path, data in files:
        count = int(data.get("NumberOfFrames", 1))
        if data.file_meta.TransferSyntaxUID == pydicom.uid.JPEGBaseline8Bit:
            coded = generate_frames(data.PixelData, number_of_frames=count)
            frames = np.stack([np.asarray(Image.open(io.BytesIO(frame)).convert("RGB")) for frame in coded])
        else:
            frames = data.pixel_array
            frames = frames[None] if count == 1 else frames
        if frames.ndim == 3:
            frames = np.repeat(frames[..., None], 3, axis=3)
        names = [item.OpticalPathIdentifier for item in data.get("OpticalPathSequence", [])] or [None]
        places = []
        if data.get("DimensionOrganizationType") == "TILED_FULL":
            order = [
                (name, z, r, c)
                for name in names
                for z in range(data.get("TotalPixelMatrixFocalPlanes", 1))
                for r in range(0, rows, data.Rows)
                for c in range(0, columns, data.Columns)
            ][data.get("ConcatenationFrameOffsetNumber", 0) :]
            places = [(i, r, c) for i, (name, z, r, c) in enumerate(order) if name == (wanted or names[0]) and z == plane]
        else:
            depths = {}
            for i, group in enumerate(data.PerFrameFunctionalGroupsSequence):
                position = group.PlanePositionSlideSequence[0]
                name = names[0]
                if "OpticalPathIdentificationSequence" in group:
                    name = group.OpticalPathIdentificationSequence[0].OpticalPathIdentifier
                if name != (wanted or names[0]):
                    continue
                place = (position.RowPositionInTotalImagePixelMatrix - 1, position.ColumnPositionInTotalImagePixelMatrix - 1)
                depths.setdefault(place, []).append((float(position.get("ZOffsetInSlideCoordinateSystem", 0)), i))
            places = sorted((sorted(found)[plane][1], *place) for place, found in depths.items())
        for i, r, c in places:
            if i < len(frames):
                part = level[r : r + data.Rows, c : c + data.Columns]
                part[:] = frames[i][: part.shape[0], : part.shape[1]]
                covered[r : r + data.Rows, c : c + data.Columns] = True
    name = os.path.splitext(files[0][0])[0]
    level.tofile(name + ".rgb")
    print(name, columns, rows, int((~covered).sum()))
