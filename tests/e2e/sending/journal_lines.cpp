// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/sending/journal_lines.hpp"

#include "bot/journal/sqlite.hpp"

#include <cstdio>
#include <stdexcept>
#include <string>

namespace plimsoll {

namespace {

constexpr const char* kLines[] = {
    "SELECT json_object('event', 'attempt', 'id', id, 'intent', intent_id, 'purpose', purpose, 'nonce', "
    "nonce, "
    "'hash', '0x' || lower(hex(hash)), 'status', status) FROM attempts ORDER BY id",
    "SELECT json_object('event', 'end', 'intent', id, 'kind', outcome, 'block', '0x' || "
    "lower(hex(block_hash))) FROM intents ORDER BY id"};

}  // namespace

void print_journal(const std::filesystem::path& folder) {
    auto database = bot::Database::open(folder / "journal.sqlite");
    if (!database) throw std::runtime_error{database.error().context};
    for (const char* const query : kLines) {
        bot::Statement rows = database->prepare(query);
        for (;;) {
            const Result<bool> more = rows.step();
            if (!more) throw std::runtime_error{more.error().context};
            if (!*more) break;
            std::printf("%s\n", std::string{rows.text(0)}.c_str());
        }
    }
}

}  // namespace plimsoll
