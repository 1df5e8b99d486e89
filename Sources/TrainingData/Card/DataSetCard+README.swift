/// The page that a data set's user opens first.
extension DataSetCard {
  var readme: [UInt8] {
    var lines = ["# \(job.recipe.name)", ""]
    if !job.recipe.description.isEmpty { lines += [job.recipe.description, ""] }
    lines += [
      "Made by gmai-prep \(job.toolVersion): \(summary.samples) samples, "
        + "\(summary.rejected) sources rejected (`rejects.jsonl` says why).", "",
      "| | word | samples |", "|---|---|---:|",
    ]
    for field in ["split", "modality", "department", "task", "language", "label"] {
      for (word, count) in (summary.counts[field] ?? [:]).sorted(by: { $0.key < $1.key }) {
        let cell = word.map { $0 == "|" ? "\\|" : String($0) }.joined()
        lines.append("| \(field) | \(cell) | \(count) |")
      }
    }
    if !summary.leftOut.isEmpty {
      lines += ["", "Left out, since they are no pictures or the recipe says so:", ""]
      lines += summary.leftOut.map { "- \($0.kind): \($0.count)" }
    }
    if summary.burnedInAccepted > 0 {
      lines += [
        "",
        "\(summary.burnedInAccepted) sources may have text burned into their pixels: the recipe "
          + "accepted them. Look at them before you publish.",
      ]
    }
    lines += [
      "", "## Licence and citation", "",
      job.recipe.licence.isEmpty ? "The recipe names no licence." : job.recipe.licence, "",
      job.recipe.citation.isEmpty ? "The recipe names no citation." : job.recipe.citation,
      "", "## How to read it", "",
    ]
    if job.formats.contains(.webdataset) {
      lines += [
        "WebDataset shards, `<key>.json` beside `<key>.0.png` (or `.jpg`):", "", "```python",
        "import json, glob, webdataset as wds",
        "for sample in wds.WebDataset(sorted(glob.glob(\"shards/train-*.tar\")), shardshuffle=False):",
        "    row = json.loads(sample[\"json\"])",
        job.recipe.hasSeveralPictures
          ? "    pictures = [sample[f\"{n}.png\"] for n in range(len(row[\"pictures\"]))]"
          : "    picture = sample[\"0.png\"]", "```", "",
      ]
    }
    if job.formats.contains(.llava) {
      lines += [
        "The LLaVA layout: `data_list.json` names `annotations/train.json` and `images/`; start the "
          + "trainer in this folder. With PyPI's `datasets`:", "", "```python",
        "import json, datasets",
        "features = datasets.Features.from_dict(json.load(open(\"dataset.json\"))[\"features\"])",
        "rows = datasets.load_dataset(\"json\", data_files=\"annotations/train.json\", "
          + "features=features)", "```", "",
      ]
    }
    lines += [
      "`dataset.json` lists every shard with its SHA-256, the recipe and all counts.", "",
    ]
    return Array(lines.joined(separator: "\n").utf8)
  }
}
