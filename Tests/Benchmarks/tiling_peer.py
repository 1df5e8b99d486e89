"""The peers of tiling.py, each a process that answers lines of standard input as BenchTiles does.

    tiling_peer.py slow|fast FOLDER

`slow` are the processors of transformers 4.46.3 with Pillow and numpy, `fast` those of a later release with torch. Both
show the radiograph through its window first, the quicker of two ways that each library has.
"""

import sys
import time

import numpy as np

LOW, HIGH, SIDE = 400.0, 3600.0, 2048
kind, folder = sys.argv[1:]
stored = np.fromfile(f"{folder}/radiograph.u16", np.uint16).reshape(SIDE, SIDE)
SHORTEST, CROP = {"shortest_edge": 336}, {"height": 336, "width": 336}


class Slow:
    def __init__(self):
        import PIL
        import transformers
        from transformers import CLIPImageProcessor, LlavaNextImageProcessor, Qwen2VLImageProcessor

        self.processors = {
            "fixed": CLIPImageProcessor(size=SHORTEST, crop_size=CROP),
            "anyres": LlavaNextImageProcessor(size=SHORTEST, crop_size=CROP),
            "smart-resize": Qwen2VLImageProcessor(),
        }
        self.versions = f"transformers {transformers.__version__}, Pillow {PIL.__version__}, numpy {np.__version__}"

    def shown(self):
        from PIL import Image

        # One gather by a table is quicker than numpy's arithmetic.
        t = (np.arange(65536, dtype=np.float64) - LOW) / (HIGH - LOW)
        table = np.floor(255 * np.clip(t, 0, 1) + 0.5).astype(np.uint8)
        return Image.fromarray(np.take(table, stored)).convert("RGB")

    def tensor(self, policy):
        if policy == "internvl":
            return self.internvl(self.shown())
        return self.processors[policy](self.shown(), return_tensors="np")["pixel_values"]

    def internvl(self, picture):
        """A square has one grid of most tiles within 12, 3 x 3, and a thumbnail."""
        from PIL import Image

        whole = picture.resize((448 * 3, 448 * 3), Image.Resampling.BICUBIC)
        parts = [whole.crop((448 * i, 448 * j, 448 * i + 448, 448 * j + 448)) for j in range(3) for i in range(3)]
        parts.append(picture.resize((448, 448), Image.Resampling.BICUBIC))
        mean, deviation = np.float32([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])
        pixels = np.stack([np.asarray(part) for part in parts]).astype(np.float32) * np.float32(1 / 255)
        return np.ascontiguousarray(((pixels - mean) / deviation).transpose(0, 3, 1, 2))


class Fast:
    def __init__(self):
        import torch

        torch.set_num_threads(1)
        if torch.version.cuda is None:
            # The general index has torchvision built beside CUDA; its operators are not needed here.
            self.library = torch.library.Library("torchvision", "DEF")
            for name in ("nms", "qnms"):
                self.library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        import torchvision
        import transformers
        from transformers import CLIPImageProcessor, GotOcr2ImageProcessor, LlavaNextImageProcessor
        from transformers import Qwen2VLImageProcessor

        self.torch = torch
        square = {"height": 448, "width": 448}
        self.processors = {
            "fixed": CLIPImageProcessor(size=SHORTEST, crop_size=CROP),
            "anyres": LlavaNextImageProcessor(size=SHORTEST, crop_size=CROP),
            "smart-resize": Qwen2VLImageProcessor(size={"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 1280}),
            "internvl": GotOcr2ImageProcessor(
                size=square, crop_to_patches=True, min_patches=1, max_patches=12,
                image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225]),
        }
        self.stored = torch.from_numpy(stored)
        self.versions = (
            f"transformers {transformers.__version__}, torch {torch.__version__},"
            f" torchvision {torchvision.__version__}")

    def shown(self):
        # Arithmetic in place is quicker than torch's gather.
        x = self.stored.to(self.torch.float32)
        x.sub_(LOW).mul_(255 / (HIGH - LOW)).add_(0.5).clamp_(0, 255)
        return x.to(self.torch.uint8).expand(3, SIDE, SIDE)

    def tensor(self, policy):
        return self.processors[policy](self.shown(), return_tensors="pt")["pixel_values"].numpy()


peer = {"slow": Slow, "fast": Fast}[kind]()
for line in sys.stdin:
    word, *words = line.split()
    if word == "versions":
        print(peer.versions, flush=True)
    elif word == "tensor":
        start = time.perf_counter()
        peer.tensor(words[0])
        print(time.perf_counter() - start, flush=True)
    elif word == "window":
        start = time.perf_counter()
        peer.shown()
        print(time.perf_counter() - start, flush=True)
    else:
        values = peer.tensor(words[0])
        np.ascontiguousarray(values, np.float32).tofile(f"{folder}/{kind}.f32")
        print("x".join(map(str, values.shape)), flush=True)
