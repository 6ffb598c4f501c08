// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/journal/sqlite_journal.hpp"
#include "chain/primitives/keccak.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

namespace plimsoll::bot {

/// A data folder that goes with the test.
class JournalFolder {
  public:
    JournalFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "plimsoll-journal-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    ~JournalFolder() { std::filesystem::remove_all(path_); }
    JournalFolder(const JournalFolder&) = delete;
    JournalFolder& operator=(const JournalFolder&) = delete;
    JournalFolder(JournalFolder&&) = delete;
    JournalFolder& operator=(JournalFolder&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path file() const { return path_ / "journal.sqlite"; }

  private:
    std::filesystem::path path_;
};

inline JournalOwner owner() {
    JournalOwner out;
    out.chain = ChainId{31337};
    out.sender.bytes.fill(0xAA);
    return out;
}

/// With all the nonces reserved that these tests use.
inline std::unique_ptr<SqliteJournal> open_journal(const JournalFolder& folder) {
    auto out = SqliteJournal::open(folder.path(), owner());
    EXPECT_TRUE(out) << (out ? "" : out.error().text);
    if (!out) return nullptr;
    const signer::JournalEntry all = signer::ReserveNonces{Nonce{999}};
    EXPECT_TRUE((*out)->write({&all, 1}));
    return *std::move(out);
}

/// A row whose bytes, hash and fees follow from its id: a later one offers more.
inline signer::AttemptRow attempt(signer::AttemptId id, std::uint64_t intent, std::uint64_t nonce) {
    signer::AttemptRow out;
    out.id = id;
    out.intent_id = intent;
    out.key.chain = ChainId{31337};
    out.key.venue = 2;
    out.key.account.bytes[19] = static_cast<std::uint8_t>(intent);
    out.nonce = Nonce{nonce};
    out.raw = Bytes(200, static_cast<std::uint8_t>(id));
    out.hash = keccak256(out.raw);
    out.fee = {to_wei(Gwei{10}), to_wei(Gwei{21 + id}), to_wei(Gwei{id})};
    out.last_block = BlockNumber{120};
    out.value_at_stake = Usd{U256::max()};
    out.ceiling = cost(Gas{500'000}, out.fee.max_fee_per_gas);
    out.status = signer::AttemptStatus::signed_;
    out.first_head = BlockNumber{90 + nonce};
    return out;
}

inline signer::UpdateAttempt update(signer::AttemptId id, signer::AttemptStatus status) {
    signer::UpdateAttempt out;
    out.id = id;
    out.status = status;
    out.block_hash.bytes.fill(0xB1);
    out.block_number = BlockNumber{101};
    return out;
}

inline Result<void> write(signer::Journal& journal, std::vector<signer::JournalEntry> entries) {
    return journal.write(entries);
}

inline Result<void> insert(signer::Journal& journal, const signer::AttemptRow& row) {
    return write(journal, {signer::InsertAttempt{row}});
}

}  // namespace plimsoll::bot
