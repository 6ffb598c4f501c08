// SPDX-License-Identifier: Apache-2.0
#include "config/choices.hpp"
#include "config/schema.hpp"

#include <cassert>
#include <limits>
#include <type_traits>

namespace plimsoll::config {
namespace {

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
constexpr bool kOrdered =
    std::is_same_v<T, std::uint32_t> || std::is_same_v<T, ChainId> || std::is_same_v<T, BlockNumber> ||
    std::is_same_v<T, Blocks> || std::is_same_v<T, BasisPoints> ||
    std::is_same_v<T, std::chrono::milliseconds> || std::is_same_v<T, Usd> || std::is_same_v<T, Wei> ||
    std::is_same_v<T, Wad> || std::is_same_v<T, NativeAmount>;

template <class T>
Parsed<void> check_range(const Key& key, const Scalar& scalar, const T& value) {
    if constexpr (kOrdered<T>) {
        const bool low = !key.least.empty() && value < *convert<T>(scalar_for(key, key.least));
        const bool high = !key.most.empty() && *convert<T>(scalar_for(key, key.most)) < value;
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

/// The slot behind a target and how its text is read.
template <class SlotType>
Parsed<void> store_in(const Key& key, const SlotType& slot, Config& config, std::size_t index,
                      const Scalar& scalar) {
    if constexpr (std::is_same_v<SlotType, NameSlot>) {
        return parse_name(scalar).map([&](std::string name) { slot.at(config, index) = std::move(name); });
    } else if constexpr (std::is_same_v<SlotType, PathSlot>) {
        return parse_path(scalar).map([&](std::string path) { slot.at(config, index) = std::move(path); });
    } else if constexpr (std::is_same_v<SlotType, HeadersSlot>) {
        return parse_headers(scalar).map(
            [&](std::vector<std::string> headers) { slot.at(config, index) = std::move(headers); });
    } else {
        return store_at(key, slot(config, index), scalar);
    }
}

}  // namespace

Parsed<void> store(const Key& key, Config& config, std::size_t index, const Scalar& scalar) {
    return std::visit([&](const auto& slot) { return store_in(key, slot, config, index, scalar); },
                      key.target);
}

void store_defaults(std::string_view table, Config& config, std::size_t index) {
    for (const Key& key : keys()) {
        if (key.table != table || key.fallback.empty()) continue;
        const auto stored = store(key, config, index, scalar_for(key, key.fallback));
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
