"""webdataset reads x.tar: a line a sample of its key and the bytes of json and 0.png."""

import webdataset

for sample in webdataset.WebDataset("x.tar", shardshuffle=False):
    print(sample["__key__"], len(sample["json"]), len(sample["0.png"]))
