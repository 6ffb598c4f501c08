// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include <array>
#include <cassert>
#include <limits>
#include <type_traits>

namespace plimsoll::config {
namespace {

template <class T>
struct Choices;
template <>
struct Choices<Mode> {
    static constexpr std::array kAll{Mode::dry_run, Mode::live};
};
template <>
struct Choices<SignerType> {
    static constexpr std::array kAll{SignerType::none, SignerType::dev};
};
template <>
struct Choices<VenueKind> {
    static constexpr std::array kAll{VenueKind::aave_v3};
};
template <>
struct Choices<LogLevel> {
    static constexpr std::array kAll{LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn,
                                     LogLevel::error};
};
template <>
struct Choices<LogFormat> {
    static constexpr std::array kAll{LogFormat::automatic, LogFormat::pretty, LogFormat::logfmt,
                                     LogFormat::json};
};

template <class T>
auto choice_names() {
    std::array<std::string_view, Choices<T>::kAll.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = to_string(Choices<T>::kAll[i]);
    return names;
}

template <class T>
Parsed<T> convert(const Scalar& scalar) {
    if constexpr (std::is_enum_v<T>) {
        const auto names = choice_names<T>();
        return parse_choice(scalar, names).map([](std::size_t index) { return Choices<T>::kAll[index]; });
    } else if constexpr (std::is_same_v<T, ChainId> || std::is_same_v<T, BlockNumber>) {
        return parse(scalar, As<std::uint64_t>{}).map([](std::uint64_t number) { return T{number}; });
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
        auto number = parse(scalar, As<std::uint64_t>{});
        if (number && *number > std::numeric_limits<std::uint32_t>::max()) {
            return tl::unexpected<Wrong>{
                Wrong{ProblemCode::out_of_range, quoted(scalar) + " is too large", {}}};
        }
        return number.map([](std::uint64_t value) { return static_cast<std::uint32_t>(value); });
    } else if constexpr (std::is_same_v<T, std::optional<Address>>) {
        return parse(scalar, As<Address>{}).map([](const Address& address) {
            return std::optional{address};
        });
    } else {
        return parse(scalar, As<T>{});
    }
}

template <class T>
constexpr bool kOrdered = !std::is_enum_v<T> && requires(const T& a) {
    a < a;
}
&&!std::is_same_v<T, std::string> && !std::is_same_v<T, Address> &&
    !std::is_same_v<T, std::optional<Address>>;

template <class T>
Parsed<void> check_range(const Key& key, const Scalar& scalar, const T& value) {
    if constexpr (kOrdered<T>) {
        const bool low = !key.least.empty() && value < *convert<T>(scalar_from_text(key.least));
        const bool high = !key.most.empty() && *convert<T>(scalar_from_text(key.most)) < value;
        if (!low && !high) return {};
        std::string range = low ? "at least " + in_file(key, key.least) : "at most " + in_file(key, key.most);
        return tl::unexpected<Wrong>{Wrong{ProblemCode::out_of_range,
                                           quoted(scalar) + (low ? " is too small" : " is too large"),
                                           "it may be " + range}};
    }
    return {};
}

template <class T>
Parsed<void> store_at(const Key& key, T& place, const Scalar& scalar) {
    auto value = convert<T>(scalar);
    if (!value) return tl::make_unexpected(std::move(value).error());
    auto in_range = check_range(key, scalar, *value);
    if (in_range) place = *std::move(value);
    return in_range;
}

template <class T>
std::string name_of_type() {
    if constexpr (std::is_enum_v<T>) {
        std::string list;
        for (const std::string_view name : choice_names<T>())
            list += (list.empty() ? "\"" : ", \"") + std::string{name} + "\"";
        return list;
    } else if constexpr (std::is_same_v<T, bool>) {
        return "true, false";
    } else if constexpr (std::is_same_v<T, std::string>) {
        return "text";
    } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
        return "duration: ms, s, m, h";
    } else if constexpr (std::is_same_v<T, Usd>) {
        return "money: usd";
    } else if constexpr (std::is_same_v<T, Wei>) {
        return "gas price: wei, gwei";
    } else if constexpr (std::is_same_v<T, Blocks>) {
        return "distance: blocks";
    } else if constexpr (std::is_same_v<T, Wad>) {
        return "decimal number";
    } else if constexpr (std::is_same_v<T, Address> || std::is_same_v<T, std::optional<Address>>) {
        return "address";
    } else if constexpr (std::is_same_v<T, Url>) {
        return "URL";
    } else {
        return "whole number";
    }
}

template <class T>
T element_of(Slot<T>);

template <class T>
constexpr bool kBare = std::is_same_v<T, bool> || std::is_same_v<T, Wad> || std::is_same_v<T, ChainId> ||
                       std::is_same_v<T, BlockNumber> || std::is_same_v<T, std::uint32_t>;

}  // namespace

Parsed<void> store(const Key& key, Config& config, std::size_t index, const Scalar& scalar) {
    if (const auto* slot = std::get_if<NameSlot>(&key.target)) {
        return parse_name(scalar).map([&](std::string name) { slot->at(config, index) = std::move(name); });
    }
    return std::visit(
        [&](const auto& slot) -> Parsed<void> {
            if constexpr (std::is_same_v<std::decay_t<decltype(slot)>, NameSlot>) {
                return {};
            } else {
                return store_at(key, slot(config, index), scalar);
            }
        },
        key.target);
}

std::string type_name(const Key& key) {
    return std::visit(
        [](const auto& slot) -> std::string {
            using SlotType = std::decay_t<decltype(slot)>;
            if constexpr (std::is_same_v<SlotType, NameSlot>) {
                return "name: a-z, 0-9, -";
            } else {
                return name_of_type<decltype(element_of(slot))>();
            }
        },
        key.target);
}

std::string in_file(const Key& key, std::string_view text) {
    const bool bare = std::visit(
        [](const auto& slot) {
            using SlotType = std::decay_t<decltype(slot)>;
            if constexpr (std::is_same_v<SlotType, NameSlot>) {
                return false;
            } else {
                return kBare<decltype(element_of(slot))>;
            }
        },
        key.target);
    return bare ? std::string{text} : "\"" + std::string{text} + "\"";
}

bool is_secret(const Key& key) {
    return std::holds_alternative<Slot<Url>>(key.target);
}

void store_defaults(std::string_view table, Config& config, std::size_t index) {
    for (const Key& key : keys()) {
        if (key.table != table || key.fallback.empty()) continue;
        const auto stored = store(key, config, index, scalar_from_text(key.fallback));
        assert(stored && "the schema's own default is not valid");
        static_cast<void>(stored);
    }
}

Config defaults() {
    Config config;
    for (const Table& table : tables()) {
        if (!table.repeated()) store_defaults(table.name, config, 0);
    }
    return config;
}

}  // namespace plimsoll::config
