"""Errors know their exit status and what to do next, also after crossing a process."""

from __future__ import annotations

import pickle

import pytest

from ascertain import errors

STATUS = {
    errors.UsageError: 2, errors.InputError: 3, errors.UnsupportedInputError: 3, errors.LimitError: 3, errors.CaseError: 3,
    errors.CustodyError: 4, errors.StoreError: 5, errors.CaseBusyError: 5,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_each_kind_ends_the_process_as_the_contract_says(kind, status):
    assert kind("x").exit_status == status


def test_no_kind_of_error_is_left_out():
    kinds = {k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.AscertainError)}
    assert kinds - set(STATUS) == {errors.AscertainError}


@pytest.mark.parametrize("kind", STATUS)
def test_advice_survives_the_way_from_a_worker(kind):
    crossed = pickle.loads(pickle.dumps(kind("a.txt is damaged", advice="Try again.")))
    assert (type(crossed), str(crossed), crossed.advice) == (kind, "a.txt is damaged", "Try again.")
