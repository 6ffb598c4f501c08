// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

namespace plimsoll::config {
namespace {

std::string default_of(const Key& key) {
    if (!key.fallback.empty()) return "`" + in_file(key, key.fallback) + "`";
    if (key.need.text == "always") return "required";
    if (is_list(key) && key.need.text.empty()) return "`[]`";
    return key.need.text.empty() ? "none" : "required " + std::string{key.need.text};
}

}  // namespace

std::string range_of(const Key& key) {
    if (key.least.empty() && key.most.empty()) return "";
    if (key.most.empty()) return "at least " + std::string{key.least};
    if (key.least.empty()) return "at most " + std::string{key.most};
    return std::string{key.least} + " to " + std::string{key.most};
}

std::string to_markdown() {
    std::string out = "| key | type and range | default | meaning |\n|---|---|---|---|\n";
    for (const Key& key : keys()) {
        const bool repeated = find_table(key.table)->repeated();
        const std::string table =
            repeated ? "[[" + std::string{key.table} + "]] " : std::string{key.table} + ".";
        const std::string range = range_of(key);
        out += "| `" + table + std::string{key.name} + "` | " + type_name(key) +
               (range.empty() ? "" : "; " + range) + " | " + default_of(key) + " | " + std::string{key.help} +
               " |\n";
    }
    return out;
}

}  // namespace plimsoll::config
