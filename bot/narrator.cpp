// SPDX-License-Identifier: Apache-2.0
#include "bot/narrator.hpp"

#include "bot/decision_lines.hpp"

#include <algorithm>
#include <string>

namespace plimsoll::bot {

using strategy::Asset;

namespace {

/// Zero of none.
std::int64_t median(std::vector<std::int64_t>& values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

}  // namespace

std::span<const Asset> Narrator::assets(VenueId venue) const {
    if (venue >= engine_.venue_count()) return {};
    return engine_.venue(venue).assets();
}

Narrator::Token Narrator::token(VenueId venue, const Address& address) const {
    const std::span<const Asset> known = assets(venue);
    const auto found = std::ranges::find(known, address, &Asset::token);
    if (found == known.end()) return {log_.keep(to_string(address)), 0};
    return {log_.keep(found->symbol), found->decimals};
}

std::string_view Narrator::symbol(VenueId venue, const Address& address) const {
    return token(venue, address).symbol;
}

Decimal Narrator::amount(VenueId venue, const Address& address, const TokenAmount& amount) const {
    return decimal(amount, token(venue, address).decimals);
}

std::string Narrator::profits(VenueId venue, const std::vector<TokenProfit>& profits) const {
    std::string out;
    for (const TokenProfit& profit : profits) {
        if (!out.empty()) out += ", ";
        out += amount(venue, profit.token, profit.amount).text + " ";
        out += symbol(venue, profit.token);
    }
    return out;
}

void Narrator::block(const Head& head) {
    ++heads_;
    log_.put(HeadLine{head.number, head.hash, head.timestamp, head.base_fee});
}

void Narrator::undone(const Hash32& block) {
    log_.info("reorg", "a block left the chain", {{"block", block}});
}

void Narrator::readiness(const Readiness& readiness) {
    if (readiness_ == readiness) return;
    readiness_ = readiness;
    if (readiness.ready()) {
        log_.info("ready", "what may be sent is sent", {});
        return;
    }
    std::string reasons;
    for (unsigned i = 0; i <= static_cast<unsigned>(NotReady::stopping); ++i) {
        const auto reason = static_cast<NotReady>(i);
        if (!readiness.has(reason)) continue;
        if (!reasons.empty()) reasons += ",";
        reasons += to_string(reason);
    }
    log_.info("unready", "nothing is sent", {{"reasons", reasons}});
}

void Narrator::bootstrap(const strategy::Notice& notice) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::seconds kTellEvery{10};
    const Clock::time_point now = Clock::now();
    const bool new_step = notice.text != last_step_;
    if (new_step) {
        last_step_ = notice.text;
        step_began_ = now;
        step_done_ = notice.done;
    }
    const bool tell = new_step || now - step_told_ >= kTellEvery;
    if (tell) step_told_ = now;
    std::vector<Field> fields{{"step", notice.text}, {"done", notice.done}, {"total", notice.total}};
    if (notice.done > step_done_ && notice.total >= notice.done) {
        const std::chrono::duration<double> passed = now - step_began_;
        const double share =
            static_cast<double>(notice.total - notice.done) / static_cast<double>(notice.done - step_done_);
        fields.emplace_back("left_s", static_cast<std::int64_t>(passed.count() * share));
    }
    log_.write(tell ? LogLevel::info : LogLevel::debug, "index", {}, fields);
}

void Narrator::noticed(const strategy::Notice& notice) {
    using Kind = strategy::Notice::Kind;
    switch (notice.kind) {
        case Kind::bootstrap_progress:
            bootstrap(notice);
            break;
        case Kind::ready: {
            const strategy::EngineCounts counts = engine_.counts();
            log_.info("ready", "watching",
                      {{"venues", engine_.venue_count()},
                       {"accounts", counts.accounts},
                       {"below_watch", counts.below_watch},
                       {"liquidatable", counts.liquidatable},
                       {"pools", counts.pools}});
            break;
        }
        case Kind::leaf_polled:
            log_.info("price", notice.text, {});
            break;
        case Kind::account_quarantined:
            log_.warn("account", notice.text, {});
            break;
        case Kind::venue_stopped:
            log_.error("venue", notice.text, {});
            break;
        case Kind::pool_refused:
            log_.warn("venue", notice.text, {});
            break;
        case Kind::resync:
            log_.warn("venue", notice.text, {});
            break;
        case Kind::parity_broken:
            log_.error("venue", notice.text, {});
            break;
    }
}

void Narrator::noticed(const signer::Notice& notice) {
    using Kind = signer::Notice::Kind;
    switch (notice.kind) {
        case Kind::recovered:
            log_.info("journal", notice.text, {});
            break;
        case Kind::replaced:
        case Kind::reused:
        case Kind::cancelling:
            log_.info("replace", notice.text, {});
            break;
        case Kind::cap_reached:
        case Kind::unfunded:
        case Kind::send_rejected:
        case Kind::signer_failed:
            log_.warn("refused", notice.text, {});
            break;
        case Kind::journal_ahead:
        case Kind::pending_elsewhere:
        case Kind::unaccounted:
            log_.warn("journal", notice.text, {});
            break;
        case Kind::key_stopped:
            log_.error("error", notice.text, {});
            break;
    }
}

void Narrator::decided(const strategy::Decision& decision) {
    const strategy::Opportunity& best = decision.opportunity;
    const strategy::Quote& quote = best.quote;
    if (!log_.enabled(decision.send() ? FoundLine::kLevel : SkipLine::kLevel)) return;
    const Token collateral = token(quote.venue, quote.collateral_asset);
    const Token debt = token(quote.venue, quote.debt_asset);
    if (decision.send()) {
        log_.put(FoundLine{decision.key.account, debt.decimals, collateral.decimals, collateral.symbol,
                           debt.symbol, quote.health_factor, quote.repaid, quote.seized, best.net, best.gas,
                           decision.block_number});
    } else {
        log_.put(SkipLine{decision.key.account, strategy::to_string(decision.reason), collateral.symbol,
                          debt.symbol, best.net, decision.block_number});
    }
}

std::vector<Field> Narrator::landed_fields(const LandedLiquidation& landed) const {
    const strategy::LiquidationSeen& event = landed.event;
    return {{"account", event.account},
            {"collateral", symbol(event.venue, event.collateral_asset)},
            {"debt", symbol(event.venue, event.debt_asset)},
            {"repaid", amount(event.venue, event.debt_asset, event.repaid)},
            {"seized", amount(event.venue, event.collateral_asset, event.seized)},
            {"profit", profits(event.venue, landed.profits)},
            {"gas", landed.gas_used},
            {"gas_eth", decimal(landed.gas_cost)},
            {landed.queued ? "us_with_queue" : "us", landed.microseconds},
            {"block", landed.block},
            {"tx", landed.transaction_hash}};
}

void Narrator::won(const LandedLiquidation& landed) {
    log_.write(LogLevel::info, "won", {}, landed_fields(landed));
}

void Narrator::forked(const LandedLiquidation& landed) {
    log_.write(LogLevel::info, "forked", "it landed on the fork", landed_fields(landed));
}

void Narrator::ended(const signer::Report& report) {
    const Outcome& outcome = report.outcome;
    switch (outcome.kind) {
        case OutcomeKind::confirmed:
            break;  // told by won()
        case OutcomeKind::reverted:
            log_.warn("reverted", {{"account", outcome.key.account},
                                   {"gas", outcome.gas_used},
                                   {"tx", outcome.transaction_hash}});
            break;
        case OutcomeKind::outbid:
            log_.info("lost", report.text, {{"account", outcome.key.account}});
            break;
        case OutcomeKind::expired:
        case OutcomeKind::cancelled: {
            // Nothing was signed: it waited for a nonce in vain, and the engine looks at the account again.
            const LogLevel level = report.attempt == 0 ? LogLevel::debug : LogLevel::info;
            const Field fields[] = {{"account", outcome.key.account}};
            log_.write(level, "expired", report.text, fields);
            break;
        }
        case OutcomeKind::refused:
            log_.error("refused", report.text, {{"account", outcome.key.account}});
            break;
    }
}

void Narrator::lost(const Missed& missed) {
    const strategy::LiquidationSeen& seen = missed.event;
    std::vector<Field> fields{{"account", seen.account},
                              {"winner", seen.liquidator},
                              {"reason", to_string(missed.reason)},
                              {"lag_blocks", missed.lag_blocks},
                              {"collateral", symbol(seen.venue, seen.collateral_asset)},
                              {"debt", symbol(seen.venue, seen.debt_asset)},
                              {"repaid", amount(seen.venue, seen.debt_asset, seen.repaid)},
                              {"block", seen.block_number},
                              {"tx", seen.transaction_hash}};
    if (missed.skipped != strategy::Reason::none)
        fields.emplace_back("skipped", strategy::to_string(missed.skipped));
    if (missed.decided_on) fields.emplace_back("decided_on_block", *missed.decided_on);
    if (missed.net) fields.emplace_back("net_usd", *missed.net);
    // Losing a race is business; not having known the account is a defect.
    const LogLevel level = missed.reason == MissedReason::not_indexed ? LogLevel::error : LogLevel::info;
    log_.write(level, "lost", "another liquidated it", fields);
}

void Narrator::summary(std::int64_t seconds, const Tally& tally, const ShellCounts& shell) {
    std::string skipped;
    for (const auto& [reason, count] : tally.skipped()) {
        if (!skipped.empty()) skipped += ", ";
        skipped += std::string{strategy::to_string(reason)} + " " + std::to_string(count);
    }
    std::string missed;
    for (const auto& [reason, count] : tally.missed_by_reason()) {
        if (count == 0) continue;
        if (!missed.empty()) missed += ", ";
        missed += std::string{to_string(reason)} + " " + std::to_string(count);
    }
    const strategy::EngineCounts counts = engine_.counts();
    log_.info("summary", {{"last_s", seconds},
                          {"heads", heads_},
                          {"accounts", counts.accounts},
                          {"below_watch", counts.below_watch},
                          {"liquidatable", counts.liquidatable},
                          {"pending", counts.pending},
                          {"found", tally.found()},
                          {"sent", tally.sent()},
                          {"won", tally.won()},
                          {"reverted", tally.reverted()},
                          {"skipped", skipped},
                          {"missed", missed},
                          {"gas_eth", decimal(tally.gas_spent())},
                          {"audited", counts.audited},
                          {"mismatches", counts.mismatches},
                          {"speculative", counts.speculative_sends},
                          {"armed", counts.armed},
                          {"fired", counts.armed_sends},
                          {"hot", shell.hot},
                          {"rehearsed", shell.rehearsed},
                          {"p50_us", median(latencies_)},
                          {"speculative_p50_us", median(speculative_latencies_)},
                          {"requests", shell.requests}});
    heads_ = 0;
    latencies_.clear();
    speculative_latencies_.clear();
}

}  // namespace plimsoll::bot
