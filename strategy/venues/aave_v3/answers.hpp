// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"

#include <span>
#include <string_view>

namespace plimsoll::strategy::aave_v3 {

/// A call without arguments, and one with an address.
[[nodiscard]] Call plain_call(const Address& to, const codec::Selector& what);
[[nodiscard]] Call call_about(const Address& to, const codec::Selector& what, const Address& whom);

/// The answers to a list of calls, taken one by one in the order of the calls. `what` names a call in errors:
/// Errc::reverted, Errc::malformed_reply.
class Answers {
  public:
    explicit Answers(std::span<const codec::CallResult> answers) noexcept : left_{answers} {}

    [[nodiscard]] const codec::CallResult& next() noexcept;
    [[nodiscard]] Result<codec::AbiReader> open(std::string_view what);
    [[nodiscard]] Result<Address> address(std::string_view what);
    [[nodiscard]] Result<U256> number(std::string_view what);
    [[nodiscard]] Result<u128> number128(std::string_view what);

  private:
    std::span<const codec::CallResult> left_;
};

}  // namespace plimsoll::strategy::aave_v3
