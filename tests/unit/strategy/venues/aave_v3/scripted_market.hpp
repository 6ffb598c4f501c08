// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

[[nodiscard]] Address at(std::uint64_t number);
[[nodiscard]] Head head(std::uint64_t number);

inline const Address kPool = at(0x100);
inline const Address kProvider = at(0x101);
inline const Address kOracle = at(0x102);
inline const Address kConfigurator = at(0x103);
inline constexpr std::uint64_t kBootBlock = 100;
/// Reserves of the scripted market: ether by a feed, dollars by a feed, staked ether by polling.
inline constexpr ReserveId kEther = 0;
inline constexpr ReserveId kDollar = 1;
inline constexpr ReserveId kStaked = 2;
inline constexpr std::uint64_t kEtherAggregator = 0x40;
inline constexpr std::uint64_t kDollarAggregator = 0x41;
[[nodiscard]] Address underlying(ReserveId reserve);
[[nodiscard]] Address supply_token(ReserveId reserve);
[[nodiscard]] Address debt_token(ReserveId reserve);

/// A log with indexed words and data words.
[[nodiscard]] Log event(const Address& emitter, const Hash32& topic0, const std::vector<Hash32>& indexed,
                        const std::vector<U256>& data);

/// A market of three reserves and two borrowers, answered from a table: what a venue asks is looked up, what
/// is not there reverts. Every answer can be replaced to see what the venue makes of it.
class ScriptedMarket {
  public:
    ScriptedMarket();

    void answer(const Address& to, std::string_view signature, const std::vector<Hash32>& arguments,
                Bytes bytes);
    void answer(const Address& to, std::string_view signature, const std::vector<Hash32>& arguments,
                const U256& word);
    void reverts(const Address& to, std::string_view signature, const std::vector<Hash32>& arguments,
                 Bytes data = {});
    /// Answers as a pool of this revision, from 3.2 on.
    void become(std::uint64_t revision);
    /// For what is not in the table; nothing: it reverts.
    std::function<std::optional<Bytes>(const Call&)> other;
    std::vector<Log> logs;
    std::vector<ReadRequest> asked;
    std::uint64_t largest_log_range = 1'000'000;  // a wider query is refused

    [[nodiscard]] ReadResult serve(const ReadRequest& request);
    /// Runs the whole bootstrap of `venue` at kBootBlock.
    [[nodiscard]] Result<void> bootstrap(AaveV3Venue& venue);
    [[nodiscard]] static AaveV3Params params();

  private:
    void add_reserve(ReserveId reserve, std::uint64_t pool_id, std::string_view symbol,
                     const U256& configuration);
    void add_holder(const Address& who, ReserveId reserve, bool debt, const U256& scaled);
    std::map<std::pair<Address, Bytes>, std::pair<bool, Bytes>> table_;
    ReadId last_id_ = 0;
};

}  // namespace plimsoll::strategy::aave_v3
