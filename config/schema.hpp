// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/value.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace plimsoll::config {

/// Where a key's value lives: `index` counts the tables of an array such as [[endpoint]].
template <class T>
using Slot = T& (*)(Config& config, std::size_t index);

/// A short name, of fewer characters than other text may have.
struct NameSlot {
    Slot<std::string> at;
};

/// The path of a file or a program. Never empty.
struct PathSlot {
    Slot<std::string> at;
};

/// HTTP headers "Name: value", all secret.
struct HeadersSlot {
    Slot<std::vector<std::string>> at;
};

/// One alternative a type, and so one grammar and one unit system a key.
using Target =
    std::variant<Slot<bool>, Slot<std::string>, NameSlot, PathSlot, HeadersSlot, Slot<std::uint32_t>,
                 Slot<ChainId>, Slot<BlockNumber>, Slot<Blocks>, Slot<std::chrono::milliseconds>, Slot<Usd>,
                 Slot<Wei>, Slot<Wad>, Slot<BasisPoints>, Slot<Address>, Slot<std::optional<Address>>,
                 Slot<std::vector<Address>>, Slot<Url>, Slot<Network>, Slot<Mode>, Slot<SignerType>,
                 Slot<VenueKind>, Slot<LaneType>, Slot<LogLevel>, Slot<LogFormat>, Slot<NativeAmount>,
                 Slot<Ordering>, Slot<HotThread>, Slot<DataFee>>;

/// When a key must be given, for the program and for a person.
struct Need {
    bool (*holds)(const Config&){};  // asked once everything is loaded; null: never
    std::string_view text;           // "always", `when signer.type = "none"`
};

/// One row of the schema: everything that is known of one key.
struct Key {
    std::string_view table;  // "strategy"
    std::string_view name;   // "min_profit"
    Target target;
    std::string_view
        fallback{};              // as in a file, without quotes; empty: there is no default, or an empty list
    std::string_view example{};  // likewise, for keys without a default
    std::string_view least{};  // smallest and largest allowed value, written likewise; empty: the type's own
    std::string_view most{};
    Need need{};
    std::string_view help{};
};

/// A table of the file and its keys. Repeated ones are written [[name]] and may be appended and counted.
struct Table {
    std::string_view name;
    std::span<const Key> (*keys)(){};
    void (*append)(Config& config){};
    std::size_t (*count)(const Config& config){};
    void (*clear)(Config& config){};
    std::size_t most{1};  // of repeated ones
    bool needed{true};    // repeated ones: at least one must be given
    [[nodiscard]] constexpr bool repeated() const noexcept { return append != nullptr; }
};

[[nodiscard]] std::span<const Table> tables();
[[nodiscard]] std::span<const Key> keys();
[[nodiscard]] const Table* find_table(std::string_view name);
[[nodiscard]] const Key* find_key(std::string_view table, std::string_view name);

/// Parses, checks the range and stores. On error nothing is stored.
[[nodiscard]] Parsed<void> store(const Key& key, Config& config, std::size_t index, const Scalar& scalar);
/// What stands in the documentation's type column: "duration", "gas price", `"dry-run" or "live"`.
[[nodiscard]] std::string type_name(const Key& key);
/// `text` as a file would hold it for this key: in quotes where the type is text.
[[nodiscard]] std::string in_file(const Key& key, std::string_view text);
/// Whether the value may hold a secret and must never be shown.
[[nodiscard]] bool is_secret(const Key& key);
/// Whether it is a list: "[…]" in a file, separated by commas elsewhere.
[[nodiscard]] bool is_list(const Key& key);
/// `text` from the environment, the command line or the schema itself, in the shape the key's type wants.
[[nodiscard]] Scalar scalar_for(const Key& key, std::string_view text);
/// The value as a file would hold it; secrets as they are. Empty: nothing is set and there is nothing to
/// write.
[[nodiscard]] std::string text_of(const Key& key, const Config& config, std::size_t index);
/// The same for people: secrets as "***", of URLs only scheme and host are left. "" where nothing is set.
[[nodiscard]] std::string shown_text(const Key& key, const Config& config, std::size_t index);
/// What a value counts or measures: "duration", "usd", "wei per gas", "blocks", "share", "address".
[[nodiscard]] std::string_view unit_of(const Key& key);

/// "chain.id", or with the number of its table "endpoint.0.ws".
[[nodiscard]] std::string dotted_name(const Key& key, std::size_t index);
/// "--chain.id", "--endpoint.0.startup-timeout".
[[nodiscard]] std::string flag_name(const Key& key, std::size_t index);
/// "PLIMSOLL_CHAIN__ID", "PLIMSOLL_ENDPOINT__0__STARTUP_TIMEOUT".
[[nodiscard]] std::string variable_name(const Key& key, std::size_t index);

/// Stores the defaults of one table's keys, for repeated tables in their `index`th.
void store_defaults(std::string_view table, Config& config, std::size_t index);
/// Every key's default, without endpoints and venues; keys without a default are zero or empty.
[[nodiscard]] Config defaults();
/// The table of all keys for the README.
[[nodiscard]] std::string to_markdown();
/// "1 to 64", "at least 1", "at most 100%", "" where only the type limits it.
[[nodiscard]] std::string range_of(const Key& key);

}  // namespace plimsoll::config
