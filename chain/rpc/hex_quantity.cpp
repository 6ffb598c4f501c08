// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/hex_quantity.hpp"

#include <array>
#include <charconv>

namespace plimsoll::rpc {
namespace {

/// The digits of a well-formed quantity, or nothing.
std::optional<std::string_view> quantity_digits(std::string_view text, std::size_t max_digits) noexcept {
    if (text.size() < 3 || text[0] != '0' || text[1] != 'x') return std::nullopt;
    const std::string_view digits = text.substr(2);
    if (digits.size() > max_digits || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
    return digits;
}

std::optional<std::uint64_t> read_limb(std::string_view digits) noexcept {
    std::uint64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::uint64_t> parse_quantity64(std::string_view text) noexcept {
    const auto digits = quantity_digits(text, 16);
    if (!digits) return std::nullopt;
    return read_limb(*digits);
}

std::optional<U256> parse_quantity(std::string_view text) noexcept {
    const auto digits = quantity_digits(text, 64);
    if (!digits) return std::nullopt;
    std::array<std::uint64_t, 4> limbs{};
    std::string_view rest = *digits;
    for (std::size_t i = 0; !rest.empty(); ++i) {
        const std::size_t count = rest.size() < 16 ? rest.size() : 16;
        const auto limb = read_limb(rest.substr(rest.size() - count));
        if (!limb) return std::nullopt;
        limbs[i] = *limb;
        rest.remove_suffix(count);
    }
    return U256::from_limbs(limbs);
}

void append_quantity(std::string& out, std::uint64_t value) {
    std::array<char, 16> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
    static_cast<void>(error);  // sixteen digits hold any 64-bit value
    out += "\"0x";
    out.append(digits.data(), end);
    out += '"';
}

}  // namespace plimsoll::rpc
