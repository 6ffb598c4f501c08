// SPDX-License-Identifier: Apache-2.0
#include "config/value_text.hpp"

namespace plimsoll::config {
namespace {

/// A whole number of 10^-`power` as a plain decimal, without needless zeros.
std::string decimal(const U256& raw, std::size_t power) {
    std::string digits = to_decimal(raw);
    if (digits.size() <= power) digits.insert(0, power + 1 - digits.size(), '0');
    std::string fraction = digits.substr(digits.size() - power);
    while (!fraction.empty() && fraction.back() == '0')
        fraction.pop_back();
    const std::string whole = digits.substr(0, digits.size() - power);
    return fraction.empty() ? whole : whole + "." + fraction;
}

}  // namespace

std::string to_text(std::chrono::milliseconds duration) {
    const auto count = duration.count();
    if (count == 0) return "0s";
    if (count % 3'600'000 == 0) return std::to_string(count / 3'600'000) + "h";
    if (count % 1000 == 0) return std::to_string(count / 1000) + "s";
    return std::to_string(count) + "ms";
}

std::string to_text(const Usd& amount) {
    return decimal(amount.raw(), 8) + " usd";
}

std::string to_text(const Wei& price) {
    constexpr std::uint64_t kMillionth = 1000;  // of a gwei
    if (price.raw() != U256{} && price.raw() < U256{kMillionth}) return to_decimal(price.raw()) + " wei";
    return decimal(price.raw(), 9) + " gwei";
}

std::string to_text(const NativeAmount& amount) {
    return decimal(amount.raw(), 18) + " eth";
}

std::string to_text(Blocks distance) {
    return std::to_string(distance.value) + (distance.value == 1 ? " block" : " blocks");
}

std::string to_text(BasisPoints share) {
    return decimal(U256{share.value}, 2) + "%";
}

std::string to_text(const Wad& ratio) {
    return decimal(ratio.raw(), 18);
}

std::string to_text(const Url& url) {
    const bool v6 = url.host.find(':') != std::string::npos;
    const std::string user = url.user_info.empty() ? "" : url.user_info + "@";
    const std::string host = v6 ? "[" + url.host + "]" : url.host;
    return std::string{to_string(url.scheme)} + "://" + user + host + ":" + std::to_string(url.port) +
           (url.target == "/" ? "" : url.target);
}

std::string masked(const Url& url) {
    Url bare = url;
    bare.user_info.clear();
    bare.target = "/";
    const bool hides = url.target != "/" || !url.user_info.empty();
    return to_text(bare) + (hides ? "/***" : "");
}

}  // namespace plimsoll::config
