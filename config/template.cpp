// SPDX-License-Identifier: Apache-2.0
#include "config/template.hpp"

#include "config/loader.hpp"
#include "config/networks.hpp"
#include "config/schema.hpp"

#include <algorithm>
#include <array>

namespace plimsoll::config {
namespace {

constexpr std::string_view kHead =
    R"(# Plimsoll's configuration. `plimsoll check` tells whether it is right, `plimsoll config show --origin` what holds and
# where each value comes from. A line that begins with # and a key shows what holds without it. Values with a unit are
# text: "12s", "5 usd", "200 gwei". ${NAME} stands for a variable of the environment; where an endpoint's address or a
# header is wanted, "file:PATH" stands for what a file says.
)";

/// Keys that a person decides at the beginning.
constexpr std::array<std::string_view, 5> kDecided{"keeper.mode", "chain.network", "endpoint.0.name",
                                                   "endpoint.0.ws", "signer.type"};

/// Where a line would pass column 118 it is broken before.
std::string wrapped(const std::string& help) {
    constexpr std::size_t kWidest = 116;
    std::string out;
    std::string_view rest = help;
    while (rest.size() > kWidest) {
        const std::size_t space = rest.rfind(' ', kWidest);
        const std::size_t end = space == std::string_view::npos ? kWidest : space;
        out += "# " + std::string{rest.substr(0, end)} + "\n";
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out + "# " + std::string{rest} + "\n";
}

std::string help_of(const Key& key) {
    std::string help{key.help};
    help += " (" + type_name(key);
    if (const std::string range = range_of(key); !range.empty()) help += "; " + range;
    return help + ")";
}

class Writer {
  public:
    explicit Writer(const Effective& known) : known_{known} {}

    std::string write() {
        out_ = kHead;
        for (const Table& table : tables()) {
            const std::size_t count = table.repeated() ? table.count(known_.config) : 1;
            for (std::size_t i = 0; i < count; ++i)
                section(table, i);
            if (count == 0) example(table);
        }
        return std::move(out_);
    }

  private:
    [[nodiscard]] bool given(const Key& key, std::size_t index) const {
        const auto found = known_.origins.find({key.table, index, key.name});
        return found != known_.origins.end() && found->second.layer == Layer::flag;
    }
    [[nodiscard]] bool set(const Key& key, std::size_t index) const {
        return given(key, index) || std::ranges::find(kDecided, dotted_name(key, index)) != kDecided.end();
    }
    [[nodiscard]] bool required(const Key& key) const {
        return key.need.holds != nullptr && key.need.holds(known_.config);
    }

    /// A repeated table of the network stays switched off as a whole: giving it replaces the network's.
    void section(const Table& table, std::size_t index) {
        const std::span<const Key> all = table.keys();
        const bool on =
            !table.repeated() || std::ranges::any_of(all, [&](const Key& key) { return set(key, index); });
        begin(table, on);
        for (const Key& key : all) {
            const std::string value = text_of(key, known_.config, index);
            const bool missing = value.empty() && required(key);
            const std::string shown =
                value.empty() ? in_file(key, key.fallback.empty() ? key.example : key.fallback) : value;
            line(key, shown, on && !missing && (set(key, index) || (table.repeated() && required(key))),
                 missing);
        }
    }

    void example(const Table& table) {
        begin(table, false);
        for (const Key& key : table.keys())
            line(key, in_file(key, key.fallback.empty() ? key.example : key.fallback), false,
                 table.needed && required(key));
    }

    void begin(const Table& table, bool on) {
        const std::string name{table.name};
        out_ += "\n" + std::string{on ? "" : "#"} +
                (table.repeated() ? "[[" + name + "]]" : "[" + name + "]") + "\n";
    }

    void line(const Key& key, const std::string& value, bool on, bool missing) {
        out_ += wrapped(help_of(key) + (missing ? "; REQUIRED" : ""));
        out_ += std::string{on ? "" : "#"} + std::string{key.name} + " = " + value + "\n";
    }

    const Effective& known_;
    std::string out_;
};

}  // namespace

std::string new_file(const Effective& known) {
    return Writer{known}.write();
}

Effective starting_point(Network network, const std::vector<Setting>& settings, Problems& problems) {
    const Surroundings surroundings = surroundings_of_process();
    Loader loader{problems, surroundings};
    if (network != Network::custom) {
        const auto facts = parse_document(network_file(network));
        if (facts) loader.read(*facts, Layer::network, std::string{to_string(network)});
    }
    const std::vector<Setting> basis{{"chain.network", std::string{to_string(network)}, "--network"},
                                     {"endpoint.0.name", "local", "--network"},
                                     {"endpoint.0.ws", "ws://127.0.0.1:8545", "--network"}};
    loader.apply(basis, Layer::preset);
    loader.apply(settings, Layer::flag);
    return loader.so_far();
}

}  // namespace plimsoll::config
