// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/needed_fee_hint.hpp"

#include "chain/rpc/error_dialects.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace plimsoll::rpc {

namespace {

struct Phrase {
    std::string_view text;  // lower case; an amount in wei follows
    Wei NeededFee::*what;
    std::string_view source;
};

constexpr auto kPhrases = std::to_array<Phrase>({
    {"minimum needed", &NeededFee::tip, "geth: gas tip cap 1, minimum needed 2"},
    {"maxpriorityfeepergas of at least", &NeededFee::tip, "Hardhat: a replacement"},
    {"maxfeepergas of at least", &NeededFee::fee_cap, "Hardhat: a replacement"},
    {"use at least tx.gasprice", &NeededFee::fee_cap, "Arbitrum"},
    {"(minimal", &NeededFee::fee_cap, "Parity: its least price"},
    {"in the queue with gas price", &NeededFee::fee_cap, "Parity: what is to be outbid"},
    {" basefee", &NeededFee::base_fee, "geth, Nethermind: maxFeePerGas: 1, baseFee: 2"},
    {"has a basefeepergas of", &NeededFee::base_fee, "Hardhat"},
});

/// The whole number that comes first, if only blanks, a colon or an equals sign stand before it; none if it
/// is in another unit than wei, or wider than a price can be.
std::optional<Wei> amount(std::string_view text) {
    constexpr std::size_t kMostDigits = 30;
    const std::size_t begin = text.find_first_not_of(" :=");
    if (begin == std::string_view::npos) return std::nullopt;
    text.remove_prefix(begin);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > kMostDigits) return std::nullopt;
    const std::string_view after = text.substr(digits);
    if (after.starts_with(" gwei") || after.starts_with("gwei")) return std::nullopt;
    const bool fraction = after.size() > 1 && after[0] == '.' && after[1] >= '0' && after[1] <= '9';
    if (fraction) return std::nullopt;
    const Result<U256> value = parse_decimal(text.substr(0, digits));
    if (!value) return std::nullopt;
    return Wei{*value};
}

}  // namespace

NeededFee parse_needed_fee(std::string_view message) {
    const std::string words = lower_case(message);
    const std::string_view all{words};
    NeededFee out;
    for (const Phrase& phrase : kPhrases) {
        const std::size_t place = all.find(phrase.text);
        if (place == std::string_view::npos) continue;
        const std::optional<Wei> told = amount(all.substr(place + phrase.text.size()));
        if (told) out.*phrase.what = *told;
    }
    return out;
}

}  // namespace plimsoll::rpc
