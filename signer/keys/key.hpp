// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "signer/keys/secret.hpp"
#include "signer/keys/signature.hpp"

#include <span>
#include <string>

namespace plimsoll::signer {

/// A private key held in this process. Signing is a pure function of key and digest (RFC 6979), low-s, and
/// takes tens of microseconds. Movable, never copied.
class Key {
  public:
    /// Errc::key_unavailable unless 1 <= secret < n.
    [[nodiscard]] static Result<Key> from_secret(Secret secret);

    [[nodiscard]] const Address& address() const noexcept { return address_; }
    [[nodiscard]] Signature sign(const Hash32& digest) const;

  private:
    Key(Secret secret, const Address& address) noexcept;

    Secret secret_;
    Address address_;
};

/// The address of a private key. Errc::key_unavailable unless 1 <= secret < n.
[[nodiscard]] Result<Address> address_of(const Secret& secret);

/// A fresh random private key. Errc::key_unavailable if the kernel gives no random bytes.
[[nodiscard]] Result<Secret> random_secret();

/// The first account of the mnemonic "test test … junk", whose key the whole world knows. Errc::refused
/// unless `chain` is 31337 and every one of `endpoints` (URLs, at least one) is a literal loopback address or
/// "localhost". `chain` must be what the node answered, not what a file says.
[[nodiscard]] Result<Key> dev_key(ChainId chain, std::span<const std::string> endpoints);

/// A fresh random key that owns nothing, for dry runs. Errc::key_unavailable if the kernel gives no random
/// bytes.
[[nodiscard]] Result<Key> throwaway_key();

/// Whether a URL's host is 127.0.0.0/8, [::1] or "localhost"; a URL with user information is not.
[[nodiscard]] bool is_loopback(std::string_view url) noexcept;

}  // namespace plimsoll::signer
