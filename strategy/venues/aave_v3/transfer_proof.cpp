// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/transfer_proof.hpp"

#include "chain/codec/abi_reader.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"

namespace plimsoll::strategy::aave_v3 {

namespace {

constexpr std::uint64_t kDust = 1'000'000;

struct Told {
    U256 value;
    U256 index;
};

Told read(const Log& log) {
    codec::AbiReader reader{log.data_view()};
    const U256 value = reader.u256();
    return {value, reader.u256()};
}

/// By whichever rounding: the log may be older than the pool's present revision.
bool is_scaled(const U256& amount, const Told& told) {
    return ray_div_down(amount, told.index) <= told.value && told.value <= ray_div_up(amount, told.index);
}

const Log* transfer_before(const Log& balance_transfer, std::span<const Log> logs) {
    const Log* found = nullptr;
    for (const Log& log : logs) {
        const bool same = log.address == balance_transfer.address &&
                          log.transaction_hash == balance_transfer.transaction_hash &&
                          log.topic0() == topics::kTransfer && log.index < balance_transfer.index;
        if (same && (found == nullptr || found->index < log.index)) found = &log;
    }
    return found;
}

}  // namespace

bool tells_scale(const Log& balance_transfer) {
    const Told told = read(balance_transfer);
    try {
        return told.index > kRay && told.value > U256{kDust} &&
               ray_div_up(told.value, told.index) < told.value;
    } catch (const ArithmeticError&) {
        return false;
    }
}

Result<void> prove_scaled(const Log& balance_transfer, std::span<const Log> block_logs) {
    const Told told = read(balance_transfer);
    const Log* const transfer = transfer_before(balance_transfer, block_logs);
    try {
        if (transfer != nullptr && is_scaled(read(*transfer).value, told)) return {};
    } catch (const ArithmeticError&) {  // an amount no token can have
    }
    return fail(Errc::unproven, "token " + to_string(balance_transfer.address) +
                                    " does not tell scaled amounts in BalanceTransfer");
}

}  // namespace plimsoll::strategy::aave_v3
