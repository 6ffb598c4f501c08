// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/multicall.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "strategy/prices/price_source.hpp"

#include <cstddef>
#include <span>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy {

/// Finds out what an oracle's source is by asking it, in two rounds of calls. A source that answers
/// `aggregator()` is a feed; one that answers ASSET_TO_PEG(), PEG_TO_BASE(), DENOMINATOR() and DECIMALS(),
/// and whose two legs are feeds, is a product; whatever else it is, it is polled.
class SourceProbe {
  public:
    explicit SourceProbe(const Address& source) : source_{source} {}

    static constexpr std::size_t kFirstCalls = 6;
    static constexpr std::size_t kSecondCalls = 4;

    /// kFirstCalls calls to the source itself; none for the zero address.
    [[nodiscard]] std::vector<Call> first_calls() const;
    void accept_first(std::span<const codec::CallResult> answers);
    /// kSecondCalls calls to the legs of what looks like a product; none otherwise.
    [[nodiscard]] std::vector<Call> second_calls() const;
    void accept_second(std::span<const codec::CallResult> answers);

    [[nodiscard]] const PriceSource& source() const noexcept { return found_; }
    /// The aggregators' answers, as their proxies told them.
    void collect(std::unordered_map<Address, Answer>& answers) const;

  private:
    Address source_;
    Address first_proxy_;
    Address second_proxy_;
    PriceSource found_;
    Answer first_answer_;
    Answer second_answer_;
};

}  // namespace plimsoll::strategy
