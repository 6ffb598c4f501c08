// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/past_landings.hpp"

#include <algorithm>

namespace plimsoll::bot {

namespace {

Result<signer::PastLanding> read_landing(const Statement& row) {
    signer::PastLanding out;
    out.intent_id = row.integer(0);
    out.sent = Timestamp{row.integer(1) / 1000};
    out.ended = Timestamp{row.integer(2) / 1000};
    PLIMSOLL_TRY(const U256 cost, parse_decimal(row.text(3)));
    out.cost = Wei{cost};
    if (row.is_null(4)) return out;
    const BytesView token = row.blob(4);
    std::copy_n(token.begin(), std::min(token.size(), out.token.bytes.size()), out.token.bytes.begin());
    PLIMSOLL_TRY(const U256 profit, parse_decimal(row.text(5)));
    out.profit = TokenAmount{profit};
    return out;
}

}  // namespace

Result<std::vector<signer::PastLanding>> read_past_landings(Database& database, Timestamp from) {
    std::vector<signer::PastLanding> out;
    Statement rows = database.prepare(
        "SELECT landed.intent_id, (SELECT min(created_ms) FROM attempts WHERE intent_id = landed.intent_id), "
        "intents.ended_ms, ifnull(landed.gas_cost, landed.ceiling), landed.profit_token, landed.profit "
        "FROM intents JOIN attempts AS landed ON landed.intent_id = intents.id "
        "WHERE intents.ended_ms >= ?1 AND landed.status IN ('confirmed', 'reverted') "
        "ORDER BY intents.ended_ms, intents.id");
    rows.bind(1, from.value * 1000);
    while (true) {
        PLIMSOLL_TRY(const bool more, rows.step());
        if (!more) return out;
        PLIMSOLL_TRY(const signer::PastLanding landing, read_landing(rows));
        out.push_back(landing);
    }
}

}  // namespace plimsoll::bot
