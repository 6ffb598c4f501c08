// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"
#include "signer/keys/key.hpp"
#include "signer/policy.hpp"

#include <memory>
#include <variant>

namespace plimsoll::bot {

/// A key that another process holds. What it answers is believed in nothing: whoever asks compares.
class RemoteKey {
  public:
    virtual ~RemoteKey() = default;
    RemoteKey(const RemoteKey&) = delete;
    RemoteKey& operator=(const RemoteKey&) = delete;

    /// Whose key it is said to be.
    [[nodiscard]] virtual const Address& address() const noexcept = 0;
    /// The signed bytes, unchecked. Errc::rpc_rejected if the signer said no; every other error means that it
    /// is down, and that asking again may help: the same fields give the same signature or another one of
    /// them, and only one of both is ever used.
    virtual async::Task<Result<Bytes>> sign(signer::ApprovedTransaction transaction) = 0;

  protected:
    RemoteKey() = default;
};

/// The key of a submission: in this process, or elsewhere.
using KeyHolder = std::variant<signer::Key, std::unique_ptr<RemoteKey>>;

[[nodiscard]] inline const Address& address_of(const KeyHolder& holder) noexcept {
    if (const auto* const key = std::get_if<signer::Key>(&holder)) return key->address();
    return (*std::get_if<std::unique_ptr<RemoteKey>>(&holder))->address();
}

}  // namespace plimsoll::bot
