// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/journal_owner.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/keccak.hpp"
#include "signer/transaction.hpp"

#include <filesystem>

namespace plimsoll::fuzz {

/// Whose journals these are: chain 31337.
[[nodiscard]] const bot::JournalOwner& image_owner();
[[nodiscard]] signer::Transaction fields_of(std::uint64_t nonce);
/// With a signature that nobody made.
[[nodiscard]] Bytes signed_bytes(std::uint64_t nonce, std::uint8_t salt);

/// One attempt with all its columns but the chain, which is ours.
inline constexpr const char* kInsertImageRow =
    "INSERT INTO attempts (id, intent_id, chain, sender, venue, account, purpose, nonce, hash, raw, "
    "base_fee, "
    "max_fee, priority_fee, last_block, value_at_stake, ceiling, status, block_hash, block_number, gas_cost, "
    "created_ms, first_head, updated_ms) VALUES (?1, ?2, 31337, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
    "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, 0)";

/// The file of a small journal as this program writes it: attempts in several states, an intent that ended,
/// one that waited again.
[[nodiscard]] const Bytes& journal_image();

/// A folder with such a file, as long as it lives.
class ImageFolder {
  public:
    explicit ImageFolder(BytesView image);
    ~ImageFolder();
    ImageFolder(const ImageFolder&) = delete;
    ImageFolder& operator=(const ImageFolder&) = delete;
    ImageFolder(ImageFolder&&) = delete;
    ImageFolder& operator=(ImageFolder&&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace plimsoll::fuzz
