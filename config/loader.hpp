// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/document.hpp"
#include "config/load.hpp"
#include "config/schema.hpp"

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace plimsoll::config {

/// Lays sources over each other, weakest first, in one pass: collects everything that is wrong and goes on.
class Loader {
  public:
    Loader(Problems& problems, const Surroundings& surroundings)
        : problems_{problems}, surroundings_{surroundings}, effective_{defaults(), {}} {}

    /// A file's tables. Repeated tables replace those of a weaker layer, all of them.
    void read(const Document& document, Layer layer, const std::string& name);
    /// Single values from the environment or the command line; a repeated table may be appended to.
    void apply(std::span<const Setting> settings, Layer layer);
    /// Without looking whether something is missing.
    [[nodiscard]] const Effective& so_far() const noexcept { return effective_; }
    /// What is missing, and the rules between keys.
    Effective finish();

  private:
    struct Named {
        const Key* key{};
        std::size_t index{};
        const Setting* setting{};
    };

    void read_section(const Document& document, const Section& section);
    void fill(const Table& table, std::size_t index, const Section& section);
    void read_value(const Key& key, std::size_t index, const Entry& entry);
    [[nodiscard]] Parsed<void> put(const Key& key, std::size_t index, const Scalar& scalar, Origin origin);
    void wrong_form(const Table& table, const Section& section);
    void unknown_table(const Section& section);
    void unknown_key(const Table& table, std::size_t index, const Entry& entry);
    [[nodiscard]] std::optional<Named> find_setting(const Setting& setting, Layer layer);
    void unknown_setting(const Setting& setting, Layer layer);
    void apply_one(const Named& named, Layer layer);
    void refuse_arming(const Setting& setting);
    void forget(const Table& table);
    void require(const Table& table);
    void require_in(const Table& table, std::size_t index);
    void report(Problem problem) { problems_.list.push_back(std::move(problem)); }
    [[nodiscard]] bool needs(const Key& key) const;
    [[nodiscard]] bool touched(const Table& table) const;
    [[nodiscard]] std::size_t count(const Table& table) const;

    Problems& problems_;
    const Surroundings& surroundings_;
    Effective effective_;
    Layer layer_{};
    std::string name_;  // of the file that is being read
    std::set<std::string_view> replaced_;
    std::map<std::pair<std::string_view, std::size_t>, Place> headers_;
    /// What a misspelt word most likely is: not reported as missing too.
    std::set<std::string, std::less<>> guessed_;
};

}  // namespace plimsoll::config
