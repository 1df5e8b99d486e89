#!/usr/bin/env python3
"""What is done today: CT slices to 8-bit PNG in WebDataset shards with pydicom, numpy, Pillow and webdataset.

    peer_convert.py FOLDER OUT [PROCESSES]

Each process takes every n-th file, windows it (40/400, padding black) and writes one shard at PNG level 1."""
import io, json, multiprocessing, os, sys

import numpy as np
import pydicom
import webdataset as wds
from PIL import Image


def convert(job):
    files, path = job
    with wds.TarWriter(path) as sink:
        for number, file in enumerate(files):
            data = pydicom.dcmread(file)
            stored = data.pixel_array
            values = stored * np.float32(data.RescaleSlope) + np.float32(data.RescaleIntercept)
            grey = np.clip((values - 39.5) / 399 + 0.5, 0, 1) * 255 + 0.5
            if "PixelPaddingValue" in data:
                grey[stored == data.PixelPaddingValue] = 0
            picture = io.BytesIO()
            Image.fromarray(grey.astype(np.uint8)).save(picture, "png", compress_level=1)
            row = {"image": f"{number}.png", "conversations": [{"from": "human", "value": "<image>\nDescribe this image."},
                   {"from": "gpt", "value": "This is an axial CT slice."}], "width": grey.shape[1], "height": grey.shape[0]}
            sink.write({"__key__": f"{number:06d}", "json": json.dumps(row).encode(), "0.png": picture.getvalue()})
    return len(files)


if __name__ == "__main__":
    folder, out = sys.argv[1:3]
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    files = sorted(os.path.join(d, f) for d, _, fs in os.walk(folder) for f in fs if f != "DICOMDIR")
    os.makedirs(out, exist_ok=True)
    jobs = [(files[k::processes], os.path.join(out, f"{k:06d}.tar")) for k in range(processes)]
    with multiprocessing.Pool(processes) as pool:
        print(sum(pool.map(convert, jobs)), "pictures")
