// SPDX-License-Identifier: Apache-2.0
// What is known of a key besides how it is stored: names, types, units, and its value as text.
#include "config/choices.hpp"
#include "config/schema.hpp"
#include "config/value_text.hpp"

#include <algorithm>
#include <type_traits>

namespace plimsoll::config {
namespace {

/// Word and unit of a type, as the documentation has them.
struct TypeName {
    std::string name;
    std::string_view unit;
};

template <class T>
T element_of(Slot<T>);

template <class T>
TypeName type_of_value() {
    if constexpr (std::is_enum_v<T>) {
        std::string list;
        for (const std::string_view name : choice_names<T>())
            list += (list.empty() ? "\"" : ", \"") + std::string{name} + "\"";
        return {list, "one of a list"};
    } else if constexpr (std::is_same_v<T, bool>) {
        return {"true, false", "yes or no"};
    } else if constexpr (std::is_same_v<T, std::string>) {
        return {"text", "text"};
    } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
        return {"duration: ms, s, m, h", "duration"};
    } else if constexpr (std::is_same_v<T, Usd>) {
        return {"money: usd", "usd"};
    } else if constexpr (std::is_same_v<T, Wei>) {
        return {"gas price: wei, gwei", "wei per gas"};
    } else if constexpr (std::is_same_v<T, NativeAmount>) {
        return {"native coin: eth", "eth"};
    } else if constexpr (std::is_same_v<T, Blocks>) {
        return {"distance: blocks", "blocks"};
    } else if constexpr (std::is_same_v<T, BasisPoints>) {
        return {"share: %, bps", "share"};
    } else if constexpr (std::is_same_v<T, Wad>) {
        return {"decimal number", "ratio"};
    } else if constexpr (std::is_same_v<T, Address> || std::is_same_v<T, std::optional<Address>>) {
        return {"address", "address"};
    } else if constexpr (std::is_same_v<T, std::vector<Address>>) {
        return {"list of addresses", "addresses"};
    } else if constexpr (std::is_same_v<T, Url>) {
        return {"URL", "URL"};
    } else if constexpr (std::is_same_v<T, ChainId>) {
        return {"whole number", "chain id"};
    } else if constexpr (std::is_same_v<T, BlockNumber>) {
        return {"whole number", "block number"};
    } else {
        return {"whole number", "count"};
    }
}

TypeName type_of(const Key& key) {
    return std::visit(
        [](const auto& slot) -> TypeName {
            using SlotType = std::decay_t<decltype(slot)>;
            if constexpr (std::is_same_v<SlotType, NameSlot>) {
                return {"name: a-z, 0-9, -", "name"};
            } else if constexpr (std::is_same_v<SlotType, PathSlot>) {
                return {"path", "path"};
            } else if constexpr (std::is_same_v<SlotType, HeadersSlot>) {
                return {"list of \"Name: value\"", "headers"};
            } else {
                return type_of_value<decltype(element_of(slot))>();
            }
        },
        key.target);
}

template <class T>
constexpr bool kBare = std::is_same_v<T, bool> || std::is_same_v<T, Wad> || std::is_same_v<T, ChainId> ||
                       std::is_same_v<T, BlockNumber> || std::is_same_v<T, std::uint32_t>;

bool is_bare(const Key& key) {
    return std::visit(
        [](const auto& slot) {
            using SlotType = std::decay_t<decltype(slot)>;
            if constexpr (std::is_same_v<SlotType, NameSlot> || std::is_same_v<SlotType, PathSlot> ||
                          std::is_same_v<SlotType, HeadersSlot>) {
                return false;
            } else {
                return kBare<decltype(element_of(slot))>;
            }
        },
        key.target);
}

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string upper(std::string_view text) {
    std::string out{text};
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

/// The texts of a list that the value is made of; one text for a single value; none for a value not set.
List texts_of(const Key& key, const Config& config, std::size_t index) {
    Config& place = const_cast<Config&>(config);  // NOLINT(cppcoreguidelines-pro-type-const-cast): only read
    return std::visit(
        [&](const auto& slot) -> List {
            using SlotType = std::decay_t<decltype(slot)>;
            if constexpr (std::is_same_v<SlotType, NameSlot> || std::is_same_v<SlotType, PathSlot>) {
                const std::string& text = slot.at(place, index);
                return text.empty() ? List{} : List{text};
            } else if constexpr (std::is_same_v<SlotType, HeadersSlot>) {
                return slot.at(place, index);
            } else {
                return texts(slot(place, index));
            }
        },
        key.target);
}

template <class Write>
std::string listed(const Key& key, const List& texts, Write write) {
    if (!is_list(key)) return texts.empty() ? std::string{} : write(texts.front());
    std::string out;
    for (const std::string& text : texts)
        out += (out.empty() ? "" : ", ") + write(text);
    return texts.empty() ? out : "[" + out + "]";
}

}  // namespace

std::string type_name(const Key& key) {
    return type_of(key).name;
}

std::string_view unit_of(const Key& key) {
    return type_of(key).unit;
}

bool is_secret(const Key& key) {
    return std::holds_alternative<Slot<Url>>(key.target) || std::holds_alternative<HeadersSlot>(key.target);
}

bool is_list(const Key& key) {
    return std::holds_alternative<Slot<std::vector<Address>>>(key.target) ||
           std::holds_alternative<HeadersSlot>(key.target);
}

std::string in_file(const Key& key, std::string_view text) {
    if (is_list(key)) return text.empty() ? "[]" : "[" + in_quotes(text) + "]";
    return is_bare(key) ? std::string{text} : in_quotes(text);
}

Scalar scalar_for(const Key& key, std::string_view text) {
    if (std::holds_alternative<HeadersSlot>(key.target) && !text.starts_with('['))
        return List{std::string{text}};  // a header's value may hold commas
    if (is_list(key)) return list_from_text(text);
    return is_bare(key) ? scalar_from_text(text) : Scalar{std::string{text}};
}

std::string text_of(const Key& key, const Config& config, std::size_t index) {
    const List texts = texts_of(key, config, index);
    return listed(key, texts, [&](const std::string& text) { return is_bare(key) ? text : in_quotes(text); });
}

std::string shown_text(const Key& key, const Config& config, std::size_t index) {
    const List texts = texts_of(key, config, index);
    return listed(key, texts, [&](const std::string& text) -> std::string {
        if (std::holds_alternative<HeadersSlot>(key.target))
            return in_quotes(text.substr(0, text.find(':')) + ": ***");
        if (!is_secret(key)) return is_bare(key) ? text : in_quotes(text);
        const auto url = parse_url(text);
        return url ? in_quotes(masked(*url)) : "***";
    });
}

std::string dotted_name(const Key& key, std::size_t index) {
    const bool repeated = find_table(key.table)->repeated();
    const std::string number = repeated ? "." + std::to_string(index) : "";
    return std::string{key.table} + number + "." + std::string{key.name};
}

std::string flag_name(const Key& key, std::size_t index) {
    std::string out = "--" + dotted_name(key, index);
    std::ranges::replace(out, '_', '-');
    return out;
}

std::string variable_name(const Key& key, std::size_t index) {
    const bool repeated = find_table(key.table)->repeated();
    const std::string number = repeated ? "__" + std::to_string(index) : "";
    return "PLIMSOLL_" + upper(key.table) + number + "__" + upper(key.name);
}

}  // namespace plimsoll::config
