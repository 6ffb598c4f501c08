// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_owner.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace plimsoll::bot {

/// What a journal must at least know. It is kept on another path, so that a journal that was lost, or put
/// back from a copy, is noticed.
struct WitnessRecord {
    std::uint64_t epoch{};          // openings of the journal
    std::optional<Nonce> reserved;  // every nonce up to it may have been used
    std::uint64_t last_attempt{};   // highest id ever made durable
    std::uint64_t last_intent{};    // likewise
    friend bool operator==(const WitnessRecord&, const WitnessRecord&) = default;
};

/// The bytes of a witness, wherever they lie. A seam: tests keep them where a power cut can be tried.
class WitnessFile {
  public:
    virtual ~WitnessFile() = default;
    WitnessFile(const WitnessFile&) = delete;
    WitnessFile& operator=(const WitnessFile&) = delete;
    WitnessFile(WitnessFile&&) = delete;
    WitnessFile& operator=(WitnessFile&&) = delete;

    /// None if there is no such file. Errc::storage_failed.
    [[nodiscard]] virtual Result<std::optional<Bytes>> read() = 0;
    /// The whole content, durable when it returns; what was there stays until it is. Errc::storage_failed.
    [[nodiscard]] virtual Result<void> replace(BytesView content) = 0;
    /// A part of the content in place, not synced: a power cut may lose or tear it. Errc::storage_failed.
    [[nodiscard]] virtual Result<void> overwrite(std::size_t offset, BytesView part) = 0;

  protected:
    WitnessFile() = default;
};

/// A file of its own: written beside (`.new`), synced, renamed, its folder synced.
[[nodiscard]] std::unique_ptr<WitnessFile> posix_witness_file(std::filesystem::path file);

/// The witness of one key. Two records lie in the file, each with a checksum: one that is synced with every
/// reservation and opening, and behind it one that follows every commit without a sync, which counts if it is
/// whole.
class Witness {
  public:
    Witness(std::unique_ptr<WitnessFile> file, const JournalOwner& owner) noexcept;

    /// What is known; none if there is no file. Errc::refused if it belongs to another key,
    /// Errc::malformed_input if it is damaged, Errc::storage_failed if it cannot be read.
    [[nodiscard]] Result<std::optional<WitnessRecord>> read();
    /// Durable when it returns. Errc::storage_failed.
    [[nodiscard]] Result<void> sync(const WitnessRecord& record);
    /// Survives the end of the process, not always a power cut. Errc::storage_failed.
    [[nodiscard]] Result<void> follow(const WitnessRecord& record);

  private:
    [[nodiscard]] Bytes encoded(const WitnessRecord& record) const;

    std::unique_ptr<WitnessFile> file_;
    JournalOwner owner_;
};

}  // namespace plimsoll::bot
