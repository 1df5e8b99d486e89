"""What numpy and PyPI `safetensors` find in files of tensors.

    tensor_files.py

Loads every .npy, and every tensor of every .safetensors, of the working directory in the order of their names. Prints a
line each: name, type, shape, SHA-256 of the numbers in C order.
"""

import glob
import hashlib

import numpy as np
import safetensors


def say(name, kind, shape, numbers):
    print(name, kind, "x".join(map(str, shape)) or "-", hashlib.sha256(numbers).hexdigest())


for name in sorted(glob.glob("*.npy")):
    array = np.load(name)
    assert array.flags.c_contiguous
    say(name, array.dtype.str, array.shape, array.tobytes())
for name in sorted(glob.glob("*.safetensors")):
    for key, tensor in safetensors.deserialize(open(name, "rb").read()):
        say(key, tensor["dtype"], tensor["shape"], bytes(tensor["data"]))
