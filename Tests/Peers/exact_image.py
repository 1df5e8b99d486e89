"""An image for the package intensity-normalization that keeps double precision; the package's own has single."""

import numpy as np


class ExactImage:
    def __init__(self, data):
        self.data = np.asarray(data, np.float64)

    def get_data(self):
        return self.data

    def with_data(self, data):
        return ExactImage(data)
