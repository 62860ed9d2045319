"""`ascertain verify`: check a dossier."""

from __future__ import annotations

import click

from ascertain.publish import verify_parts


@click.command()
@click.argument("dossier")
@click.option("--key", metavar="FINGERPRINT", help="Demand this signer (SHA-256 of the public key, as `ascertain init` printed it).")
@click.option("--earlier", metavar="CHECKPOINT", help="Demand that the log goes on from this checkpoint, one that left the case before.")
@click.option("--items", is_flag=True, help="Say for each original, apart, what holds and between which times the log took it in.")
@click.option("--json", "as_json", is_flag=True, help="The result for machines, on standard output.")
def command(dossier: str, key: str | None, earlier: str | None, items: bool, as_json: bool) -> int:
    """Check every layer of a DOSSIER, offline; exit status 0 only if all holds, 4 where custody or a proof does not."""
    given = {"--key": key, "--earlier": earlier}
    flags = [name for name, on in (("--items", items), ("--json", as_json)) if on]
    return verify_parts.main([*(part for name, value in given.items() if value for part in (name, value)), *flags, "--", dossier])
