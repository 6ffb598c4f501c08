// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/peer_book.hpp"

#include "tests/bench/goals/line_book.hpp"
#include "tests/bench/goals/market.hpp"

#include <cstdint>
#include <cstring>

namespace plimsoll::bench {

namespace {

class BookBytes {
  public:
    void number(std::size_t value) {
        const auto narrow = static_cast<std::uint32_t>(value);
        append(&narrow, sizeof narrow);
    }
    void real(double value) { append(&value, sizeof value); }
    void byte(std::uint8_t value) { out_.push_back(value); }
    void address(const Address& value) { append(value.bytes.data(), value.bytes.size()); }
    void append(const void* from, std::size_t size) {
        out_.resize(out_.size() + size);
        std::memcpy(out_.data() + out_.size() - size, from, size);
    }
    [[nodiscard]] Bytes take() { return std::move(out_); }

  private:
    Bytes out_;
};

}  // namespace

Bytes peer_book(const strategy::AaveV3Venue& venue) {
    const LineBook lines{venue};
    const strategy::LineWeights& weights = lines.weights();
    BookBytes out;
    std::size_t terms = 0;
    for (strategy::AccountId account = 0; account < lines.size(); ++account)
        terms += lines.terms(account).size();
    out.append("PLB1", 4);
    for (const std::size_t value : {lines.size(), weights.reserves, terms})
        out.number(value);
    for (std::size_t i = 0; i < weights.reserves; ++i) {
        out.real(weights.backing[i]);
        out.real(weights.owed[i]);
        out.byte(Market::follows_ether(static_cast<strategy::ReserveId>(i)) ? 1 : 0);
        out.address(venue.market().reserves[i].underlying);
    }
    out.address(Market::ether_aggregator());
    out.address(venue.market().pool);
    std::size_t first = 0;
    for (strategy::AccountId account = 0; account <= lines.size(); ++account) {
        out.number(first);
        if (account < lines.size()) first += lines.terms(account).size();
    }
    for (strategy::AccountId account = 0; account < lines.size(); ++account) {
        for (const strategy::LineTerm& term : lines.terms(account)) {
            out.real(term.amount);
            out.byte(static_cast<std::uint8_t>(term.reserve));
            out.byte(term.owed ? 1 : 0);
        }
    }
    for (strategy::AccountId account = 0; account < lines.size(); ++account)
        out.address(venue.account_address(account));
    return out.take();
}

}  // namespace plimsoll::bench
