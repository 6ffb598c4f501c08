// SPDX-License-Identifier: Apache-2.0
// A journal that says anything, and what a new process makes of it. Input: a byte that chooses; then rows for
// tables whose rules are switched off, the content of a witness, or changes of the bytes of a journal's file.
#include "bot/journal/load_state.hpp"
#include "bot/journal/schema.hpp"
#include "bot/journal/sqlite_journal.hpp"
#include "bot/journal/witness.hpp"
#include "signer/scheduler.hpp"
#include "signer/transaction.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/journal_image.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>

namespace plimsoll::fuzz {
namespace {

using signer::Actions;

std::uint64_t number(Input& script) {
    const std::uint8_t how = script.byte();
    if (how < 200) return how % 16;
    std::uint64_t out = 0;
    for (const std::uint8_t byte : script.bytes(8))
        out = out << 8U | byte;
    return out >> 1U;
}

/// A word of the tables, or any other.
std::string word(Input& script) {
    constexpr std::array kWords{
        "armed",
        "signed",
        "maybe_sent",
        "sent",
        "seen",
        "superseded",
        "mined",
        "reorged",
        "confirmed",
        "reverted",
        "replaced",
        "dropped",
        "execute",
        "cancel",
        "0",
        "1",
        "10",
        "00",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935"};
    const std::uint8_t which = script.byte();
    if (which < 240) return kWords.at(which % kWords.size());
    const BytesView text = script.bytes(which % 8U);
    return {text.begin(), text.end()};
}

/// Unsigned or signed bytes with the nonce of their row, or anything.
Bytes payload(Input& script, std::uint64_t nonce) {
    const std::uint8_t how = script.byte();
    if (how < 128) return signed_bytes(nonce, how);
    if (how < 192) return signer::unsigned_bytes(fields_of(nonce));
    const BytesView any = script.bytes(how % 64U);
    return {any.begin(), any.end()};
}

/// The tables may refuse some of it.
void put_attempt(bot::Statement& row, Input& script) {
    const std::uint64_t nonce = number(script);
    const Bytes raw = payload(script, nonce);
    Hash32 hash = keccak256(raw);
    const std::uint8_t hashed = script.byte();
    if (hashed > 200) hash.bytes[0] = hashed;
    Address account;
    account.bytes[19] = script.byte();
    row.bind(1, number(script)).bind(2, number(script)).bind(3, BytesView{image_owner().sender.bytes});
    row.bind(4, number(script)).bind(5, BytesView{account.bytes}.first(script.byte() < 250 ? 20 : 7));
    row.bind(6, word(script)).bind(7, nonce).bind(8, BytesView{hash.bytes}).bind(9, BytesView{raw});
    row.bind(10, word(script)).bind(11, word(script)).bind(12, word(script)).bind(13, number(script));
    row.bind(14, word(script)).bind(15, word(script)).bind(16, word(script));
    row.bind(17, BytesView{hash.bytes}.first(script.byte() < 200 ? 32 : 3)).bind(18, number(script));
    row.bind(19, word(script)).bind(20, number(script)).bind(21, number(script));
    static_cast<void>(row.run());
}

/// What must hold of whatever a new process wants to do with this journal.
class Recovery {
  public:
    explicit Recovery(const signer::JournalState& state) : state_{state}, reserved_{state.reserved} {}

    /// With a node that agrees to everything and has seen nothing.
    void run(Input& script) {
        tell(signer::Recovered{state_});
        tell(signer::Tick{Timestamp{1000}});
        Head head;
        head.number = BlockNumber{100};
        head.hash.bytes[0] = 1;
        head.base_fee = to_wei(Gwei{10});
        head.gas_limit = Gas{30'000'000};
        tell(signer::HeadSeen{head});
        const Nonce latest{number(script) % 32};
        tell(signer::NonceRead{latest, Nonce{latest.value + number(script) % 4}});
        for (int i = 0; i < 6; ++i) {
            head.number = head.number.next();
            head.hash.bytes[1] = static_cast<std::uint8_t>(i + 1);
            tell(signer::HeadSeen{head});
            for (const signer::AttemptRow& row : state_.open)
                tell(signer::ReceiptSeen{row.hash, {}, head.number});
        }
    }

  private:
    static signer::SchedulerOptions options() {
        signer::SchedulerOptions out;
        out.chain = image_owner().chain;
        out.sender = image_owner().sender;
        out.fees = signer::FeeLimits{to_wei(Gwei{1}), to_wei(Gwei{100}), {}};
        return out;
    }
    void tell(const signer::SignerEvent& event) {
        Actions actions;
        scheduler_.on(event, actions);
        for (const signer::Action& action : actions)
            check(action);
    }
    void check(const signer::Action& action) {
        if (const auto* asked = std::get_if<signer::Reserve>(&action)) reserved_ = asked->through;
        if (const auto* sign = std::get_if<signer::Sign>(&action)) {
            const bool again = std::any_of(state_.open.begin(), state_.open.end(),
                                           [&](const auto& row) { return row.id == sign->attempt; });
            require(again || (reserved_ && sign->fields.nonce <= *reserved_),
                    "no nonce is signed beyond what is reserved");
        }
        if (const auto* record = std::get_if<signer::Record>(&action)) {
            for (const signer::JournalEntry& entry : record->entries) {
                const auto* const end = std::get_if<signer::EndIntent>(&entry);
                require(end == nullptr || !end->block_hash.is_zero(), "an end names its block");
            }
        }
        const auto* const send = std::get_if<signer::Send>(&action);
        if (send == nullptr) return;
        require(std::any_of(state_.open.begin(), state_.open.end(),
                            [send](const auto& row) { return row.hash == send->hash; }),
                "only what the journal holds is sent");
        require(keccak256(send->raw) == send->hash, "and it is what its hash says");
    }

    signer::JournalState state_;
    std::optional<Nonce> reserved_;
    signer::Scheduler scheduler_{options()};
};

/// The error must be something a person can act upon.
void go_on(const Result<signer::JournalState>& state, Input& script) {
    if (state) return Recovery{*state}.run(script);
    require(state.error().code == Errc::storage_failed || state.error().code == Errc::malformed_input,
            "a journal that cannot be read is told as such");
    require(!state.error().context.empty(), "with a text");
}

bot::Database& loose_tables() {
    static bot::Database database = [] {
        auto made = bot::Database::open(":memory:");
        require(made.has_value() && made->execute(bot::kTables).has_value() &&
                    made->execute(bot::kForgetting).has_value(),
                "the tables can be made");
        require(made->execute("PRAGMA ignore_check_constraints=1").has_value(), "checks can be switched off");
        return *std::move(made);
    }();
    return database;
}

void read_rows(Input& script) {
    bot::Database& database = loose_tables();
    require(database.execute("BEGIN").has_value(), "a transaction begins");
    const std::uint8_t rows = script.byte() % 12;
    const std::uint64_t through = number(script);
    if (through % 4 != 3) {
        bot::Statement reservation = database.prepare("INSERT INTO reservations VALUES (?1, 1, 0)");
        static_cast<void>(reservation.bind(1, through).run());
    }
    if (const std::uint8_t adopted = script.byte(); adopted < 16) {
        bot::Statement epoch = database.prepare("INSERT INTO epochs VALUES (1, 0, ?1, ?2, 0)");
        static_cast<void>(epoch.bind(1, std::uint64_t{adopted}).bind(2, number(script)).run());
    }
    {
        bot::Statement row = database.prepare(kInsertImageRow);
        for (std::uint8_t i = 0; i < rows; ++i)
            put_attempt(row, script);
        bot::Statement end =
            database.prepare("INSERT INTO intents VALUES (?1, 'expired', zeroblob(32), 0, '', 0)");
        if (script.byte() < 128) static_cast<void>(end.bind(1, number(script)).run());
    }
    const auto state = bot::load_state(database, Timestamp{number(script)});
    require(database.execute("ROLLBACK").has_value(), "a transaction ends");
    go_on(state, script);
}

class MemoryWitness final : public bot::WitnessFile {
  public:
    explicit MemoryWitness(BytesView content) : content_{content.begin(), content.end()} {}
    Result<std::optional<Bytes>> read() override {
        if (content_.empty()) return std::optional<Bytes>{};
        return std::optional<Bytes>{content_};
    }
    Result<void> replace(BytesView content) override {
        content_.assign(content.begin(), content.end());
        return {};
    }
    Result<void> overwrite(std::size_t offset, BytesView part) override {
        require(offset + part.size() <= content_.size(), "a part lies inside of the whole");
        std::copy(part.begin(), part.end(), content_.begin() + static_cast<std::ptrdiff_t>(offset));
        return {};
    }

  private:
    Bytes content_;
};

void read_witness(Input& script) {
    bot::Witness witness{std::make_unique<MemoryWitness>(script.rest()), image_owner()};
    const auto record = witness.read();
    if (!record || !record->has_value()) return;
    require(witness.sync(**record).has_value(), "what was read can be written");
    require(witness.read() == record, "a record is read as it was written");
}

/// Bytes changed here and there in a journal's file, and perhaps its end cut off.
void read_file(Input& script) {
    Bytes image = journal_image();
    const std::uint8_t changes = script.byte() % 16;
    for (std::uint8_t i = 0; i < changes; ++i) {
        std::size_t at = 0;
        for (int part = 0; part < 3; ++part)
            at = at << 8U | script.byte();
        at %= image.size();
        const std::size_t size = 1 + script.byte() % 8U;
        const BytesView bytes = script.bytes(size);
        std::copy_n(bytes.begin(), std::min(bytes.size(), image.size() - at),
                    image.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (script.byte() == 255) image.resize(image.size() - number(script) % image.size());
    const ImageFolder folder{image};
    bot::JournalOptions options;
    options.witness_file = std::make_unique<MemoryWitness>(BytesView{});
    if (script.byte() < 128) options.adopt = Nonce{number(script)};
    auto opened = bot::SqliteJournal::open(folder.path(), image_owner(), std::move(options));
    if (!opened) {
        require(!opened.error().text.empty(), "a refusal has a text");
        return;
    }
    go_on((*opened)->load(), script);
    static_cast<void>((*opened)->profit_by_token());
}

}  // namespace

void run(BytesView data) {
    Input script{data};
    const std::uint8_t which = script.byte();
    if (which < 200) {
        read_rows(script);
    } else if (which < 250) {
        read_witness(script);
    } else {
        read_file(script);
    }
}

}  // namespace plimsoll::fuzz
