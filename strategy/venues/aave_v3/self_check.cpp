// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/self_check.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/multicall.hpp"
#include "strategy/venues/aave_v3/answers.hpp"
#include "strategy/venues/aave_v3/health.hpp"

#include <algorithm>
#include <string>

namespace plimsoll::strategy::aave_v3 {

namespace {

std::vector<AccountId> spread_of_borrowers(const Book& book, std::size_t most) {
    std::vector<AccountId> borrowers;
    for (AccountId account = 0; account < book.size(); ++account) {
        if (book.debts(account) != 0) borrowers.push_back(account);
    }
    const std::size_t step =
        std::max<std::size_t>(1, (borrowers.size() + most - 1) / std::max<std::size_t>(most, 1));
    std::vector<AccountId> out;
    for (std::size_t i = 0; i < borrowers.size(); i += step)
        out.push_back(borrowers[i]);
    return out;
}

}  // namespace

SelfCheck::SelfCheck(const Market& market, const Head& at, const Book& book, const PriceVector& prices,
                     std::size_t most)
    : market_{market}, at_{at}, book_{book}, prices_{prices}, accounts_{spread_of_borrowers(book, most)} {}

ReadRequest SelfCheck::ask(ReadId id) {
    asked_ = true;
    std::vector<Call> calls;
    for (const AccountId account : accounts_) {
        calls.push_back(
            call_about(market_.pool, codec::selector("getUserAccountData(address)"), book_.address(account)));
    }
    return ReadRequest{id, at_.hash, std::move(calls)};
}

Result<void> SelfCheck::compare(AccountId account, BytesView answer) {
    codec::AbiReader reader{answer};
    AccountData theirs;
    theirs.collateral = reader.u256();
    theirs.debt = reader.u256();
    reader.skip(1);  // available borrows
    theirs.threshold = BasisPoints{reader.u64()};
    reader.skip(1);  // LTV
    theirs.health_factor = Wad{reader.u256()};
    PLIMSOLL_CHECK(reader.finish("getUserAccountData"));
    MarketView view;
    const Rules& rules = *market_.rules;
    const Valuation at{rules, book_, view.at(rules, book_, at_.timestamp), prices_, at_.timestamp, true};
    const AccountData ours = account_data(at, account);
    const bool same = ours.valued && ours.collateral == theirs.collateral && ours.debt == theirs.debt &&
                      ours.threshold == theirs.threshold && ours.health_factor == theirs.health_factor;
    if (same) return {};
    return fail(Errc::unproven,
                "the pool calls itself revision " + std::to_string(market_.revision) + " (Aave V3 " +
                    std::string{rules.version} + "), but computes otherwise: health factor " +
                    to_decimal(theirs.health_factor.raw()) + " of " + to_string(book_.address(account)) +
                    ", by its rules " + to_decimal(ours.health_factor.raw()));
}

Result<void> SelfCheck::accept(const ReadResult& result) {
    if (!result.bytes) return tl::make_unexpected(result.bytes.error());
    PLIMSOLL_TRY(const std::vector<codec::CallResult> answers, codec::decode_aggregate3(*result.bytes));
    if (answers.size() != accounts_.size())
        return fail(Errc::malformed_reply, "account check with missing answers");
    for (std::size_t i = 0; i < accounts_.size(); ++i) {
        // A pool that reverts (no price) teaches nothing.
        if (!answers[i].success) continue;
        PLIMSOLL_CHECK(compare(accounts_[i], answers[i].data));
        compared_.push_back(accounts_[i]);
    }
    answered_ = true;
    return {};
}

}  // namespace plimsoll::strategy::aave_v3
