// SPDX-License-Identifier: Apache-2.0
// A fresh process over what a cut left behind, and the promises it must keep.
#include "bot/journal/sqlite.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/faults/crash/shim_vfs.hpp"
#include "tests/faults/crash/world.hpp"

#include <map>
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

std::string run_to_rest(Process& process, State& state) {
    bool asked = false;
    int quiet = 0;  // rounds: what landed becomes final meanwhile
    for (int round = 0; round < kMostRounds; ++round) {
        state.chain.mine(8);
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
    Process::Parts parts{
        state.chain, {}, folder.path(), state.disk.content("witness/witness", cut, seed), defects};
    auto started = Process::start(std::move(parts));
    if (!started) return "the journal was refused: " + started.error();
    const std::unique_ptr<Process> process = *std::move(started);
    std::string broken = run_to_rest(*process, state);
    if (broken.empty()) broken = check_chain(state);
    process->stop();
    if (broken.empty()) broken = check_journal(folder.path(), state.chain);
    return broken;
}

}  // namespace plimsoll::crash
