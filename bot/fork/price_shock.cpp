// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/price_shock.hpp"

#include "chain/codec/selector.hpp"
#include "chain/primitives/hex.hpp"

#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <system_error>
#include <utility>

namespace plimsoll::bot {

namespace {

constexpr std::uint32_t kWhole = 10'000;

tl::unexpected<Error> bad_shock(std::string_view text, const std::string& why) {
    return fail(Errc::malformed_input, "--price " + std::string{text} + ": " + why);
}

/// "12" → 1200, "3.5" → 350.
std::optional<std::uint32_t> basis_points(std::string_view text) {
    const std::size_t dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    std::string_view rest = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    if (whole.empty() || whole.size() > 4 || rest.size() > 2) return std::nullopt;
    if (dot != std::string_view::npos && rest.empty()) return std::nullopt;
    std::string digits{whole};
    digits += rest;
    digits.append(2 - rest.size(), '0');
    std::uint32_t out = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return out;
}

/// EVM code, written in place; jumps go to labels that are set later.
class Assembly {
  public:
    Assembly& op(std::initializer_list<std::uint8_t> bytes) {
        code_.insert(code_.end(), bytes);
        return *this;
    }
    Assembly& push(std::span<const std::uint8_t> bytes) {
        constexpr std::uint8_t kPush1 = 0x60;
        code_.push_back(static_cast<std::uint8_t>(kPush1 + bytes.size() - 1));
        code_.insert(code_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    /// PUSH1 of a label, to be filled in.
    Assembly& label(std::uint8_t& where) {
        op({0x60, 0x00});
        where = static_cast<std::uint8_t>(code_.size() - 1);
        return *this;
    }
    /// JUMPDEST, which `where` jumps to.
    Assembly& land(std::initializer_list<std::uint8_t> wheres) {
        for (const std::uint8_t where : wheres)
            code_[where] = static_cast<std::uint8_t>(code_.size());
        return op({0x5b});
    }
    [[nodiscard]] Bytes take() { return std::move(code_); }

  private:
    Bytes code_;
};

}  // namespace

Result<PriceShock> parse_price_shock(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return bad_shock(text, "say it like WETH=-12%");
    const std::string_view change = text.substr(equals + 1);
    const bool signed_ = change.starts_with('-') || change.starts_with('+');
    if (!signed_ || !change.ends_with('%'))
        return bad_shock(text, "the change has a sign and a percent sign, like -12% or +3.5%");
    const auto points = basis_points(change.substr(1, change.size() - 2));
    if (!points) return bad_shock(text, "the change is a number with at most two decimals");
    const bool falls = change.front() == '-';
    if (falls && *points >= kWhole) return bad_shock(text, "a price cannot fall by 100 % or more");
    if (*points > 10 * kWhole) return bad_shock(text, "at most +1000 %");
    const std::uint32_t share = falls ? kWhole - *points : kWhole + *points;
    return PriceShock{std::string{text.substr(0, equals)}, share, std::string{text}};
}

Bytes shocked_code(const Address& original, std::uint32_t share) {
    constexpr auto kAnswer = codec::selector("latestAnswer()");
    constexpr auto kRound = codec::selector("latestRoundData()");
    constexpr std::array kHidden{codec::selector("aggregator()"), codec::selector("ASSET_TO_PEG()"),
                                 codec::selector("PEG_TO_BASE()")};
    const std::array<std::uint8_t, 2> numerator{static_cast<std::uint8_t>(share >> 8U),
                                                static_cast<std::uint8_t>(share & 0xFFU)};
    std::array<std::uint8_t, 3> wide{static_cast<std::uint8_t>(share >> 16U), numerator[0], numerator[1]};
    std::uint8_t good = 0, answer = 0, round = 0, multiply = 0;
    std::array<std::uint8_t, kHidden.size()> hidden{};
    Assembly code;
    // delegatecall(gas, original, calldata); its own storage answers
    code.op({0x36, 0x60, 0x00, 0x60, 0x00, 0x37});               // calldatacopy(0, 0, calldatasize)
    code.op({0x60, 0x00, 0x60, 0x00, 0x36, 0x60, 0x00});         // out 0, 0; in 0, calldatasize
    code.push(original.bytes).op({0x5a, 0xf4});                  // gas, delegatecall
    code.op({0x3d, 0x60, 0x00, 0x60, 0x00, 0x3e});               // returndatacopy(0, 0, returndatasize)
    code.label(good).op({0x57, 0x3d, 0x60, 0x00, 0xfd});         // if it failed: revert alike
    code.land({good}).op({0x60, 0x00, 0x35, 0x60, 0xe0, 0x1c});  // the selector
    for (std::size_t i = 0; i < kHidden.size(); ++i)
        code.op({0x80}).push(kHidden[i]).op({0x14}).label(hidden[i]).op({0x57});
    code.op({0x80}).push(kAnswer).op({0x14}).label(answer).op({0x57});
    code.op({0x80}).push(kRound).op({0x14}).label(round).op({0x57});
    code.op({0x3d, 0x60, 0x00, 0xf3});  // anything else: as it is
    code.land({answer}).op({0x60, 0x00}).label(multiply).op({0x56});
    code.land({round}).op({0x60, 0x20});
    code.land({multiply}).push(std::array<std::uint8_t, 2>{0x27, 0x10});  // place, 10000
    code.op({0x81, 0x51}).push(wide).op({0x02, 0x05});                    // sdiv(mload(place) * share, 10000)
    code.op({0x90, 0x52, 0x3d, 0x60, 0x00, 0xf3});                        // mstore(place, that); return
    code.land({hidden[0], hidden[1], hidden[2]}).op({0x60, 0x00, 0x60, 0x00, 0xfd});
    return code.take();
}

std::string state_overrides(std::span<const ShockedSource> sources) {
    std::string out;
    const auto add = [&out](const Address& where, const Bytes& code) {
        out += out.empty() ? "{\"" : ",\"";
        out += to_hex(where.bytes) + R"(":{"code":")" + to_hex(code) + "\"}";
    };
    for (const ShockedSource& source : sources) {
        add(source.source, source.code);
        add(source.original, source.original_code);
    }
    if (!out.empty()) out += '}';
    return out;
}

}  // namespace plimsoll::bot
