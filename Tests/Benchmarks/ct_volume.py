"""The volume that benchmarks of volumes read: 512 x 512 x 300 of int16 like a CT."""


def ct_volume():
    """Air, soft tissue and bone, all with grain."""
    import numpy as np

    random = np.random.default_rng(1)
    y, x, z = np.ogrid[-1:1:512j, -1:1:512j, -1:1:300j]
    radius = (x / 0.8) ** 2 + (y / 0.6) ** 2 + 0 * z
    bone = (x**2 + (y - 0.4) ** 2 + 0 * z) < 0.01
    voxels = np.where(bone, 700, np.where(radius < 1, 40, -1000)).astype("i2")
    voxels += random.normal(0, 15, voxels.shape).astype("i2")
    return voxels
