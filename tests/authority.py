"""A time-stamping authority on this machine, by `openssl ts`: keys, certificates and configuration in a folder of the test."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HAS_OPENSSL = shutil.which("openssl") is not None
CONFIG = """
[req]
distinguished_name = name
[name]
[tsa]
default_tsa = here
[here]
dir = {folder}
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/chain.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = yes
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[stamping]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[other]
extendedKeyUsage = clientAuth
"""


class Authority:
    """Root, intermediate and signer; `root` is the PEM that its users are given."""

    def __init__(self, folder: Path, kind: tuple[str, ...] = ("rsa:2048",)) -> None:
        folder.mkdir()
        self.folder, self.kind = folder, kind
        self.config = folder / "tsa.cnf"
        self.config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
        (folder / "serial").write_text("7f01\n", encoding="utf-8")
        self._certify("root", "ca", None)
        self._certify("middle", "ca", "root")
        self._certify("tsa", "stamping", "middle")
        (folder / "chain.pem").write_bytes((folder / "middle.pem").read_bytes())
        self.root = folder / "root.pem"

    def _openssl(self, *arguments: object) -> None:
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def _certify(self, name: str, kind: str, by: str | None) -> None:
        f = self.folder
        new = ("-newkey", *self.kind, "-nodes", "-keyout", f / f"{name}.key", "-subj", f"/O=Authority of the tests/CN={name}")
        issuer = () if by is None else ("-CA", f / f"{by}.pem", "-CAkey", f / f"{by}.key")
        self._openssl("req", "-x509", "-config", self.config, "-extensions", kind, "-days", 30, *new, *issuer, "-out", f / f"{name}.pem")

    def answer(self, request: Path) -> Path:
        """Stamp a request; the answer lies beside it."""
        answer = request.with_suffix(".tsr")
        self._openssl("ts", "-reply", "-config", self.config, "-section", "here", "-queryfile", request, "-out", answer)
        return answer

    def verifies(self, data: Path, answer: Path) -> bool:
        """What openssl itself says about a stamp."""
        ended = subprocess.run(
            ["openssl", "ts", "-verify", "-data", data, "-in", answer, "-CAfile", self.root], check=False, capture_output=True, text=True
        )
        return ended.returncode == 0 and "Verification: OK" in ended.stdout
