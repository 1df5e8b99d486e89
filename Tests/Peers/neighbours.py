"""Slices with their neighbours beside the same slices alone.

    neighbours.py ALONE TOGETHER N

Both are sets of the same sources; ALONE has a sample for each slice, TOGETHER one for each with N on either side, as pictures or
as channels. At the ends of a volume its last slice stands in. Pixels and places must be those of the slices alone.
"""

import glob
import io
import json
import sys

import numpy as np
import webdataset
from PIL import Image


def samples(folder):
    for shard in sorted(glob.glob(folder + "/shards/*.tar")):
        for record in webdataset.WebDataset(shard, shardshuffle=False):
            yield json.loads(record["json"]), record


def read(record, number):
    return np.asarray(Image.open(io.BytesIO(record[f"{number}.png"])))


alone = {}
for sample, record in samples(sys.argv[1]):
    selection = sample["pictures"][0]["selection"]
    place = (sample["provenance"]["series"], selection["plane"])
    alone.setdefault(place, {})[selection["index"]] = (sample["pictures"][0], read(record, 0))
reach = int(sys.argv[3])
counts = {"samples": 0, "pictures": 0, "channels": 0, "ends": 0}
for sample, record in samples(sys.argv[2]):
    pictures = sample["pictures"]
    selection = pictures[len(pictures) // 2]["selection"]
    slices = alone[(sample["provenance"]["series"], selection["plane"])]
    last = max(slices)
    wanted = [min(max(selection["index"] + step, 0), last) for step in range(-reach, reach + 1)]
    counts["samples"] += 1
    counts["ends"] += len(set(wanted)) < len(wanted)
    assert sample["conversations"][0]["value"].startswith("<image>\n" * len(pictures))
    if len(pictures) == 1:
        assert selection["channels"] == wanted
        picture, pixels = slices[selection["index"]]
        assert np.array_equal(read(record, 0), np.stack([slices[i][1] for i in wanted], -1)), sample["id"]
        assert np.allclose(pictures[0]["pixel_to_patient"], picture["pixel_to_patient"], atol=1e-9)
        assert pictures[0]["display"] == picture["display"]
        counts["channels"] += 1
        continue
    assert sample["image"] == [f"{sample['image'][0].split('.')[0]}.{n}.png" for n in range(len(pictures))]
    for number, (index, other) in enumerate(zip(wanted, pictures, strict=True)):
        picture, pixels = slices[index]
        assert other["selection"]["index"] == index and other["selection"]["channels"] == []
        assert np.array_equal(read(record, number), pixels), sample["id"]
        assert np.allclose(other["pixel_to_patient"], picture["pixel_to_patient"], atol=1e-9)
        assert other["display"] == picture["display"]
        counts["pictures"] += 1
print(json.dumps(counts))
