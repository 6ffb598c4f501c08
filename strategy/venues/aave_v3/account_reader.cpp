// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/account_reader.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/event_codec.hpp"
#include "chain/codec/selector.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/transfer_proof.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace plimsoll::strategy::aave_v3 {

namespace {

/// Splitting a log query that an endpoint finds too large ends at one block.
bool too_large(const Error& error) {
    return error.code == Errc::limit_exceeded;
}

}  // namespace

AccountReader::AccountReader(const AaveV3Params& params, const Market& market, const Head& at, Book& book)
    : params_{params}, market_{market}, at_{at}, book_{book}, writer_{BookWriter::baseline(book)} {
    const std::uint64_t step = std::max<std::uint64_t>(params.log_range, 1);
    for (std::uint64_t from = params.start_block.value; from <= at.number.value; from += step) {
        ranges_.push_back({from, std::min(at.number.value, from + step - 1)});
        blocks_total_ += ranges_.back().to - from + 1;
    }
}

bool AccountReader::can_ask() const noexcept {
    if (!ranges_.empty()) return true;
    return discovered() && (!transfers_.empty() || next_account_ < found_.size());
}

bool AccountReader::done() const noexcept {
    return discovered() && transfers_.empty() && next_account_ == found_.size() && outstanding_.empty();
}

BootstrapProgress AccountReader::progress() const noexcept {
    if (!discovered()) return {"finding accounts", blocks_done_, blocks_total_, false};
    return {"reading accounts", accounts_done_, found_.size(), false};
}

ReadRequest AccountReader::ask(ReadId id) {
    if (!ranges_.empty()) return ask_logs(id);
    return transfers_.empty() ? ask_accounts(id) : ask_proof(id);
}

ReadRequest AccountReader::ask_proof(ReadId id) {
    const Log transfer = std::move(transfers_.extract(transfers_.begin()).mapped());
    outstanding_[id] = transfer;
    LogQuery query{transfer.block_number, transfer.block_number, {transfer.address}, {topics::kTransfer}};
    return ReadRequest{id, at_.hash, std::move(query)};
}

Result<void> AccountReader::accept_proof(const Log& transfer, const ReadResult& result) {
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    PLIMSOLL_TRY(const std::vector<Log> logs, codec::decode_logs(*result.bytes));
    return prove_scaled(transfer, logs);
}

ReadRequest AccountReader::ask_logs(ReadId id) {
    const BlockRange range = ranges_.front();
    ranges_.pop_front();
    ++searching_;
    outstanding_[id] = range;
    LogQuery query{BlockNumber{range.from}, BlockNumber{range.to}, {market_.pool}, {}};
    for (const ReserveFacts& reserve : market_.reserves) {
        query.addresses.push_back(reserve.a_token);
        query.addresses.push_back(reserve.variable_debt_token);
    }
    query.topics = {topics::kMint, topics::kBalanceTransfer, topics::kUserEModeSet};
    return ReadRequest{id, at_.hash, std::move(query)};
}

AccountReader::Found& AccountReader::found(const Address& address) {
    const auto [place, fresh] = index_.try_emplace(address, static_cast<std::uint32_t>(found_.size()));
    if (fresh) {
        Found who;
        who.address = address;
        found_.push_back(who);
    }
    return found_[place->second];
}

void AccountReader::note(const Log& log) {
    if (log.removed) return;
    if (log.address == market_.pool) {
        if (log.topic0() == topics::kUserEModeSet && log.topic_count == 2) {
            found(Address::from_word(log.topics[1])).category = true;
        }
        return;
    }
    const auto role = market_.role_of(log.address);
    const bool receives = log.topic0() == topics::kMint || log.topic0() == topics::kBalanceTransfer;
    if (!role || !receives || log.topic_count != 3) return;
    if (log.topic0() == topics::kBalanceTransfer && tells_scale(log)) transfers_[log.address] = log;
    Found& receiver = found(Address::from_word(log.topics[2]));
    (role->side == TokenSide::supply ? receiver.supplies : receiver.debts) |= only(role->reserve);
}

Result<void> AccountReader::accept_logs(const BlockRange& range, const ReadResult& result) {
    --searching_;
    if (!result.bytes) {
        if (!too_large(result.bytes.error()) || range.from == range.to) {
            return tl::make_unexpected(result.bytes.error());
        }
        const std::uint64_t middle = range.from + (range.to - range.from) / 2;
        ranges_.push_front({middle + 1, range.to});
        ranges_.push_front({range.from, middle});
        return {};
    }
    PLIMSOLL_TRY(const std::vector<Log> logs, codec::decode_logs(*result.bytes));
    for (const Log& log : logs)
        note(log);
    blocks_done_ += range.to - range.from + 1;
    return {};
}

void AccountReader::list_items(const Found& who, std::uint32_t account, std::vector<Item>& out) const {
    out.push_back({account, What::configuration, 0});
    if (who.category) out.push_back({account, What::category, 0});
    for (std::size_t i = 0; i < market_.reserves.size(); ++i) {
        const auto reserve = static_cast<ReserveId>(i);
        if (contains(who.supplies, reserve)) out.push_back({account, What::supply, reserve});
        if (contains(who.debts, reserve)) out.push_back({account, What::debt, reserve});
    }
}

Call AccountReader::call_for(const Item& item) const {
    constexpr codec::Selector kConfiguration = codec::selector("getUserConfiguration(address)");
    constexpr codec::Selector kCategory = codec::selector("getUserEMode(address)");
    constexpr codec::Selector kBalance = codec::selector("scaledBalanceOf(address)");
    const Address& who = found_[item.account].address;
    const auto call = [&who](const Address& to, const codec::Selector& what) {
        codec::AbiWriter writer{what};
        writer.address(who);
        return Call{to, writer.take()};
    };
    switch (item.what) {
        case What::configuration:
            return call(market_.pool, kConfiguration);
        case What::category:
            return call(market_.pool, kCategory);
        case What::supply:
            return call(market_.reserves[item.reserve].a_token, kBalance);
        case What::debt:
            break;
    }
    return call(market_.reserves[item.reserve].variable_debt_token, kBalance);
}

ReadRequest AccountReader::ask_accounts(ReadId id) {
    std::vector<Item> items;
    while (next_account_ < found_.size() && items.size() < params_.batch) {
        list_items(found_[next_account_], static_cast<std::uint32_t>(next_account_), items);
        ++next_account_;
    }
    std::vector<Call> calls;
    calls.reserve(items.size());
    for (const Item& item : items)
        calls.push_back(call_for(item));
    outstanding_[id] = std::move(items);
    return ReadRequest{id, at_.hash, std::move(calls)};
}

void AccountReader::write_configuration(AccountId account, const U256& bitmap) {
    for (std::size_t i = 0; i < market_.reserves.size(); ++i) {
        const unsigned bit = 2U * market_.reserves[i].pool_id + 1U;
        if (bitmap.bit(bit)) writer_.set_collateral(account, static_cast<ReserveId>(i), true);
    }
}

Result<void> AccountReader::accept_item(const Item& item, const codec::CallResult& answer) {
    const Address& who = found_[item.account].address;
    codec::AbiReader reader{answer.data};
    const U256 value = reader.u256();
    if (!answer.success || !reader.ok() || (item.what != What::configuration && !value.fits128())) {
        return fail(Errc::malformed_reply, "unusable answer about account " + to_string(who));
    }
    if (item.what == What::configuration) ++accounts_done_;
    // Who holds and chose nothing is known as soon as a log names it.
    if (value.is_zero()) return {};
    const AccountId account = writer_.account(who);
    if (item.what == What::configuration) {
        write_configuration(account, value);
    } else if (item.what == What::category) {
        writer_.set_category(account, static_cast<std::uint8_t>(value.low64()));
    } else {
        Position position = book_.position(account, item.reserve);
        (item.what == What::supply ? position.supply : position.debt) = value.low128();
        writer_.set_position(account, item.reserve, position);
    }
    return {};
}

Result<void> AccountReader::accept_accounts(const std::vector<Item>& items, const ReadResult& result) {
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    PLIMSOLL_TRY(const std::vector<codec::CallResult> answers, codec::decode_aggregate3(*result.bytes));
    if (answers.size() != items.size())
        return fail(Errc::malformed_reply, "account batch with missing answers");
    for (std::size_t i = 0; i < items.size(); ++i)
        PLIMSOLL_CHECK(accept_item(items[i], answers[i]));
    return {};
}

Result<void> AccountReader::accept(const ReadResult& result) {
    const auto place = outstanding_.find(result.id);
    if (place == outstanding_.end()) return fail(Errc::not_found, "answer to a read that nobody asked for");
    const Asked asked = std::move(place->second);
    outstanding_.erase(place);
    if (const auto* range = std::get_if<BlockRange>(&asked)) return accept_logs(*range, result);
    if (const auto* transfer = std::get_if<Log>(&asked)) return accept_proof(*transfer, result);
    return accept_accounts(std::get<std::vector<Item>>(asked), result);
}

Result<void> AccountReader::finish(const std::vector<TokenTotals>& totals) const {
    std::vector<TokenTotals> sums(totals.size());
    for (AccountId account = 0; account < book_.size(); ++account) {
        for (const Book::Holding holding : book_.holdings(account)) {
            sums[holding.reserve].supply += holding.position.supply;
            sums[holding.reserve].debt += holding.position.debt;
        }
    }
    for (std::size_t i = 0; i < totals.size(); ++i) {
        if (sums[i].supply == totals[i].supply && sums[i].debt == totals[i].debt) continue;
        return fail(Errc::not_found, "holders of " + market_.reserves[i].symbol +
                                         " are missing: the venue's start_block " +
                                         std::to_string(params_.start_block.value) +
                                         " must not lie after the pool's first block");
    }
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
