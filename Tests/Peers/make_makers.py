"""Small slides as the programs of microscopes' makers lay them out, in the formats that OpenSlide reads.

  make_makers.py FOLDER NAME...     writes those named into the folder

Of each format that is written which OpenSlide asks for (openslide.org/formats): levels of generated tissue, label,
overview and thumbnail where it has them, size of a pixel and objective power. Label and overview are of one colour
that no tissue has.
"""

import io
import os
import sqlite3
import struct
import sys

import numpy as np
import tifffile
from PIL import Image

generator = np.random.default_rng(11)
label = np.full((64, 96, 3), (255, 0, 255), np.uint8)
macro = np.full((96, 160, 3), (0, 255, 255), np.uint8)
JPEG = dict(compression="jpeg", compressionargs={"level": 90}, photometric="rgb", metadata=None)


def tissue(columns, rows):
    """Smooth pale colours with grain, different everywhere."""
    y, x = np.mgrid[0:rows, 0:columns]
    picture = np.stack([(x + y) % 97 + 130, (2 * x + y) % 89 + 120, (x + 3 * y) % 83 + 140], -1)
    return np.clip(picture + generator.integers(-9, 9, picture.shape), 0, 255).astype(np.uint8)


def pyramid(columns, rows, count):
    """Each level half of the last, by leaving out."""
    full = tissue(columns, rows)
    return [full[:: 2**i, :: 2**i] for i in range(count)]


def jpeg(picture, **more):
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=90, subsampling=0, **more)
    return out.getvalue()


def aperio():
    words = "Aperio Image Library v1\r\n{0}x{1} [0,0 {0}x{1}] (128x128) JPEG/RGB Q=90|AppMag = 20|MPP = 0.5"
    levels = pyramid(1024, 768, 3)
    with tifffile.TiffWriter("aperio.svs") as file:
        for i, level in enumerate(levels):
            description = words.format(level.shape[1], level.shape[0])
            file.write(level, tile=(128, 128), description=description, subfiletype=int(i > 0), **JPEG)
            if i == 0:
                file.write(levels[2], rowsperstrip=192, description=description, **JPEG)
        for name, picture, kind in [("label", label, 1), ("macro", macro, 9)]:
            file.write(
                picture, rowsperstrip=96, description=f"Aperio Image Library v1\n{name} 96x64", subfiletype=kind,
                **JPEG)


def philips():
    levels = pyramid(1024, 768, 3)

    def attribute(name, value):
        return f'<Attribute Name="{name}" Group="0x0028" Element="0x0030" PMSVR="IDoubleArray">{value}</Attribute>'

    def array(name, objects):
        return attribute(name, f"<Array>{''.join(objects)}</Array>")

    sizes = [0.0005 * 2**i for i in range(3)]
    representations = [
        '<DataObject ObjectType="PixelDataRepresentation">'
        + attribute("DICOM_PIXEL_SPACING", f"&quot;{size}&quot; &quot;{size}&quot;")
        + "</DataObject>"
        for size in sizes
    ]
    main = (
        '<DataObject ObjectType="DPScannedImage">' + attribute("PIM_DP_IMAGE_TYPE", "WSI")
        + attribute("DICOM_PIXEL_SPACING", "&quot;0.0005&quot; &quot;0.0005&quot;")
        + array("PIIM_PIXEL_DATA_REPRESENTATION_SEQUENCE", representations) + "</DataObject>"
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" ?><DataObject ObjectType="DPUfsImport">'
        + attribute("DICOM_MANUFACTURER", "PHILIPS") + array("PIM_DP_SCANNED_IMAGES", [main]) + "</DataObject>"
    )
    with tifffile.TiffWriter("philips.tiff", bigtiff=True) as file:
        for i, level in enumerate(levels):
            file.write(
                level, tile=(128, 128), description=xml if i == 0 else "level", subfiletype=int(i > 0),
                software="Philips DP v1.0" if i == 0 else False, **JPEG)
        for name, picture in [("Macro", macro), ("Label", label)]:
            file.write(picture, rowsperstrip=96, description=name, software=False, **JPEG)


def leica(name="leica.scn", coding=JPEG, tile=(128, 128)):
    levels = pyramid(1024, 768, 3)
    # Clicks are nanometres here: 500 a pixel. The scan lies within the glass.
    def image(name, offset, size, dimensions):
        lines = "".join(
            f'<dimension sizeX="{columns}" sizeY="{rows}" ifd="{ifd}"/>' for ifd, columns, rows in dimensions
        )
        return (
            f'<image name="{name}"><creationDate>2000-01-01</creationDate><device model="Leica SCN400" version="1"/>'
            f'<pixels>{lines}</pixels><view sizeX="{size[0]}" sizeY="{size[1]}" offsetX="{offset[0]}" '
            f'offsetY="{offset[1]}"/><scanSettings><objectiveSettings><objective>20</objective></objectiveSettings>'
            "<illuminationSettings><numericalAperture>0.4</numericalAperture><illuminationSource>brightfield"
            "</illuminationSource></illuminationSettings></scanSettings></image>"
        )

    glass = (800_000, 480_000)
    images = image("macro", (0, 0), glass, [(0, 160, 96)])
    images += image(
        "scan", (128_000, 64_000), (512_000, 384_000), [(i + 1, 1024 >> i, 768 >> i) for i in range(3)]
    )
    xml = (
        '<?xml version="1.0"?><scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01"><collection '
        f'name="c" sizeX="{glass[0]}" sizeY="{glass[1]}"><barcode>Quixotic</barcode>{images}</collection></scn>'
    )
    with tifffile.TiffWriter(name, bigtiff=True) as file:
        file.write(macro, tile=(16, 16), description=xml, resolution=(2, 2), resolutionunit=3, **JPEG)
        for i, level in enumerate(levels):
            per_centimetre = 20_000 / 2**i
            file.write(
                level, tile=tile, resolution=(per_centimetre, per_centimetre), resolutionunit=3,
                subfiletype=int(i > 0), **coding)


def leica_small():
    """The smallest level is lower than one of its tiles, and they are not JPEG."""
    leica("small.scn", dict(compression="zlib", photometric="rgb", metadata=None), (256, 256))


def trestle():
    levels = pyramid(1024, 768, 3)
    words = "Background Color=F0E0D0;White Balance=0;Objective Power=20;JPEG Quality=90;OverlapsXY= 16 8 0 0 0 0"
    with tifffile.TiffWriter("trestle.tif") as file:
        for i, level in enumerate(levels):
            file.write(
                level, tile=(128, 128), description=words, software="MedScan 1.0", resolution=(0.5, 0.5),
                resolutionunit=1, subfiletype=int(i > 0), **JPEG)
    open("trestle.Full", "wb").write(jpeg(macro))


def ventana():
    # Two tiles of level 0 overlap by 8 columns and 4 rows; lower levels are cut from the unstitched ones.
    levels = pyramid(768, 512, 3)
    scan = '<iScan Magnification="20" ScanRes="0.5" Z-layers="1" UnitNumber="7" UserName="Quixotic"/>'
    across, down, size = 6, 4, 128

    def number(column, row):
        """From the last row up, every other row from right to left, from 1."""
        line = down - 1 - row
        return line * across + (column if line % 2 == 0 else across - 1 - column) + 1

    joints = []
    for row in range(down):
        for column in range(across):
            if column + 1 < across:
                joints.append(("RIGHT", number(column, row), number(column + 1, row)))
            if row > 0:
                joints.append(("UP", number(column, row), number(column, row - 1)))
    lines = "".join(
        f'<TileJointInfo FlagJoined="1" Confidence="99" Direction="{way}" Tile1="{a}" Tile2="{b}" '
        f'OverlapX="{8 if way == "RIGHT" else 0}" OverlapY="{4 if way == "UP" else 0}"/>'
        for way, a, b in joints
    )
    stitching = (
        '<EncodeInfo Ver="2"><SlideInfo/><SlideStitchInfo><ImageInfo AOIScanned="1" AOIIndex="0" '
        f'NumRows="{down}" NumCols="{across}" Width="{size}" Height="{size}" Pos-X="0" Pos-Y="0">{lines}'
        '</ImageInfo></SlideStitchInfo><AoiOrigin><AOI0 OriginX="0" OriginY="0"/></AoiOrigin></EncodeInfo>'
    )

    def xmp(text):
        return [(700, 1, len(text), text.encode(), True)]

    with tifffile.TiffWriter("ventana.bif", bigtiff=True) as file:
        file.write(macro, rowsperstrip=96, description="Label Image", extratags=xmp(scan), **JPEG)
        file.write(levels[2], rowsperstrip=128, description="Thumbnail", **JPEG)
        for i, level in enumerate(levels):
            file.write(
                level, tile=(size, size), description=f"level={i} mag={20 / 2**i:g} quality=90",
                extratags=xmp(stitching) if i == 0 else (), subfiletype=int(i > 0), **JPEG)


def tiled_jpeg(picture, across):
    """With restart markers that cut each row of blocks into `across` tiles."""
    return jpeg(picture, restart_marker_blocks=picture.shape[1] // 8 // across)


def ndpi():
    pages = [(tissue(1024, 768), 20.0, 0), (tissue(256, 192), 5.0, 0), (tissue(256, 192), 5.0, 900)]
    pages += [(macro, -1.0, 0)]
    data = bytearray(b"II*\0" + bytes(4))
    link = 4
    for picture, lens, depth in pages:
        rows, columns = picture.shape[:2]
        strip = tiled_jpeg(picture, 8) if columns == 1024 else jpeg(picture)
        at = len(data)
        data += strip + bytes(len(strip) % 2)
        rational = len(data)
        data += struct.pack("<4I", int(20_000 * max(lens, 1) / 20), 1, int(20_000 * max(lens, 1) / 20), 1)
        bits = len(data)
        data += struct.pack("<3H", 8, 8, 8) + bytes(2)
        fields = [
            (256, 4, 1, columns), (257, 4, 1, rows), (258, 3, 3, bits), (259, 3, 1, 7), (262, 3, 1, 6),
            (273, 4, 1, at), (277, 3, 1, 3), (278, 4, 1, rows), (279, 4, 1, len(strip)), (282, 5, 1, rational),
            (283, 5, 1, rational + 8), (296, 3, 1, 3), (65420, 4, 1, 1),
            (65421, 11, 1, struct.unpack("<I", struct.pack("<f", lens))[0]), (65424, 9, 1, depth),
        ]
        struct.pack_into("<I", data, link, len(data))
        data += struct.pack("<H", len(fields))
        for field in fields:
            data += struct.pack("<HHII", *field)
        link = len(data)
        data += bytes(4)
    open("hamamatsu.ndpi", "wb").write(data)


def vms():
    """Two files side by side, and the map."""
    for name, picture, across in [("a", tissue(512, 384), 4), ("b", tissue(512, 384), 4), ("map", tissue(128, 48), 2)]:
        open(f"vms_{name}.jpg", "wb").write(tiled_jpeg(picture, across))
    open("vms_macro.jpg", "wb").write(jpeg(macro))
    open("hamamatsu.vms", "w").write(
        "[Virtual Microscope Specimen]\r\nNoLayers=1\r\nNoJpegColumns=2\r\nNoJpegRows=1\r\nImageFile=vms_a.jpg\r\n"
        "ImageFile(1,0)=vms_b.jpg\r\nMapFile=vms_map.jpg\r\nMacroImage=vms_macro.jpg\r\nPhysicalWidth=512000\r\n"
        "PhysicalHeight=192000\r\nSourceLens=20\r\nReference=Quixotic\r\n")


def vmu():
    """Samples of 12 bits in columns."""
    for name, (columns, rows) in [("image", (512, 384)), ("map", (128, 96))]:
        picture = tissue(columns, rows).astype("<u2") * 16 + 5
        width = 64
        strips = [picture[:, x : x + width].tobytes() for x in range(0, columns, width)]
        head = struct.pack("<2sHIIIIII", b"GN", 1, columns, rows, width, 0, 0, 32)
        open(f"vmu_{name}.ngr", "wb").write(head.ljust(32, b"\0") + b"".join(strips))
    open("vmu_macro.jpg", "wb").write(jpeg(macro))
    open("hamamatsu.vmu", "w").write(
        "[Uncompressed Virtual Microscope Specimen]\nNoLayers=1\nImageFile=vmu_image.ngr\nMapFile=vmu_map.ngr\n"
        "MacroImage=vmu_macro.jpg\nBitsPerPixel=36\nPixelOrder=RGB\nPhysicalWidth=256000\nPhysicalHeight=192000\n"
        "SourceLens=20\n")


def mirax():
    """6 x 4 images of 128 x 128, and two levels of them put together; the place of one is left empty."""
    os.makedirs("mirax", exist_ok=True)
    identity = "0123456789abcdef0123456789abcdef"
    full, size, across, down = tissue(768, 512), 128, 6, 4
    data, pages = bytearray(b"01.02" + identity.encode()), []

    def add(picture):
        coded = jpeg(picture)
        data.extend(coded)
        return len(data) - len(coded), len(coded)

    for level in range(3):
        step = 2**level
        shrunk = full[::step, ::step]
        entries = []
        for y in range(0, down, step):
            for x in range(0, across, step):
                if (x, y) == (2, 1) and level == 0:
                    continue
                part = shrunk[y // step * size :, x // step * size :][:size, :size]
                part = np.pad(part, [(0, size - part.shape[0]), (0, size - part.shape[1]), (0, 0)])
                entries.append((y * across + x, *add(part), 0))
        pages.append(entries)
    beside = [add(macro), add(label), add(full[::4, ::4])]
    open("mirax/Data0000.dat", "wb").write(data)

    index = bytearray(b"01.02" + identity.encode() + bytes(8))
    root = len(index) - 8

    def pointers(count):
        at = len(index)
        index.extend(bytes(4 * count))
        return at

    def point(at):
        struct.pack_into("<i", index, at, len(index))

    def page(entries):
        """Reached by two links."""
        index.extend(struct.pack("<ii", 0, len(index) + 8) + struct.pack("<ii", len(entries), 0))
        for entry in entries:
            index.extend(struct.pack("<iiii", *entry))

    struct.pack_into("<i", index, root, len(index))
    levels = pointers(3)
    for i, entries in enumerate(pages):
        point(levels + 4 * i)
        page(entries)
    struct.pack_into("<i", index, root + 4, len(index))
    records = pointers(3)
    for i, (offset, length) in enumerate(beside):
        point(records + 4 * i)
        index.extend(struct.pack("<ii", 0, len(index) + 8) + struct.pack("<iiiiiii", 1, 0, 0, 0, offset, length, 0))
    open("mirax/Index.dat", "wb").write(index)

    sections = "".join(
        f"[LAYER_0_LEVEL_{i}_SECTION]\nOVERLAP_X=0\nOVERLAP_Y=0\nMICROMETER_PER_PIXEL_X={0.5 * 2**i}\n"
        f"MICROMETER_PER_PIXEL_Y={0.5 * 2**i}\nIMAGE_FORMAT=JPEG\nIMAGE_FILL_COLOR_BGR=13689072\n"
        f"DIGITIZER_WIDTH={size}\nDIGITIZER_HEIGHT={size}\nIMAGE_CONCAT_FACTOR={min(i, 1)}\n"
        for i in range(3)
    )
    open("mirax/Slidedat.ini", "w").write(
        f"[GENERAL]\nSLIDE_VERSION=01.02\nSLIDE_ID={identity}\nSLIDE_NAME=Quixotic\nIMAGENUMBER_X={across}\n"
        f"IMAGENUMBER_Y={down}\nOBJECTIVE_MAGNIFICATION=20\nCameraImageDivisionsPerSide=1\n"
        "[HIERARCHICAL]\nHIER_COUNT=1\nNONHIER_COUNT=1\nINDEXFILE=Index.dat\nHIER_0_NAME=Slide zoom level\n"
        "HIER_0_COUNT=3\n"
        + "".join(f"HIER_0_VAL_{i}_SECTION=LAYER_0_LEVEL_{i}_SECTION\nHIER_0_VAL_{i}=Z{i}\n" for i in range(3))
        + "NONHIER_0_NAME=Scan data layer\nNONHIER_0_COUNT=3\n"
        + "".join(
            f"NONHIER_0_VAL_{i}=ScanDataLayer_Slide{name}\nNONHIER_0_VAL_{i}_SECTION=NONHIERLAYER_{i}_SECTION\n"
            for i, name in enumerate(["Thumbnail", "Barcode", "Preview"])
        )
        + "".join(
            f"[NONHIERLAYER_{i}_SECTION]\n{name}_IMAGE_TYPE=JPEG\n"
            for i, name in enumerate(["THUMBNAIL", "BARCODE", "PREVIEW"])
        )
        + f"[DATAFILE]\nFILE_COUNT=1\nFILE_0=Data0000.dat\n{sections}"
    )
    open("mirax.mrxs", "wb").write(jpeg(full[::4, ::4]))


def sakura():
    if os.path.exists("sakura.svslide"):
        os.remove("sakura.svslide")
    base = sqlite3.connect("sakura.svslide")
    base.executescript(
        "CREATE TABLE DataManagerSQLiteConfigXPO (TableName TEXT);"
        "CREATE TABLE Pixels (id TEXT PRIMARY KEY, size INTEGER, data BLOB);"
        "CREATE TABLE SVSlideDataXPO (OID INTEGER PRIMARY KEY, m_labelScan INTEGER, m_overviewScan INTEGER, "
        "SlideId TEXT, Date TEXT, Description TEXT, Creator TEXT, DiagnosisCode TEXT, Keywords TEXT);"
        "CREATE TABLE SVHRScanDataXPO (OID INTEGER PRIMARY KEY, ParentSlide INTEGER, ScanId TEXT, Date TEXT, "
        "Description TEXT, Name TEXT, ResolutionMmPerPix FLOAT, NominalLensMagnification FLOAT, ThumbnailImage BLOB, "
        "FocussingMethod TEXT);"
        "CREATE TABLE SVScannedImageDataXPO (OID INTEGER PRIMARY KEY, Image BLOB);")
    levels, size = pyramid(1024, 768, 3), 256

    def put(name, data):
        base.execute("INSERT INTO Pixels VALUES (?, ?, ?)", (name, len(data), data))

    base.execute("INSERT INTO DataManagerSQLiteConfigXPO VALUES ('Pixels')")
    put("++MagicBytes", b"SVGigaPixelImage")
    put("++VersionBytes", b"8.0.0")
    put("Header", struct.pack("<IIIII", size, 1024, 768, 0, 1))
    for i, level in enumerate(levels):
        for y in range(0, level.shape[0], size):
            for x in range(0, level.shape[1], size):
                part = level[y : y + size, x : x + size]
                part = np.pad(part, [(0, size - part.shape[0]), (0, size - part.shape[1]), (0, 0)])
                for channel in range(3):
                    out = io.BytesIO()
                    Image.fromarray(part[..., channel]).save(out, "JPEG", quality=90)
                    put(f"T;{x << i}|{y << i};{1 << i};{channel};0", out.getvalue())
    for number, picture in [(1, label), (2, macro)]:
        base.execute("INSERT INTO SVScannedImageDataXPO VALUES (?, ?)", (number, jpeg(picture)))
    base.execute("INSERT INTO SVSlideDataXPO VALUES (1, 1, 2, 'Quixotic', '2000', 'd', 'c', '', 'k')")
    base.execute(
        "INSERT INTO SVHRScanDataXPO VALUES (1, 1, 's', '2000', 'd', 'n', 0.0005, 20.0, ?, 'f')", (jpeg(levels[2]),))
    base.commit()
    base.close()


makers = dict(
    aperio=aperio, philips=philips, leica=leica, leica_small=leica_small, trestle=trestle, ventana=ventana, ndpi=ndpi, vms=vms, vmu=vmu,
    mirax=mirax, sakura=sakura)
if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    os.chdir(sys.argv[1])
    for name in sys.argv[2:]:
        makers[name]()
