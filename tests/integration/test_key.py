"""The signing key: encrypted, handed out, followed by another; a rotation that is cut short is finished or taken back."""

from __future__ import annotations

import hashlib
import subprocess

import dossiers
import pytest

from ascertain.cli import main as cli
from ascertain.custody import open_note
from ascertain.errors import CustodyError, UsageError
from ascertain.publish import verify
from ascertain.store import Store
from ascertain.store._keys import Keys


@pytest.fixture(autouse=True)
def no_passphrase(monkeypatch):
    for name in ("ASCERTAIN_PASSPHRASE", "ASCERTAIN_PASSPHRASE_FILE", "ASCERTAIN_NEW_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def case(tmp_path):
    dossiers.a_case(tmp_path / "case").close()
    return tmp_path / "case"


def opened(case, **named):
    return Store.open(case, clock=lambda: dossiers.NOW, **named)


def command(*arguments):
    with pytest.raises(SystemExit) as end:
        cli([str(one) for one in arguments])
    return end.value.code


# --- a passphrase


def test_an_encrypted_key_opens_with_its_passphrase_only(case, monkeypatch):
    with opened(case) as store:
        store.keys.protect(b"one two")
    with pytest.raises(UsageError, match="encrypted"):
        opened(case)
    monkeypatch.setenv("ASCERTAIN_PASSPHRASE", "wrong")
    with pytest.raises(UsageError, match="does not open"):
        opened(case)
    monkeypatch.setenv("ASCERTAIN_PASSPHRASE", "one two")
    with opened(case) as store:
        assert store.checkpoint()


def test_a_reader_needs_no_passphrase(case):
    with opened(case) as store:
        store.keys.protect(b"one two")
        key = store.key_fingerprint
    with opened(case, read_only=True) as store:
        assert store.key_fingerprint == key
        assert store.documents()


def test_the_private_key_is_not_in_the_encrypted_file(case):
    with opened(case) as store:
        plain = b"".join((case / "keys" / "signing.pem").read_bytes().split(b"\n")[1:-2])
        store.keys.protect(b"one two")
        assert plain[-40:] not in (case / "keys" / "signing.pem").read_bytes().replace(b"\n", b"")
    assert (case / "keys" / "signing.pem").stat().st_mode & 0o777 == 0o600


def test_a_new_case_has_an_encrypted_key_where_the_environment_has_a_passphrase(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("three four\n", encoding="utf-8")
    monkeypatch.setenv("ASCERTAIN_PASSPHRASE_FILE", str(tmp_path / "secret"))
    with dossiers.a_case(tmp_path / "case") as store:
        assert store.keys.encrypted
        assert verify.check(dossiers.export(store, tmp_path / "out"), key=store.key_fingerprint).status == 0
    monkeypatch.setenv("ASCERTAIN_PASSPHRASE_FILE", str(tmp_path / "nothing"))
    with pytest.raises(UsageError):
        opened(tmp_path / "case")


# --- rotation


def test_a_rotation_is_in_the_log_with_the_old_keys_word(case):
    with opened(case) as store:
        old, old_line = store.key_fingerprint, store.verifier_key
        store.rotate_key(reason="a year is over", revoked=False)
        assert store.key_fingerprint != old
        record = list(store.log_entries())[-1].record
        about = record["parameters"]
        assert (record["action"], about["old"], about["key"], about["revoked"]) == ("rotated", old, store.key_fingerprint, False)
        assert open_note(about["note"], old_line).splitlines() == ["ascertain/key-rotation/1", old_line, store.verifier_key]
        assert store.check() == []
    assert sorted(path.name for path in (case / "keys").iterdir()) == ["README", "salts.pem", "signing.pem", "verifier.key"]


def test_after_a_rotation_the_new_key_is_demanded(case, tmp_path):
    with opened(case) as store:
        old = store.key_fingerprint
        store.rotate_key(reason="lost", revoked=True)
        out = dossiers.export(store, tmp_path / "out")
        assert verify.check(out, key=store.key_fingerprint).status == 0
    assert verify.check(out, key=old).status == 4


def test_a_dossier_signed_by_a_key_that_the_log_does_not_name_does_not_hold(case, tmp_path, monkeypatch):
    from ascertain.publish import _dossier

    monkeypatch.setattr(_dossier, "_confirm", lambda made, key: None)
    with dossiers.a_case(tmp_path / "other") as other:
        thief = other.keys
    with opened(case) as store:
        thief.name = store.keys.name
        store.keys.__dict__["signer"] = thief.signer
        monkeypatch.setattr(Keys, "verifier_key", property(lambda self: thief.signer.verifier_key))
        store.checkpoint()
        assert any("not the key that the custody log names" in problem for problem in store.check())
        monkeypatch.setattr(Store, "check", lambda self: [])
        found = verify.check(dossiers.export(store, tmp_path / "out"))
    assert found.state("signer") == "holds"
    assert any("names another key" in problem.says for problem in found.problems)


STEPS = ["prepare", "record", "settle", "checkpoint", "publish"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("secret", [None, "one two"])
def test_a_rotation_cut_short_at_any_step_leaves_a_case_that_opens(case, monkeypatch, step, when, secret):
    class CutShortError(BaseException):
        pass

    if secret:
        monkeypatch.setenv("ASCERTAIN_PASSPHRASE", secret)
        with opened(case) as store:
            store.keys.protect(secret.encode())
    with opened(case) as store:
        old = store.key_fingerprint
        home = Keys if hasattr(Keys, step) else Store
        real = getattr(home, step)

        def cut(self, *arguments, **named):
            if when == "after":
                real(self, *arguments, **named)
            raise CutShortError

        with monkeypatch.context() as patch:
            patch.setattr(home, step, cut)
            with pytest.raises(CutShortError):
                store.rotate_key(reason="r", revoked=False)
    known = step == "prepare" or (step == "record" and when == "before")
    with opened(case) as store:
        assert (store.key_fingerprint == old) is known
        assert store.check() == []
        assert not (case / "keys" / "signing.new.pem").exists()
        named = [entry.record["parameters"]["key"] for entry in store.log_entries() if "key" in entry.record["parameters"]]
        assert named[-1] == store.key_fingerprint
        store.rotate_key(reason="again", revoked=False)
    with opened(case) as store:
        assert store.check() == []


def test_a_strange_private_key_is_refused(case, tmp_path):
    dossiers.a_case(tmp_path / "other").close()
    (case / "keys" / "signing.pem").write_bytes((tmp_path / "other" / "keys" / "signing.pem").read_bytes())
    with pytest.raises(CustodyError, match="not the one that the custody log names"):
        opened(case)


def test_a_strange_public_key_is_put_right_by_the_log(case, tmp_path):
    dossiers.a_case(tmp_path / "other").close()
    with opened(case, read_only=True) as store:
        key = store.key_fingerprint
    (case / "keys" / "verifier.key").write_bytes((tmp_path / "other" / "keys" / "verifier.key").read_bytes())
    with opened(case) as store:
        assert store.key_fingerprint == key


# --- the command line


def test_the_commands(case, capsys, monkeypatch):
    assert command("key", "show", case) == 0
    assert "NOT ENCRYPTED" in capsys.readouterr().out
    assert command("key", "protect", case) == 2
    monkeypatch.setenv("ASCERTAIN_PASSPHRASE", "one")
    assert command("key", "protect", case) == 0
    monkeypatch.setenv("ASCERTAIN_NEW_PASSPHRASE", "two")
    assert command("key", "protect", case) == 0
    assert command("key", "protect", case) == 2
    monkeypatch.setenv("ASCERTAIN_PASSPHRASE", "two")
    capsys.readouterr()
    assert command("key", "rotate", case, "--reason", "the laptop was lost", "--revoke") == 0
    key = capsys.readouterr().out.strip()
    assert command("key", "show", case) == 0
    shown = capsys.readouterr().out
    assert key in shown
    assert "revoked" in shown
    assert "the laptop was lost" in shown
    assert command("key", "export", case) == 0
    line = capsys.readouterr().out.strip()
    assert hashlib.sha256(verify.base64.b64decode(line.split("+", 2)[2])[1:]).hexdigest() == key
    assert command("key", "protect", case, "--remove") == 0
    monkeypatch.delenv("ASCERTAIN_PASSPHRASE")
    assert command("check", case) == 0


def test_openssl_reads_the_unencrypted_key(case):
    result = subprocess.run(["openssl", "pkey", "-in", case / "keys" / "signing.pem", "-noout"], check=False, capture_output=True)
    assert result.returncode == 0
