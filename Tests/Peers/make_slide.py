"""tifffile writes x.tif for the case named by the argument: pyramids as slide scanners make them."""

import sys

import numpy as np
import tifffile

generator = np.random.default_rng(7)


def tissue(columns, rows, channels=3):
    """Smooth colours with grain, different everywhere."""
    y, x = np.mgrid[0:rows, 0:columns]
    picture = np.stack([x * 3 + y, y * 2 + 40, x + y * 5], -1)[..., :3] % 256
    picture = np.clip(picture + generator.integers(-9, 9, picture.shape), 0, 255)
    if channels == 4:
        alpha = np.where((x // 40 + y // 40) % 3 == 0, 0, np.where(x % 7 == 0, 255, (x + y) % 256))
        picture = np.concatenate([picture, alpha[..., None]], -1)
    return picture.astype(np.uint8)


def aperio(mpp=True, power=20, name="Aperio Image Library v11.2.1"):
    words = [f"{name} \r\n1003x707 [0,0 1003x707] (240x240) JPEG/RGB Q=95"]
    words += [f"AppMag = {power}"] if power else []
    words += [f"MPP = {mpp if mpp is not True else 0.499}"] if mpp else []
    return "|".join(words + ["Filename = SECRET-NAME", "User = Quixotic"])


def write(description, levels, **more):
    options = dict(tile=(240, 240), photometric="rgb", metadata=None)
    options.update(compression="jpeg", compressionargs={"level": 90})
    options.update(more)
    with tifffile.TiffWriter("x.tif") as file:
        for i, level in enumerate(levels):
            file.write(level, description=description, subfiletype=0 if i == 0 else 1, **options)
            if description and i == 0:
                # Aperio's order: level 0, a thumbnail in strips, other levels, label, macro.
                file.write(tissue(100, 70), photometric="rgb", metadata=None, description=description,
                           rowsperstrip=70, compression="jpeg")
        if description:
            for kind in ("label", "macro"):
                file.write(tissue(60, 50), photometric="rgb", metadata=None, rowsperstrip=50,
                           compression="jpeg", description=f"Aperio Image Library v11.2.1 \n{kind} 60x50",
                           subfiletype=9 if kind == "macro" else 1)


levels = [tissue(1003, 707), tissue(250, 176), tissue(62, 44)]
cases = {
    "aperio": lambda: write(aperio(), levels),
    "no_mpp": lambda: write(aperio(mpp=None), levels),
    "no_power": lambda: write(aperio(power=None), levels),
    "contradicted": lambda: write(aperio(power=40), levels),
    "screen": lambda: write(aperio(mpp=352.8, power=None), levels),
    "alpha": lambda: write(None, [tissue(600, 500, 4)], tile=(256, 256), compression="zlib",
                           compressionargs=None, extrasamples=["unassalpha"]),
    "small_levels": lambda: write(None, [tissue(1003, 707), tissue(501, 353), tissue(250, 176)],
                                  tile=(256, 256), compression="zlib", compressionargs=None),
    "turned": lambda: write(None, [tissue(600, 500)], tile=(256, 256), compression="zlib",
                            compressionargs=None, extratags=[(274, 3, 1, 3, True)]),
    "deep": lambda: write(None, [tissue(600, 500).astype(np.uint16) * 257], tile=(256, 256),
                          compression="zlib", compressionargs=None),
}
cases[sys.argv[1]]()
