// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/attempt_codec.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace plimsoll::bot {

namespace {

using signer::AttemptStatus;
using signer::Purpose;

constexpr std::array kStatuses{AttemptStatus::armed,      AttemptStatus::signed_,  AttemptStatus::maybe_sent,
                               AttemptStatus::sent,       AttemptStatus::seen,     AttemptStatus::mined,
                               AttemptStatus::superseded, AttemptStatus::reorged,  AttemptStatus::confirmed,
                               AttemptStatus::reverted,   AttemptStatus::replaced, AttemptStatus::dropped};
constexpr std::array kPurposes{Purpose::execute, Purpose::cancel};

/// Reads typed columns and remembers whether one was not what it should be.
class Columns {
  public:
    explicit Columns(const Statement& statement) noexcept : statement_{statement} {}

    template <std::size_t N>
    std::array<std::uint8_t, N> fixed(int column) {
        std::array<std::uint8_t, N> out{};
        const BytesView raw = statement_.blob(column);
        sound_ = sound_ && raw.size() == N;
        if (raw.size() == N) std::copy(raw.begin(), raw.end(), out.begin());
        return out;
    }
    U256 decimal(int column) {
        const Result<U256> out = parse_decimal(statement_.text(column));
        sound_ = sound_ && out.has_value();
        return out.value_or(U256{});
    }
    template <class Enum, std::size_t N>
    Enum name(int column, const std::array<Enum, N>& all) {
        const std::string_view text = statement_.text(column);
        const auto* const found =
            std::find_if(all.begin(), all.end(), [text](Enum value) { return to_string(value) == text; });
        sound_ = sound_ && found != all.end();
        return found == all.end() ? all.front() : *found;
    }
    [[nodiscard]] bool sound() const noexcept { return sound_; }

  private:
    const Statement& statement_;
    bool sound_ = true;
};

}  // namespace

void bind_attempt(Statement& statement, const signer::AttemptRow& row) {
    statement.bind(1, row.id)
        .bind(2, row.intent_id)
        .bind(3, row.key.chain.value)
        .bind(4, std::uint64_t{row.key.venue})
        .bind(5, BytesView{row.key.account.bytes})
        .bind(6, to_string(row.purpose))
        .bind(7, row.nonce.value)
        .bind(8, BytesView{row.hash.bytes})
        .bind(9, BytesView{row.raw})
        .bind(10, to_decimal(row.fee.base_fee.raw()))
        .bind(11, to_decimal(row.fee.max_fee_per_gas.raw()))
        .bind(12, to_decimal(row.fee.max_priority_fee_per_gas.raw()))
        .bind(13, row.last_block.value)
        .bind(14, to_decimal(row.value_at_stake.raw()))
        .bind(15, to_decimal(row.ceiling.raw()))
        .bind(16, to_string(row.status));
    if (row.block_hash.is_zero()) {
        statement.bind_null(17).bind_null(18);
    } else {
        statement.bind(17, BytesView{row.block_hash.bytes}).bind(18, row.block_number.value);
    }
    statement.bind(19, row.first_head.value);
}

Result<signer::AttemptRow> read_attempt(const Statement& statement) {
    Columns columns{statement};
    signer::AttemptRow row;
    row.id = statement.integer(0);
    row.intent_id = statement.integer(1);
    row.key.chain.value = statement.integer(2);
    row.key.venue = static_cast<VenueId>(statement.integer(3));
    row.key.account.bytes = columns.fixed<20>(4);
    row.purpose = columns.name(5, kPurposes);
    row.nonce.value = statement.integer(6);
    row.hash.bytes = columns.fixed<32>(7);
    const BytesView raw = statement.blob(8);
    row.raw.assign(raw.begin(), raw.end());
    row.fee.base_fee = Wei{columns.decimal(9)};
    row.fee.max_fee_per_gas = Wei{columns.decimal(10)};
    row.fee.max_priority_fee_per_gas = Wei{columns.decimal(11)};
    row.last_block.value = statement.integer(12);
    row.value_at_stake = Usd{columns.decimal(13)};
    row.ceiling = Wei{columns.decimal(14)};
    row.status = columns.name(15, kStatuses);
    if (!statement.is_null(16)) {
        row.block_hash.bytes = columns.fixed<32>(16);
        row.block_number.value = statement.integer(17);
    }
    row.first_head.value = statement.integer(18);
    if (!columns.sound())
        return fail(Errc::storage_failed, "attempt " + std::to_string(row.id) + " in the journal is damaged");
    return row;
}

}  // namespace plimsoll::bot
