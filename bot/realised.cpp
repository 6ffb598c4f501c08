// SPDX-License-Identifier: Apache-2.0
#include "bot/realised.hpp"

#include "chain/codec/selector.hpp"

#include <algorithm>

namespace plimsoll::bot {

std::vector<TokenProfit> realised_profit(std::span<const Log> logs, const Address& executor,
                                         const Address& receiver) {
    constexpr Hash32 kTransfer = codec::topic("Transfer(address,address,uint256)");
    std::vector<TokenProfit> out;
    for (const Log& log : logs) {
        if (log.topic_count != 3 || log.topic0() != kTransfer || log.data.size() != 32) continue;
        if (log.topics[1] != executor.to_word() || log.topics[2] != receiver.to_word()) continue;
        auto entry = std::find_if(out.begin(), out.end(),
                                  [&](const TokenProfit& known) { return known.token == log.address; });
        if (entry == out.end()) entry = out.insert(out.end(), TokenProfit{log.address, {}});
        entry->amount += TokenAmount{U256::from_be(log.data_view())};
    }
    return out;
}

}  // namespace plimsoll::bot
