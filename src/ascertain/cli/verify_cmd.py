"""`ascertain verify`: check a dossier."""

from __future__ import annotations

import click

from ascertain.publish import verify


@click.command()
@click.argument("dossier")
@click.option("--key", metavar="FINGERPRINT", help="Demand this signer (SHA-256 of the public key, as `ascertain init` printed it).")
def command(dossier: str, key: str | None) -> int:
    """Check every layer of a DOSSIER, offline; exit status 0 only if all holds, 4 where custody or a proof does not."""
    arguments = [dossier] + (["--key", key] if key else [])
    return verify.main(arguments)
