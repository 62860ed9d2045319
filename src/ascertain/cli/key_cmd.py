"""`ascertain key`: the key that signs a case's checkpoints, and those of its collectors."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ascertain.case import Case
from ascertain.cli._screen import print_table
from ascertain.errors import UsageError
from ascertain.publish import Collector, collectors, name_collector, revoke_collector, sign_as_collector
from ascertain.store import passphrase


@click.group()
def command() -> None:
    """Look at the key that signs a case's checkpoints, hand out its public part, encrypt it, let a new one follow.

    The passphrase of an encrypted key comes from ASCERTAIN_PASSPHRASE, or from the file that ASCERTAIN_PASSPHRASE_FILE names.
    """


@command.command()
@click.argument("case")
def show(case: str) -> None:
    """Say which key signs, whether it is encrypted, and which keys it followed."""
    with Case.open(case, read_only=True) as opened:
        store = opened.store
        rows = [
            ("signer", store.signer),
            ("key", store.key_fingerprint),
            ("private key", "encrypted" if store.keys.encrypted else "NOT ENCRYPTED"),
        ]
        for entry in store.log_entries():
            about = entry.record["parameters"]
            if entry.record["action"] == "rotated":
                word = "revoked" if about["revoked"] else "followed"
                rows.append((word, f"{about['old']} on {entry.record['time']}: {about['reason']}"))
        rows += [("collector", _collector(one)) for one in collectors(store)]
    print_table(rows)


def _collector(one: Collector) -> str:
    """A collector's key in words."""
    state = f"REVOKED: {one.revoked}" if one.revoked is not None else f"named {one.named_at}"
    return f"{one.person}, {one.fingerprint}, {state}, " + (
        f"signed {one.signed} records at {one.signed_at}" if one.signed else "has not signed"
    )


@command.command()
@click.argument("case")
def export(case: str) -> None:
    """Print the public key's line, for others: what checks a dossier or a checkpoint."""
    with Case.open(case, read_only=True) as opened:
        store = opened.store
        click.echo(store.verifier_key)


@command.command()
@click.argument("case")
@click.option("--reason", required=True, help="Why; it stands in the custody log.")
@click.option("--revoke", is_flag=True, help="The old key is no longer to be trusted: lost, copied, or its holder left.")
def rotate(case: str, reason: str, revoke: bool) -> None:
    """Let a new key follow this one; the log keeps when and why, and the old key's word for the new one."""
    with Case.open(case) as opened:
        store = opened.store
        store.rotate_key(reason=reason, revoked=revoke)
        click.echo(store.key_fingerprint)
    click.echo("Next: give the new fingerprint to all who check your dossiers.", err=True)


@command.command()
@click.argument("case")
@click.argument("person")
@click.argument("key", required=False)
@click.option("--revoke", is_flag=True, help="The person's key is no longer to be trusted; give --reason.")
@click.option("--reason", help="Why; it stands in the custody log.")
def collector(case: str, person: str, key: str | None, revoke: bool, reason: str | None) -> None:
    """Name a collector's own KEY (the line that `ascertain witness init` printed) for PERSON, as the log names who collects; or --revoke it."""
    if revoke == (key is not None) or revoke != (reason is not None):
        raise UsageError("give a key, or --revoke with --reason", advice="`ascertain key show CASE` lists the collectors' keys.")
    with Case.open(case) as opened:
        if key is not None:
            click.echo(name_collector(opened.store, person, key))
        else:
            click.echo(f"revoked {revoke_collector(opened.store, person, reason=reason or '')}")


@command.command()
@click.argument("case")
@click.argument("folder")
def sign(case: str, folder: str) -> None:
    """Sign the head of CASE's custody log with the collector's key in FOLDER: that what the log says so far is what this collector did."""
    with Case.open(case) as opened:
        known, size = sign_as_collector(opened.store, Path(folder), clock=time.time)
    click.echo(f"{known.person} signed {size} records")


@command.command()
@click.argument("case")
@click.option("--remove", is_flag=True, help="Write the key without encryption.")
def protect(case: str, remove: bool) -> None:
    """Encrypt the private key with the passphrase in ASCERTAIN_NEW_PASSPHRASE, else in ASCERTAIN_PASSPHRASE."""
    secret = None if remove else passphrase(new=True)
    if secret is None and not remove:
        raise UsageError("there is no passphrase", advice="Put it in ASCERTAIN_PASSPHRASE, or --remove the encryption.")
    with Case.open(case) as opened:
        store = opened.store
        store.keys.protect(secret)
        store.record("key protected" if secret else "key unprotected", store.key_fingerprint)
        store.checkpoint()
    click.echo(f"{case}: the private key is {'encrypted' if secret else 'NOT ENCRYPTED'}")
