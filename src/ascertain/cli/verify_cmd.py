"""`ascertain verify`: check a dossier."""

from __future__ import annotations

import click

from ascertain.publish import verify


@click.command()
@click.argument("dossier")
@click.option("--key", metavar="FINGERPRINT", help="Demand this signer (SHA-256 of the public key, as `ascertain init` printed it).")
@click.option("--json", "as_json", is_flag=True, help="The result for machines, on standard output.")
def command(dossier: str, key: str | None, as_json: bool) -> int:
    """Check every layer of a DOSSIER, offline; exit status 0 only if all holds, 4 where custody or a proof does not."""
    arguments = [*(["--key", key] if key else []), *(["--json"] if as_json else []), "--", dossier]
    return verify.main(arguments)
