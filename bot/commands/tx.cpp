// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/tx.hpp"

#include "bot/console.hpp"
#include "bot/control/control_client.hpp"
#include "bot/journal/journal_reader.hpp"
#include "bot/load_config.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::array kListOptions{
    Option{"--open", "", "Only what is not final"},
    Option{"--limit", "N", "At most so many attempts, the newest; 100 unless told"},
    kJsonOption,
};
constexpr std::array kShowOptions{kJsonOption};
constexpr std::array kWhich{Operand{"WHICH", "an intent's number or a transaction's hash"}};
constexpr std::array kIntent{Operand{"INTENT", "an intent's number"}};

std::optional<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), out);
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62U;  // SQLite's integers have a sign
    if (bad != std::errc{} || end != text.data() + text.size() || out > kMost) return std::nullopt;
    return out;
}

std::string time_text(std::uint64_t milliseconds) {
    const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::ostringstream out;
    out << std::put_time(&utc, "%Y-%m-%dT%H:%M:%SZ");
    return out.str();
}

json::object as_json(const AttemptView& one) {
    json::object out{{"attempt", one.id},
                     {"intent", one.intent_id},
                     {"venue", one.venue},
                     {"account", to_string(one.account)},
                     {"purpose", one.purpose},
                     {"nonce", one.nonce.value},
                     {"hash", to_string(one.hash)},
                     {"max_fee_per_gas", to_decimal(one.max_fee_per_gas.raw())},
                     {"max_priority_fee_per_gas", to_decimal(one.max_priority_fee_per_gas.raw())},
                     {"last_block", one.last_block.value},
                     {"status", one.status},
                     {"created", time_text(one.created_ms)},
                     {"updated", time_text(one.updated_ms)}};
    if (one.block_hash) {
        out["block_hash"] = to_string(*one.block_hash);
        out["block_number"] = one.block_number.value;
    }
    return out;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size() + 1, width), ' ');
    return text;
}

std::string as_text(const std::vector<AttemptView>& attempts) {
    std::string out = "intent  nonce   purpose  status      max_fee_gwei  hash" + std::string(63, ' ') +
                      "account                                     updated\n";
    for (const AttemptView& one : attempts) {
        const U256 gwei = one.max_fee_per_gas.raw() / U256{1'000'000'000U};
        out += padded(std::to_string(one.intent_id), 8) + padded(std::to_string(one.nonce.value), 8) +
               padded(one.purpose, 9) + padded(one.status, 12) + padded(to_decimal(gwei), 14) +
               padded(to_string(one.hash), 67) + padded(to_string(one.account), 44) +
               time_text(one.updated_ms);
        if (one.block_hash) out += " block " + std::to_string(one.block_number.value);
        out += "\n";
    }
    return out;
}

json::object as_json(const LastWord& last) {
    return {{"outcome", last.outcome},
            {"block_hash", to_string(last.block_hash)},
            {"block_number", last.block_number.value},
            {"text", last.text},
            {"ended", time_text(last.ended_ms)}};
}

std::string as_text(const LastWord& last) {
    return "last word: " + last.outcome + ", block " + std::to_string(last.block_number.value) + " " +
           to_string(last.block_hash) + (last.text.empty() ? "" : ": " + last.text) + "\n";
}

std::string told(const std::vector<AttemptView>& attempts, bool as_document,
                 const std::optional<LastWord>& last = {}) {
    if (!as_document) return as_text(attempts) + (last ? as_text(*last) : "");
    json::array list;
    for (const AttemptView& one : attempts)
        list.push_back(as_json(one));
    json::object out{{"schema", "plimsoll.tx.v1"}, {"attempts", std::move(list)}};
    if (last) out["last_word"] = as_json(*last);
    return json::serialize(out) + "\n";
}

Result<std::vector<AttemptView>> read_journal(const std::string& folder, const AttemptFilter& filter) {
    PLIMSOLL_TRY(JournalReader reader, JournalReader::open(folder));
    return reader.attempts(filter);
}

Result<IntentView> read_intent(const std::string& folder, const AttemptFilter& filter) {
    PLIMSOLL_TRY(JournalReader reader, JournalReader::open(folder));
    return reader.intent(filter);
}

ExitCode usage(const std::string& what) {
    print_message("error: " + what + "\n");
    return ExitCode::usage;
}

ExitCode no_journal(const Error& error) {
    const ExitCode code = print_error(error);
    return error.code == Errc::not_found ? ExitCode::no_input : code;
}

ExitCode list(const Invocation& invocation) {
    AttemptFilter filter;
    filter.open_only = invocation.has("--open");
    const auto limit = parse_count(invocation.value("--limit").value_or("100"));
    if (!limit) return usage("--limit wants a number");
    filter.limit = *limit;
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    const auto attempts = read_journal(loaded->config.keeper.data_dir, filter);
    if (!attempts) return no_journal(attempts.error());
    print_result(told(*attempts, invocation.has("--json")));
    return ExitCode::ok;
}

ExitCode show(const Invocation& invocation) {
    const std::string which = invocation.value("WHICH").value_or("");
    AttemptFilter filter;
    if (const Result<Hash32> hash = parse_hash(which)) {
        filter.hash = *hash;
    } else if (filter.intent = parse_count(which); !filter.intent) {
        return usage("'" + which + "' is neither an intent's number nor a transaction's hash");
    }
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    const auto intent = read_intent(loaded->config.keeper.data_dir, filter);
    if (!intent) return no_journal(intent.error());
    if (intent->attempts.empty()) {
        print_message("the journal knows nothing of " + which + "\n");
        return ExitCode::negative;
    }
    print_result(told(intent->attempts, invocation.has("--json"), intent->last));
    return ExitCode::ok;
}

ExitCode ask_to_cancel(const std::string& folder, std::uint64_t intent) {
    const Result<std::string> answer =
        ask_keeper(folder, R"({"order":"cancel","intent":)" + std::to_string(intent) + "}");
    if (!answer) {
        const ExitCode code = print_error(answer.error());
        return answer.error().code == Errc::not_found ? ExitCode::not_running : code;
    }
    boost::system::error_code bad;
    const json::value said = json::parse(*answer, bad);
    const json::object* const object = bad ? nullptr : said.if_object();
    const json::value* const good = object == nullptr ? nullptr : object->if_contains("ok");
    const json::value* const text = object == nullptr ? nullptr : object->if_contains("text");
    if (good == nullptr || !good->is_bool() || text == nullptr || !text->is_string())
        return print_error({Errc::malformed_reply, "the keeper's answer is not understood"});
    print_result(std::string{text->get_string()} + "\n");
    return good->get_bool() ? ExitCode::ok : ExitCode::negative;
}

ExitCode cancel(const Invocation& invocation) {
    const auto intent = parse_count(invocation.value("INTENT").value_or(""));
    if (!intent || *intent == 0) return usage("an intent is named by its number");
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    return ask_to_cancel(loaded->config.keeper.data_dir, *intent);
}

}  // namespace

constinit const Command kTxListCommand{
    .name = "tx list",
    .help = "Transactions of the journal, newest first",
    .config = ConfigUse::takes,
    .options = kListOptions,
    .examples = {"plimsoll tx list --open", "plimsoll tx list --limit 20 --json"},
    .run = list};

constinit const Command kTxShowCommand{
    .name = "tx show",
    .help = "Every attempt of one intent, and how it ended; exits 2 if the journal has none",
    .config = ConfigUse::takes,
    .options = kShowOptions,
    .operands = kWhich,
    .examples = {"plimsoll tx show 17", "plimsoll tx show 0x5c50…e6 --json"},
    .run = show};

constinit const Command kTxCancelCommand{
    .name = "tx cancel",
    .help = "Ask the running keeper to take an intent back; exits 2 if it knows none like it, 3 if none runs",
    .config = ConfigUse::takes,
    .operands = kIntent,
    .examples = {"plimsoll tx cancel 17", "plimsoll tx cancel 17 --config plimsoll.toml"},
    .run = cancel};

}  // namespace plimsoll::bot
