// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace plimsoll::bot {

/// One attempt as a person wants to see it.
struct AttemptView {
    std::uint64_t id{};
    std::uint64_t intent_id{};  // 0: it only fills a gap
    std::uint64_t venue{};
    Address account;
    std::string purpose;
    Nonce nonce;
    Hash32 hash;
    Wei max_fee_per_gas;
    Wei max_priority_fee_per_gas;
    BlockNumber last_block;
    std::string status;
    std::optional<Hash32> block_hash;  // where it landed
    BlockNumber block_number;          // likewise
    std::uint64_t created_ms{};        // since 1970
    std::uint64_t updated_ms{};
};

/// How an intent ended.
struct LastWord {
    std::string outcome;
    Hash32 block_hash;  // that proves it
    BlockNumber block_number;
    std::string text;          // why; may be empty
    std::uint64_t ended_ms{};  // since 1970
};

/// Which attempts: of all, or of one intent or hash; newest first.
struct AttemptFilter {
    bool open_only{};
    std::optional<std::uint64_t> intent;
    std::optional<Hash32> hash;  // the intent of this attempt
    std::uint64_t limit = 1000;
};

/// Attempts of one intent, and how it ended, both of one moment.
struct IntentView {
    std::vector<AttemptView> attempts;
    std::optional<LastWord> last;  // nothing while it is under way
};

/// Reads a journal without its lock, also while a keeper writes it: what was committed, nothing else. Changes
/// nothing.
class JournalReader {
  public:
    /// `<folder>/journal.sqlite`. Errc::not_found if there is none, Errc::storage_failed if it cannot be
    /// opened, Errc::malformed_input if it is no journal.
    [[nodiscard]] static Result<JournalReader> open(const std::filesystem::path& folder);
    /// Errc::storage_failed.
    [[nodiscard]] Result<std::vector<AttemptView>> attempts(const AttemptFilter& filter);
    /// Of the intent that the filter names; no attempts if there is none like it. Errc::storage_failed.
    [[nodiscard]] Result<IntentView> intent(const AttemptFilter& filter);

  private:
    Result<std::optional<LastWord>> last_word(std::uint64_t intent);
    struct Close {
        void operator()(sqlite3* handle) const noexcept;
    };
    explicit JournalReader(sqlite3* handle) noexcept : handle_{handle} {}
    std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace plimsoll::bot
