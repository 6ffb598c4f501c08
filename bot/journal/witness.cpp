// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/witness.hpp"

#include "chain/primitives/keccak.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace plimsoll::bot {

namespace {

constexpr std::string_view kWitnessMagic = "PLIMWIT1";
/// A record of its own in each half, so that a torn write of the second never harms the first.
constexpr std::size_t kHalf = 512;
// magic, chain, sender, epoch, 1 + reserved nonce or 0, last attempt, last intent, checksum
constexpr std::size_t kRecordSize = 8 + 8 + 20 + 8 + 1 + 8 + 8 + 8 + 8;
constexpr std::size_t kChecksumAt = kRecordSize - 8;

class Reader {
  public:
    explicit Reader(BytesView from) noexcept : from_{from} {}
    std::uint64_t number() {
        std::uint64_t out = 0;
        for (int i = 0; i < 8; ++i)
            out = out << 8U | from_[at_++];
        return out;
    }
    std::uint8_t byte() { return from_[at_++]; }
    BytesView take(std::size_t count) {
        const BytesView out = from_.subspan(at_, count);
        at_ += count;
        return out;
    }

  private:
    BytesView from_;
    std::size_t at_ = 0;
};

void put_number(Bytes& out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
}

bool whole(BytesView record) {
    const Hash32 sum = keccak256(record.first(kChecksumAt));
    return std::equal(record.begin() + kChecksumAt, record.end(), sum.bytes.begin()) &&
           std::equal(kWitnessMagic.begin(), kWitnessMagic.end(), record.begin());
}

struct Decoded {
    JournalOwner owner;
    WitnessRecord record;
};

std::optional<Decoded> decoded(BytesView content, std::size_t offset) {
    if (content.size() < offset + kRecordSize) return std::nullopt;
    const BytesView bytes = content.subspan(offset, kRecordSize);
    if (!whole(bytes)) return std::nullopt;
    Reader reader{bytes.subspan(kWitnessMagic.size())};
    Decoded out;
    out.owner.chain.value = reader.number();
    const BytesView sender = reader.take(out.owner.sender.bytes.size());
    std::copy(sender.begin(), sender.end(), out.owner.sender.bytes.begin());
    out.record.epoch = reader.number();
    const bool any = reader.byte() != 0;
    const Nonce reserved{reader.number()};
    if (any) out.record.reserved = reserved;
    out.record.last_attempt = reader.number();
    out.record.last_intent = reader.number();
    return out;
}

}  // namespace

Witness::Witness(std::unique_ptr<WitnessFile> file, const JournalOwner& owner) noexcept
    : file_{std::move(file)}, owner_{owner} {}

Bytes Witness::encoded(const WitnessRecord& record) const {
    Bytes out{kWitnessMagic.begin(), kWitnessMagic.end()};
    put_number(out, owner_.chain.value);
    out.insert(out.end(), owner_.sender.bytes.begin(), owner_.sender.bytes.end());
    put_number(out, record.epoch);
    out.push_back(record.reserved ? 1 : 0);
    put_number(out, record.reserved.value_or(Nonce{}).value);
    put_number(out, record.last_attempt);
    put_number(out, record.last_intent);
    const Hash32 sum = keccak256(out);
    out.insert(out.end(), sum.bytes.begin(), sum.bytes.begin() + 8);
    return out;
}

Result<std::optional<WitnessRecord>> Witness::read() {
    PLIMSOLL_TRY(const std::optional<Bytes> content, file_->read());
    if (!content) return std::optional<WitnessRecord>{};
    const std::optional<Decoded> synced = decoded(*content, 0);
    if (!synced) return fail(Errc::malformed_input, "the witness is damaged");
    if (synced->owner != owner_) {
        return fail(Errc::refused, "the witness belongs to " + to_string(synced->owner.sender) +
                                       " on chain id " + std::to_string(synced->owner.chain.value));
    }
    WitnessRecord out = synced->record;
    const std::optional<Decoded> later = decoded(*content, kHalf);
    if (later && later->owner == owner_ && later->record.epoch == out.epoch) {
        out.reserved = std::max(out.reserved, later->record.reserved);
        out.last_attempt = std::max(out.last_attempt, later->record.last_attempt);
        out.last_intent = std::max(out.last_intent, later->record.last_intent);
    }
    return std::optional<WitnessRecord>{out};
}

Result<void> Witness::sync(const WitnessRecord& record) {
    Bytes content = encoded(record);
    content.resize(2 * kHalf);
    return file_->replace(content);
}

Result<void> Witness::follow(const WitnessRecord& record) {
    return file_->overwrite(kHalf, encoded(record));
}

}  // namespace plimsoll::bot
