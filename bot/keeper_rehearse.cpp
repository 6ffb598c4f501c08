// SPDX-License-Identifier: Apache-2.0
// What keeps the way from a price to a signature warm while nothing happens.
#include "bot/keeper.hpp"
#include "chain/async/deadline.hpp"
#include "chain/rpc/requests.hpp"

#include <utility>

namespace plimsoll::bot {

/// Some 50 us each time: a two-thousandth of the thread's time.
async::Task<void> Keeper::rehearse_regularly() {
    constexpr std::chrono::milliseconds kPause{100};
    for (;;) {
        co_await async::sleep_for(kPause);
        rehearse();
    }
}

/// Nothing of it leaves: the key owns nothing, and the frame goes nowhere.
void Keeper::rehearse() {
    std::optional<strategy::Decision> decision = engine_->rehearse();
    if (!decision || !rehearsal_) return;
    const auto made = rehearsal_->sign(head_, std::move(decision->calldata), decision->gas_limit);
    if (!made) return;
    static_cast<void>(rpc::requests::send_raw_transaction(0, made->raw));
    ++rehearsed_;
}

}  // namespace plimsoll::bot
