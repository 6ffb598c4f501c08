// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/journal_image.hpp"

#include "bot/journal/sqlite.hpp"
#include "bot/journal/sqlite_journal.hpp"
#include "tests/fuzz/input.hpp"

#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace plimsoll::fuzz {
namespace {

using signer::AttemptStatus;

/// In memory where there is such a file system: nothing of it is worth a disk.
std::filesystem::path scratch() {
    const std::filesystem::path memory{"/dev/shm"};
    std::error_code failed;
    const bool there = std::filesystem::is_directory(memory, failed);
    std::string pattern =
        ((there ? memory : std::filesystem::temp_directory_path()) / "plimsoll-fuzz-XXXXXX").string();
    const char* const made = mkdtemp(pattern.data());
    require(made != nullptr, "a folder can be made");
    return made;
}

signer::AttemptRow row_of(signer::AttemptId id, std::uint64_t intent, std::uint64_t nonce) {
    signer::AttemptRow out;
    out.id = id;
    out.intent_id = intent;
    out.key.chain = image_owner().chain;
    out.key.account.bytes[19] = static_cast<std::uint8_t>(intent);
    out.nonce = Nonce{nonce};
    out.raw = signed_bytes(nonce, static_cast<std::uint8_t>(id));
    out.hash = keccak256(out.raw);
    out.fee = {to_wei(Gwei{10}), to_wei(Gwei{21 + id}), to_wei(Gwei{id})};
    out.last_block = BlockNumber{120};
    out.ceiling = cost(Gas{500'000}, out.fee.max_fee_per_gas);
    out.status = AttemptStatus::signed_;
    out.first_head = BlockNumber{90};
    return out;
}

signer::UpdateAttempt update_of(signer::AttemptId id, AttemptStatus status) {
    signer::UpdateAttempt out;
    out.id = id;
    out.status = status;
    out.block_hash.bytes.fill(0xB1);
    out.block_number = BlockNumber{101};
    return out;
}

std::vector<signer::JournalEntry> history() {
    signer::EndIntent first;
    first.intent_id = 1;
    first.kind = OutcomeKind::confirmed;
    first.block_hash.bytes.fill(0xB1);
    first.block_number = BlockNumber{101};
    signer::AttemptRow armed = row_of(5, 5, 8);
    armed.raw = signer::unsigned_bytes(fields_of(8));
    armed.status = AttemptStatus::armed;
    armed.first_head = {};
    return {signer::ReserveNonces{Nonce{63}},
            signer::InsertAttempt{row_of(1, 1, 5)},
            signer::InsertAttempt{row_of(2, 2, 5)},
            update_of(1, AttemptStatus::confirmed),
            update_of(2, AttemptStatus::replaced),
            first,
            signer::InsertAttempt{row_of(3, 3, 6)},
            signer::InsertAttempt{row_of(4, 3, 6)},
            signer::InsertAttempt{row_of(6, 4, 7)},
            update_of(6, AttemptStatus::mined),
            signer::InsertAttempt{armed}};
}

Bytes content_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return Bytes{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

}  // namespace

const bot::JournalOwner& image_owner() {
    static const bot::JournalOwner owner = [] {
        bot::JournalOwner out;
        out.chain = ChainId{31337};
        out.sender.bytes.fill(0xAA);
        return out;
    }();
    return owner;
}

signer::Transaction fields_of(std::uint64_t nonce) {
    signer::Transaction out;
    out.chain_id = image_owner().chain;
    out.nonce = Nonce{nonce};
    out.max_fee_per_gas = to_wei(Gwei{20});
    out.gas_limit = Gas{21'000};
    out.to = image_owner().sender;
    return out;
}

Bytes signed_bytes(std::uint64_t nonce, std::uint8_t salt) {
    signer::Signature signature;
    signature.r.bytes[31] = 1;
    signature.s.bytes[31] = static_cast<std::uint8_t>(1 + salt % 250);
    return signer::assemble(fields_of(nonce), signature).raw;
}

const Bytes& journal_image() {
    static const Bytes image = [] {
        const std::filesystem::path folder = scratch();
        {
            auto journal = bot::SqliteJournal::open(folder, image_owner());
            require(journal.has_value(), "a journal can be made");
            const std::vector<signer::JournalEntry> entries = history();
            require((*journal)->write(entries).has_value(), "and written");
        }  // the last connection folds the log into the file
        Bytes out = content_of(folder / "journal.sqlite");
        std::filesystem::remove_all(folder);
        require(!out.empty(), "the journal has a file");
        return out;
    }();
    return image;
}

ImageFolder::ImageFolder(BytesView image) : path_{scratch()} {
    std::ofstream out{path_ / "journal.sqlite", std::ios::binary};
    const std::string bytes{image.begin(), image.end()};
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

ImageFolder::~ImageFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace plimsoll::fuzz
