// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/aave_answer.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/scripted_market.hpp"

#include <array>

namespace plimsoll::bench {

namespace aave = strategy::aave_v3;
namespace topics = aave::topics;
using strategy::ReserveId;

namespace {

constexpr std::size_t kActionsPerBlock = 60;
constexpr std::uint64_t kFirstUser = 0x5EED0000;

void put_text(std::string& out, std::string_view key, std::string_view value) {
    ((((out += '"') += key) += "\":\"") += value) += "\",";
}

/// Writes one answer, log by log.
class Writer {
  public:
    explicit Writer(AaveAnswer& answer) : answer_{answer} {
        answer_.text = R"({"jsonrpc":"2.0","id":1,"result":[)";
        begin_block();
    }

    void begin_block() {
        head_ = answer_.blocks.empty() ? aave::head(aave::kBootBlock) : answer_.blocks.back();
        head_.parent_hash = head_.hash;
        head_.hash = keccak256(head_.parent_hash.bytes);
        head_.number = head_.number.next();
        head_.timestamp = head_.timestamp.next(12);
        answer_.blocks.push_back(head_);
        index_ = 0;
    }

    void begin_transaction() { transaction_ = keccak256(transaction_.bytes); }

    void log(const Address& emitter, const Hash32& topic, const std::vector<Hash32>& indexed,
             const std::vector<U256>& data) {
        std::string& out = answer_.text;
        out += out.back() == '[' ? "{" : ",{";
        put_text(out, "address", to_hex(emitter.bytes));
        out += "\"topics\":[\"" + to_string(topic) + '"';
        for (const Hash32& word : indexed)
            out += ",\"" + to_string(word) + '"';
        out += "],\"data\":\"0x";
        for (const U256& word : data)
            append_hex(out, word.to_be());
        out += "\",";
        put_text(out, "blockNumber", to_quantity_hex(head_.number.value));
        put_text(out, "transactionHash", to_string(transaction_));
        put_text(out, "transactionIndex", to_quantity_hex(index_ / 3));
        put_text(out, "blockHash", to_string(head_.hash));
        put_text(out, "blockTimestamp", to_quantity_hex(head_.timestamp.value));
        put_text(out, "logIndex", to_quantity_hex(index_++));
        out += "\"removed\":false}";
        ++answer_.logs;
    }

    void end() { answer_.text += "]}"; }

  private:
    AaveAnswer& answer_;
    Head head_;
    Hash32 transaction_;
    std::uint64_t index_ = 0;
};

enum class Action { supply, borrow, repay, withdraw };

/// The three logs that the pool and the token write for it, at an index that does not grow.
void act(Writer& out, Action what, const Address& who, const U256& amount) {
    const bool in = what == Action::supply || what == Action::borrow;
    const bool of_debt = what == Action::borrow || what == Action::repay;
    const ReserveId reserve = of_debt ? aave::kDollar : aave::kEther;
    const Hash32 user = who.to_word();
    const Hash32 asset = aave::underlying(reserve).to_word();
    const Address token = of_debt ? aave::debt_token(reserve) : aave::supply_token(reserve);
    out.begin_transaction();
    out.log(aave::kPool, topics::kReserveDataUpdated, {asset},
            {U256{}, U256{}, U256{}, aave::kRay, aave::kRay});
    out.log(token, in ? topics::kMint : topics::kBurn, {user, user}, {amount, U256{}, aave::kRay});
    switch (what) {
        case Action::supply:
            return out.log(aave::kPool, topics::kSupply, {asset, user, Hash32{}}, {user.as_u256(), amount});
        case Action::borrow:
            return out.log(aave::kPool, topics::kBorrow, {asset, user, Hash32{}},
                           {user.as_u256(), amount, U256{2}, aave::kRay});
        case Action::repay:
            return out.log(aave::kPool, topics::kRepay, {asset, user, user}, {amount, U256{}});
        case Action::withdraw:
            return out.log(aave::kPool, topics::kWithdraw, {asset, user, user}, {amount});
    }
}

}  // namespace

AaveAnswer aave_answer(std::size_t actions, std::size_t accounts) {
    AaveAnswer out;
    out.logs_per_block = 3 * kActionsPerBlock;
    out.accounts = accounts;
    Writer writer{out};
    // Each account goes through all four before it begins again, in an order that jumps about.
    constexpr std::array kRound{Action::supply, Action::borrow, Action::repay, Action::withdraw};
    for (std::size_t i = 0; i < actions; ++i) {
        if (i != 0 && i % kActionsPerBlock == 0) writer.begin_block();
        const std::size_t account = (i % accounts) * 7'919 % accounts;
        const Action what = kRound.at(i / accounts % kRound.size());
        const bool of_debt = what == Action::borrow || what == Action::repay;
        const U256 amount = of_debt ? U256{100'000'000 + account} : pow10(18) + U256{account};
        act(writer, what, aave::at(kFirstUser + account), amount);
    }
    writer.end();
    return out;
}

}  // namespace plimsoll::bench
