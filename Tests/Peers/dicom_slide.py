"""pydicom decodes every .dcm of the folder; numpy puts the tiles of each level together.

Files that share the matrix' size are one level. NAME.rgb of the first of them gets the level's red,
green and blue on white, NAME.raw its stored values, 0 where no tile is; the line printed for it is NAME,
columns, rows, and how many pixels no tile covers. Arguments, if any: the optical path, and the index of the focal plane.
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


def paths_of(data):
    return [item.OpticalPathIdentifier for item in data.get("OpticalPathSequence", [])] or [None]


def frames_of(data):
    count = int(data.get("NumberOfFrames", 1))
    if data.file_meta.TransferSyntaxUID == pydicom.uid.JPEGBaseline8Bit:
        coded = generate_frames(data.PixelData, number_of_frames=count)
        return np.stack([np.asarray(Image.open(io.BytesIO(frame)).convert("RGB")) for frame in coded])
    frames = data.pixel_array
    return frames[None] if count == 1 else frames


def full(data, wanted, plane):
    """Frame, row and column of each tile of a TILED_FULL instance."""
    rows, columns = data.TotalPixelMatrixRows, data.TotalPixelMatrixColumns
    names = paths_of(data)
    order = [
        (name, z, r, c)
        for name in names
        for z in range(data.get("TotalPixelMatrixFocalPlanes", 1))
        for r in range(0, rows, data.Rows)
        for c in range(0, columns, data.Columns)
    ][data.get("ConcatenationFrameOffsetNumber", 0) :]
    return [(i, r, c) for i, (name, z, r, c) in enumerate(order) if name == (wanted or names[0]) and z == plane]


def sparse(files, wanted, plane):
    """Number of the file, frame, row and column of each tile of instances that say where theirs are."""
    depths = {}
    for number, data in enumerate(files):
        names = paths_of(data)
        for i, group in enumerate(data.PerFrameFunctionalGroupsSequence):
            position = group.PlanePositionSlideSequence[0]
            name = names[0]
            if "OpticalPathIdentificationSequence" in group:
                name = group.OpticalPathIdentificationSequence[0].OpticalPathIdentifier
            if name != (wanted or paths_of(files[0])[0]):
                continue
            place = (position.RowPositionInTotalImagePixelMatrix - 1, position.ColumnPositionInTotalImagePixelMatrix - 1)
            z = float(position.get("ZOffsetInSlideCoordinateSystem", 0))
            depths.setdefault(place, []).append((z, number, i))
    return sorted((*sorted(found)[plane][1:], *place) for place, found in depths.items())


def level(files, wanted=None, plane=0, background=255):
    """The matrix of the data sets of one level in their own values, and which of its pixels a tile covers."""
    rows, columns = files[0].TotalPixelMatrixRows, files[0].TotalPixelMatrixColumns
    if files[0].get("DimensionOrganizationType") == "TILED_FULL":
        tiles = [(n, *tile) for n, data in enumerate(files) for tile in full(data, wanted, plane)]
    else:
        tiles = sparse(files, wanted, plane)
    frames = [frames_of(data) for data in files]
    matrix = np.full((rows, columns) + frames[0].shape[3:], background, frames[0].dtype)
    covered = np.zeros((rows, columns), bool)
    for number, i, r, c in tiles:
        if i < len(frames[number]):
            part = matrix[r : r + files[number].Rows, c : c + files[number].Columns]
            part[:] = frames[number][i][: part.shape[0], : part.shape[1]]
            covered[r : r + files[number].Rows, c : c + files[number].Columns] = True
    return matrix, covered


def main(wanted=None, plane=0):
    levels = {}
    for path in sorted(glob.glob("*.dcm")):
        data = pydicom.dcmread(path)
        if data.ImageType[2] == "VOLUME" and data.get("SpecimenLabelInImage") != "YES":
            size = (data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows)
            levels.setdefault(size, []).append((path, data))
    for (columns, rows), files in levels.items():
        matrix, covered = level([data for _, data in files], wanted, int(plane))
        name = os.path.splitext(files[0][0])[0]
        np.where(covered.reshape(covered.shape + (1,) * (matrix.ndim - 2)), matrix, 0).tofile(name + ".raw")
        if matrix.ndim == 2:
            matrix = np.repeat(matrix[..., None], 3, axis=2)
        matrix.astype(np.uint8).tofile(name + ".rgb")
        print(name, columns, rows, int((~covered).sum()))


if __name__ == "__main__":
    main(*sys.argv[1:])
