"""pydicom writes DICOM slides as scanners split them over instances.

  make_dicom_slides.py FOLDER CASE...     NAME_0.dcm, NAME_1.dcm ... of each case into the folder
"""

import os
import sys

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

generator = np.random.default_rng(3)
TILE = 64


def tissue(columns, rows, seed=0):
    y, x = np.mgrid[0:rows, 0:columns]
    picture = np.stack([(x + y) % 97 + 130, (2 * x + y) % 89 + 120, (x + 3 * y) % 83 + 140], -1) + 10 * seed
    return np.clip(picture + generator.integers(-9, 9, picture.shape), 0, 255).astype(np.uint8)


def tiles(matrix):
    """Places and tiles of a matrix, row by row; what is over the edge is black."""
    rows, columns = matrix.shape[:2]
    for r in range(0, rows, TILE):
        for c in range(0, columns, TILE):
            part = matrix[r : r + TILE, c : c + TILE]
            pad = [(0, TILE - part.shape[0]), (0, TILE - part.shape[1])] + [(0, 0)] * (part.ndim - 2)
            yield (c, r), np.pad(part, pad)


class Slide:
    """The instances of one series, written as they come."""

    def __init__(self, name):
        self.name, self.count = name, 0
        self.root = "1.2.826.0.1.3680043.9.7." + str(sum(name.encode()) + 1000)

    def write(self, layers, names=("1",), spacing=0.0005, power=20, kind="ORIGINAL\\PRIMARY\\VOLUME\\NONE",
              only=None, sparse=None, concatenation=None, bits=None):
        """`layers[path][plane]` are matrices. `only` is a range of all frames; `sparse` picks places by their number,
        and has the tiles say where they lie; `concatenation` names one."""
        frames = [
            (place, tile, path, plane)
            for path, planes in enumerate(layers)
            for plane, matrix in enumerate(planes)
            for place, tile in tiles(matrix)
        ]
        first = layers[0][0]
        across = len(list(tiles(first)))
        chosen = range(len(frames)) if only is None else only
        if sparse is not None:
            chosen = [i for i in chosen if sparse(i % across)]
        data = Dataset()
        data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.6"
        data.SOPInstanceUID = f"{self.root}.1.{self.count + 1}"
        data.StudyInstanceUID, data.SeriesInstanceUID = self.root, self.root + ".1"
        data.Modality, data.PatientID, data.ImageType = "SM", "P" + self.name, kind.split("\\")
        data.InstanceNumber = self.count + 1
        data.DimensionOrganizationType = "TILED_FULL" if sparse is None else "TILED_SPARSE"
        if concatenation:
            data.ConcatenationUID = self.root + ".9." + concatenation
            data.InConcatenationNumber = self.count + 1
            data.ConcatenationFrameOffsetNumber = chosen[0]
        is_grey = first.ndim == 2
        data.SamplesPerPixel = 1 if is_grey else 3
        data.PhotometricInterpretation = "MONOCHROME2" if is_grey else "RGB"
        if not is_grey:
            data.PlanarConfiguration = 0
        data.NumberOfFrames, data.Rows, data.Columns = len(chosen), TILE, TILE
        data.BitsAllocated = first.itemsize * 8
        data.BitsStored = bits or data.BitsAllocated
        data.HighBit, data.PixelRepresentation = data.BitsStored - 1, 0
        data.TotalPixelMatrixColumns, data.TotalPixelMatrixRows = first.shape[1], first.shape[0]
        data.TotalPixelMatrixFocalPlanes = len(layers[0])
        data.SpecimenLabelInImage, data.BurnedInAnnotation = "NO", "NO"
        data.ImageOrientationSlide = [0, -1, 0, -1, 0, 0]
        data.OpticalPathSequence = []
        for name in names:
            path = Dataset()
            path.OpticalPathIdentifier = name
            if power:
                path.ObjectiveLensPower = power
            data.OpticalPathSequence.append(path)
        shared, measures = Dataset(), Dataset()
        if spacing:
            measures.PixelSpacing = [spacing, spacing]
        shared.PixelMeasuresSequence = [measures]
        data.SharedFunctionalGroupsSequence = [shared]
        if sparse is not None:
            data.PerFrameFunctionalGroupsSequence = []
            for i in chosen:
                (c, r), _, path, plane = frames[i]
                group, position, identity = Dataset(), Dataset(), Dataset()
                position.ColumnPositionInTotalImagePixelMatrix = c + 1
                position.RowPositionInTotalImagePixelMatrix = r + 1
                position.ZOffsetInSlideCoordinateSystem = float(plane)
                identity.OpticalPathIdentifier = names[path]
                group.PlanePositionSlideSequence = [position]
                group.OpticalPathIdentificationSequence = [identity]
                data.PerFrameFunctionalGroupsSequence.append(group)
        data.PixelData = b"".join(frames[i][1].tobytes() for i in chosen)
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        file = FileDataset(None, data, file_meta=meta, preamble=bytes(128))
        file.save_as(f"{self.name}_{self.count}.dcm", enforce_file_format=True)
        self.count += 1


def whole(columns, rows):
    return [[tissue(columns, rows)]]


def levels(slide, resampled="NONE"):
    """Three levels, each saying the power of the lens; the smaller ones do not say that they were resampled."""
    full = tissue(600, 400)
    for i in range(3):
        kind = "ORIGINAL\\PRIMARY\\VOLUME\\NONE" if i == 0 else "DERIVED\\PRIMARY\\VOLUME\\" + resampled
        slide.write([[full[:: 2**i, :: 2**i]]], spacing=0.0005 * 2**i, kind=kind)
    slide.write(whole(128, 64), kind="ORIGINAL\\PRIMARY\\LABEL\\NONE", spacing=None)
    slide.write(whole(192, 64), kind="ORIGINAL\\PRIMARY\\OVERVIEW\\NONE", spacing=None)


def lower(slide):
    """The second level of three alone, which says that it was resampled."""
    slide.write(whole(300, 200), spacing=0.001, kind="DERIVED\\PRIMARY\\VOLUME\\RESAMPLED")


def silent(slide):
    """Two levels that do not say how large their pixels are."""
    full = tissue(600, 400)
    slide.write([[full]], spacing=None)
    slide.write([[full[::2, ::2]]], spacing=None)


def contradicting(slide):
    """Two levels that say the same of their pixels."""
    slide.write(whole(600, 400))
    slide.write(whole(300, 200))


def concatenation(slide, left_out=()):
    """70 tiles in three instances (but for those left out), and a smaller level in one."""
    picture = whole(600, 400)
    for number, part in enumerate([range(0, 31), range(31, 40), range(40, 70)]):
        if number not in left_out:
            slide.write(picture, only=part, concatenation="1")
        else:
            slide.count += 1
    slide.write([[picture[0][0][::4, ::4]]], spacing=0.002)


def sparse(slide):
    """Every tile in one of two instances, but for some that nobody scanned."""
    picture = whole(600, 400)
    slide.write(picture, sparse=lambda i: i % 3 == 0)
    slide.write(picture, sparse=lambda i: i % 3 == 1)


def paths(slide):
    """Two optical paths in three focal planes in one instance, and a third path in another."""
    slide.write([[tissue(200, 150, 3 * p + z) for z in range(3)] for p in range(2)], names=("b", "a"))
    slide.write(whole(200, 150), names=("c",))


def planes(slide):
    """Four focal planes whose tiles say where they lie, in two instances."""
    layers = [[tissue(200, 150, z) for z in range(4)]]
    slide.write(layers, sparse=lambda i: i % 2 == 0)
    slide.write(layers, sparse=lambda i: i % 2 == 1)


def grey(slide):
    """Two optical paths of 12 bits in 16, one much darker; tiles that nobody scanned. And one path of 8 bits."""
    y, x = np.mgrid[0:150, 0:200]
    spots = (np.exp(-((x % 50 - 25) ** 2 + (y % 40 - 20) ** 2) / 90) * 3000).astype(np.uint16) + (x + y).astype(np.uint16)
    slide.write([[spots], [spots // 9]], names=("DAPI", "FITC"), sparse=lambda i: i % 5 != 2, bits=12)
    slide.write([[(spots >> 4).astype(np.uint8)]], names=("TRITC",))


def twice(slide):
    """Two whole scans of one size, and one of another shape."""
    slide.write(whole(600, 400))
    slide.write(whole(600, 400))
    slide.write(whole(400, 600))


cases = dict(
    levels=levels, lower=lower, silent=silent, contradicting=contradicting, concatenation=concatenation,
    torn=lambda slide: concatenation(slide, left_out=(1,)), mended=lambda _: concatenation(Slide("torn")),
    sparse=sparse, grey=grey, paths=paths, planes=planes, twice=twice)
if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    os.chdir(sys.argv[1])
    for name in sys.argv[2:]:
        cases[name](Slide(name))
