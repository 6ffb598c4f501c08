// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/keccak_beside.hpp"
#include "signer/transaction.hpp"

namespace plimsoll::signer {

/// A transaction on its way to a signature: encoded once for what is signed and for what goes over the wire.
/// The wire form differs from the unsigned one in the length it begins with and in its end, and the length is
/// known beforehand unless r or s begins with zeros (one case in 128): nearly all of it is hashed beside the
/// unsigned form, before there is a signature.
class Draft {
  public:
    /// Throws std::logic_error unless the fields are expressible.
    explicit Draft(Transaction fields);

    /// The unsigned form, type byte and all.
    [[nodiscard]] Bytes unsigned_bytes() const;
    /// What is to be signed: Keccak-256 of the unsigned form.
    [[nodiscard]] Hash32 digest();
    [[nodiscard]] SignedTransaction signed_with(const Signature& signature) &&;

  private:
    Transaction fields_;
    Bytes items_;  // what the list of either form begins with
    KeccakStart begun_;
    std::size_t foreseen_ = 0;  // size of the wire form that `begun_` is the beginning of
};

}  // namespace plimsoll::signer
