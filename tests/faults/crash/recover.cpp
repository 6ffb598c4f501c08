// SPDX-License-Identifier: Apache-2.0
// A fresh process over what a cut left behind, and the promises it must keep.
#include "bot/journal/sqlite.hpp"
#include "bot/journal/witness.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/faults/crash/shim_vfs.hpp"
#include "tests/faults/crash/world.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace plimsoll::crash {

namespace {

constexpr int kMostRounds = 60;
constexpr int kQuietRounds = 4;

constexpr const char* kEverything = R"sql(
SELECT ifnull((SELECT group_concat(id || status || hex(hash) || ifnull(hex(block_hash), '-') || ifnull(gas_cost, '-'))
               FROM (SELECT * FROM attempts ORDER BY id)), '')
    || '#' || ifnull((SELECT group_concat(id || outcome || hex(block_hash) || text) FROM (SELECT * FROM intents ORDER BY id)), '')
    || '#' || ifnull((SELECT group_concat(through) FROM (SELECT * FROM reservations ORDER BY through)), '')
    || '#' || ifnull((SELECT group_concat(epoch || '/' || last_attempt) FROM (SELECT * FROM epochs ORDER BY epoch)), '')
)sql";

std::uint64_t count_rows(bot::Database& database, const std::string& what) {
    return database.number("SELECT count(*) FROM " + what).value_or(999'999);
}

/// The bytes of a witness as they lie there.
class ReadWitness final : public bot::WitnessFile {
  public:
    explicit ReadWitness(std::optional<Bytes> content) : content_{std::move(content)} {}
    Result<std::optional<Bytes>> read() override { return content_; }
    Result<void> replace(BytesView /*content*/) override { return fail(Errc::refused, "read only"); }
    Result<void> overwrite(std::size_t /*offset*/, BytesView /*part*/) override {
        return fail(Errc::refused, "read only");
    }

  private:
    std::optional<Bytes> content_;
};

/// Whatever left the process, the witness knows its nonce: a journal put back from before would be noticed.
std::string check_witness(const State& state, std::optional<Bytes> content) {
    if (state.chain.taken().empty()) return {};
    bot::Witness witness{std::make_unique<ReadWitness>(std::move(content)), {ChainId{31337}, sender()}};
    const auto record = witness.read();
    if (!record || !*record) return "there is no witness, and something was sent";
    for (const signer::SignedTransaction& one : state.chain.taken()) {
        if (!(*record)->reserved || *(*record)->reserved < one.fields.nonce)
            return "the witness does not know nonce " + std::to_string(one.fields.nonce.value) +
                   ", and it was sent";
    }
    return {};
}

/// What the operator allowed.
std::string check_caps(const State& state) {
    const Terms& terms = state.terms;
    for (const signer::SignedTransaction& one : state.chain.taken()) {
        if (terms.per_transaction && signer::ceiling_of(one.fields) > *terms.per_transaction)
            return "a transaction may cost more than one may";
    }
    if (terms.spend.per_hour && state.chain.most_exposed() > *terms.spend.per_hour)
        return "more may be spent in an hour than was allowed";
    if (terms.spend.per_day && state.chain.most_exposed() > *terms.spend.per_day)
        return "more may be spent in a day than was allowed";
    if (state.chain.lowest_rest() < terms.spend.min_balance)
        return "calls may take what must stay in the account";
    return {};
}

/// Nothing is public before its time, nor long after: a restart that began anew would put it off. `restarted`
/// is the head the new process found.
std::string check_lanes(const State& state, BlockNumber restarted) {
    constexpr std::uint64_t kSlack = 3;  // bytes are handed out again every other block
    const auto lane =
        std::ranges::find(state.terms.lanes, signer::LaneKind::public_, &signer::LaneTerms::kind);
    if (lane == state.terms.lanes.end()) return {};
    for (const auto& [nonce, seen] : state.chain.seen()) {
        if (!seen.in_public) continue;
        const BlockNumber due = seen.at_all->next(lane->after);
        if (seen.in_public->next(kSlack) < due)
            return "nonce " + std::to_string(nonce.value) + " was public before its time";
        if (*seen.in_public > std::max(due, restarted).next(kSlack))
            return "nonce " + std::to_string(nonce.value) + " was public too late";
    }
    return {};
}

/// What must agree when nothing is under way any more.
std::string check_ledger(Process& process, const State& state) {
    if (!process.spends().open().is_zero()) return "something is charged for what is over";
    if (process.spends().spent(signer::SpendLedger::kDay) != state.chain.paid())
        return "the ledger says " + to_decimal(process.spends().spent(signer::SpendLedger::kDay).raw()) +
               " wei were spent, the chain " + to_decimal(state.chain.paid().raw());
    return {};
}

/// What the journal must say when nothing is under way any more.
std::string check_journal(const std::filesystem::path& folder, const ChainModel& chain) {
    auto database = bot::Database::open(folder / "journal.sqlite");
    if (!database) return "the journal cannot be read: " + database.error().context;
    if (count_rows(*database,
                   "attempts WHERE status NOT IN ('confirmed', 'reverted', 'replaced', 'dropped')") != 0)
        return "an attempt never became final";
    const char* const forgotten =
        "attempts WHERE purpose = 'execute' AND status <> 'dropped' AND intent_id NOT IN (SELECT id FROM "
        "intents)";
    if (count_rows(*database, forgotten) != 0) return "an intent was forgotten: it has no last word";
    bot::Statement row =
        database->prepare("SELECT count(*) FROM attempts WHERE hash = ?1 AND status = 'confirmed'");
    for (const signer::SignedTransaction& one : chain.landed()) {
        const auto found = row.bind(1, BytesView{one.hash.bytes}).step();
        if (!found || !*found || row.integer(0) != 1)
            return "nonce " + std::to_string(one.fields.nonce.value) +
                   " landed and the journal does not know it";
        row.reset();
    }
    return {};
}

std::string check_chain(const State& state) {
    std::map<Bytes, int> landed;
    std::set<Bytes> wanted;
    for (const std::uint8_t account : state.wanted)
        wanted.insert(calldata_for(account));
    for (const signer::SignedTransaction& one : state.chain.landed()) {
        if (one.fields.data.empty()) continue;  // consumes a nonce
        if (!wanted.contains(one.fields.data)) return "something landed that nobody wanted";
        if (++landed[one.fields.data] > 1) return "an intent landed twice";
    }
    for (const signer::SignedTransaction& one : state.chain.taken()) {
        if (one.fields.max_fee_per_gas > fee_cap()) return "a fee is above the cap";
        const auto who = signer::sender_of(one);
        if (!who || *who != sender()) return "somebody else's transaction";
    }
    if (!state.chain.pool_empty() || state.chain.pending() != state.chain.latest())
        return "a nonce stays behind";
    return {};
}

/// Asks again for what is not on the chain and not under way, as a strategy would that sees the account there
/// still.
void want_again(Process& process, const State& state) {
    std::set<Bytes> landed;
    for (const signer::SignedTransaction& one : state.chain.landed())
        landed.insert(one.fields.data);
    for (const std::uint8_t account : state.wanted)
        if (!landed.contains(calldata_for(account)) && !process.busy(account)) process.submit(account, 50);
}

std::string run_to_rest(Process& process, State& state, bool relay) {
    bool asked = false;
    int quiet = 0;  // rounds: what landed becomes final meanwhile
    for (int round = 0; round < kMostRounds; ++round) {
        state.chain.mine(8, relay);
        process.head();
        const signer::KeyState key = process.scheduler().state();
        if (key == signer::KeyState::stopped) return "the key stopped: " + process.scheduler().state_reason();
        if (key != signer::KeyState::ready) continue;
        if (!std::exchange(asked, true)) want_again(process, state);
        const bool rest = process.scheduler().in_flight() == 0 && process.scheduler().waiting() == 0;
        quiet = rest ? quiet + 1 : 0;
        if (quiet > kQuietRounds) return {};
    }
    return process.scheduler().state() == signer::KeyState::ready
               ? "something stays under way for ever"
               : "the key never became ready: " + process.scheduler().state_reason();
}

}  // namespace

std::optional<std::string> what_is_left(const State& state, Cut cut, std::uint32_t seed) {
    const Scratch folder;
    state.disk.lay_out("journal", folder.path(), cut, seed);
    auto database = bot::Database::open(folder.path() / "journal.sqlite", kShimVfs);
    if (!database) return std::nullopt;
    bot::Statement row = database->prepare(kEverything);
    const auto found = row.step();
    if (!found || !*found) return std::nullopt;
    std::string out{row.text(0)};
    if (const auto witness = state.disk.content("witness/witness", cut, seed)) out += to_hex(*witness);
    return out;
}

std::string recover(State state, Cut cut, std::uint32_t seed, const Defects& defects) {
    const Scratch folder;
    state.disk.lay_out("journal", folder.path(), cut, seed);
    state.chain.set_base_fee(to_wei(Gwei{10}));
    const std::optional<Bytes> witness = state.disk.content("witness/witness", cut, seed);
    std::string broken = check_witness(state, witness);
    if (!broken.empty()) return broken;
    const BlockNumber found = state.chain.head().number;
    Process::Parts parts{state.chain, {}, folder.path(), witness, defects, {}, state.terms};
    auto started = Process::start(std::move(parts));
    if (!started) return "the journal was refused: " + started.error();
    const std::unique_ptr<Process> process = *std::move(started);
    // The relay keeps its word or does not.
    broken = run_to_rest(*process, state, seed % 2 == 0);
    if (broken.empty()) broken = check_chain(state);
    if (broken.empty()) broken = check_caps(state);
    if (broken.empty()) broken = check_lanes(state, found);
    if (broken.empty()) broken = check_ledger(*process, state);
    process->stop();
    if (broken.empty()) broken = check_journal(folder.path(), state.chain);
    return broken;
}

}  // namespace plimsoll::crash
