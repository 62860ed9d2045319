"""Export weights to one int8 ONNX file for reading: python training/export.py MODEL.pt FOLDER.

Attention, normalisation and GELU are fused first, then weights are quantised per channel (per tensor costs 2 to 3 points). Activations
are scaled at run time, over one batch: reading never mixes documents in a batch, so a document's figures hang on itself alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import torch
from net import KINDS, NAMES, ROLES, Net, base_folder
from onnxruntime.quantization import QuantType, quantize_dynamic

OUTPUTS = ("names", "tags", "ask", "answer", "fact", "roles", "kinds")


def export(weights: Path, folder: Path) -> None:
    """Write `reader.onnx`, `reader-words.txt` and `reader.json` (digests and what it was made from)."""
    net = Net()
    net.load_state_dict({key: value.float() for key, value in torch.load(weights).items()})
    net.eval()
    made_from = json.loads(weights.with_suffix(".json").read_text("utf-8"))
    net.clean = bool(made_from["clean"])
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "reader.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        raw = Path(scratch) / "raw.onnx"
        example = (torch.randint(1000, 20000, (2, 32)), torch.ones(2, 32, dtype=torch.int64), torch.ones(2, 32, dtype=torch.int64))
        axes = {key: {0: "batch", 1: "length"} for key in ("ids", "mask", "shapes", *OUTPUTS)}
        torch.onnx.export(
            net, example, str(raw), input_names=["ids", "mask", "shapes"], output_names=list(OUTPUTS), dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(str(raw), str(made), weight_type=QuantType.QInt8, per_channel=True)
    vocabulary = folder / "reader-words.txt"
    vocabulary.write_bytes((base_folder() / "vocab.txt").read_bytes())
    about = {
        "names": NAMES,
        "roles": ROLES,
        "kinds": KINDS,
        "digests": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (made, vocabulary)},
        "made_from": made_from,
    }
    (folder / "reader.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    print(made, round(made.stat().st_size / 1e6, 1), "MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    export(options.weights, options.folder)
