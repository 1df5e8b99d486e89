"""PyPI's datasets loads 50,000 rows of which only the last has every field and fractions.

plain.json and full.json are rows, features.json what dataset.json says of them. The rows are loaded
as a JSON list, as the LLaVA layout has them, and as JSON lines. (Without the features datasets 5.2.0
loads the list the same, and fails on the lines with DatasetGenerationError.)
"""

import json
import os

os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_HOME"] = os.path.abspath("home")
import datasets

datasets.disable_progress_bars()
datasets.logging.set_verbosity(datasets.logging.CRITICAL)

COUNT = 50_000
plain = open("plain.json").read().strip()
full = open("full.json").read().strip()
rows = [plain] * (COUNT - 1) + [full]
open("rows.json", "w").write("[\n" + ",\n".join(rows) + "\n]\n")
open("rows.jsonl", "w").write("\n".join(rows) + "\n")
features = datasets.Features.from_dict(json.load(open("features.json")))


for path in ["rows.json", "rows.jsonl"]:
    table = datasets.load_dataset(
        "json", data_files=path, split="train", cache_dir="cache", features=features
    )
    assert len(table) == COUNT, len(table)
    assert table[COUNT - 1] == json.loads(full), table[COUNT - 1]
    assert table[0] == json.loads(plain), table[0]
    print(f"{path} with features: {COUNT} rows, the last as it was written")
