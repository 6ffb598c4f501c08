// SPDX-License-Identifier: Apache-2.0
#include "bot/keeper.hpp"
#include "bot/realised.hpp"

#include <utility>

namespace plimsoll::bot {

SubmissionListener Keeper::listener() {
    SubmissionListener out;
    out.on_signed = [this](const signer::Sign& sign, const signer::SignedTransaction&) {
        const auto found = sent_.find(sign.intent_id);
        if (found == sent_.end() || found->second.signed_once) return;
        Sent& sent = found->second;
        sent.signed_once = true;
        sent.microseconds = (steady_now().nanoseconds - sent.decision.triggered.nanoseconds) / 1000;
        sent.queued = sent.round != round_;
        if (!sent.queued) narrator_->signed_after(sent.microseconds, sent.decision.speculative);
    };
    out.on_sent = [this](const signer::Send& send, signer::SendClass meaning, const std::string& text) {
        log_.debug("sent", text,
                   {{"tx", send.hash}, {"nonce", send.nonce}, {"answer", signer::to_string(meaning)}});
    };
    out.on_report = [this](const signer::Report& report) { on_report(report); };
    out.on_declined = [this](const signer::Declined& declined) {
        log_.warn("refused", signer::to_string(declined.reason), {{"account", declined.key.account}});
        sent_.erase(declined.intent_id);
        Outcome outcome;
        outcome.key = declined.key;
        outcome.intent_id = declined.intent_id;
        outcome.kind = OutcomeKind::refused;
        if (limits_) limits_->ended(declined.intent_id);
        missed_->ended(outcome);
        free_key(outcome);
    };
    out.on_signer_trouble = [this](const std::string& text) {
        log_.error("error", "remote signer: " + text, {});
    };
    out.on_notice = [this](const signer::Notice& notice) {
        narrator_->noticed(notice);
        if (notice.kind != signer::Notice::Kind::unaccounted || ending_) return;
        ending_ =
            Ending{ExitCode::refused, notice.text +
                                          "; when nothing of the key is pending any more, start once with "
                                          "--adopt-nonce and the chain's nonce"};
        shutdown_.request();
    };
    return out;
}

void Keeper::on_report(const signer::Report& report) {
    if (report.stage == signer::ReportStage::undone) {
        log_.warn("reorg", "our transaction's block left the chain; it is sent again",
                  {{"tx", report.outcome.transaction_hash}});
        return;
    }
    if (report.stage != signer::ReportStage::final) return;
    const bool ours =
        report.outcome.kind == OutcomeKind::confirmed && report.purpose == signer::Purpose::execute;
    if (ours) landed(report);
    count_result(report);
    tally_.ended(report.outcome);
    missed_->ended(report.outcome);
    narrator_->ended(report);
    sent_.erase(report.outcome.intent_id);
    adopted_.erase(report.outcome.intent_id);
    free_key(report.outcome);
}

void Keeper::landed(const signer::Report& report) {
    const Outcome& outcome = report.outcome;
    const auto sent = sent_.find(outcome.intent_id);
    LandedLiquidation landed;
    landed.transaction_hash = outcome.transaction_hash;
    landed.block = outcome.block_number;
    landed.gas_used = outcome.gas_used;
    landed.gas_cost = cost(outcome.gas_used, outcome.effective_gas_price) + report.data_fee;
    landed.profits = realised_profit(outcome.logs, config_.executor.address, facts_.receiver);

    strategy::Quote quote;  // of an earlier run: only the account is known
    quote.venue = outcome.key.venue;
    quote.account_address = outcome.key.account;
    if (sent != sent_.end()) {
        quote = sent->second.decision.opportunity.quote;
        landed.gas_expected = sent->second.decision.opportunity.gas;
        landed.microseconds = sent->second.microseconds;
        landed.queued = sent->second.queued;
    }
    const Result<strategy::LiquidationSeen> event = engine_->venue(quote.venue).expect(quote, outcome.logs);
    if (event) {
        landed.event = *event;
    } else {
        landed.event.venue = quote.venue;
        landed.event.account = quote.account_address;
        log_.warn("won", "the receipt does not show the expected liquidation",
                  {{"tx", outcome.transaction_hash}, {"why", event.error().context}});
    }
    if (!landed.profits.empty()) {
        const TokenProfit& first = landed.profits.front();
        journal_->write({signer::RecordProfit{report.attempt, first.token, first.amount, landed.gas_cost}},
                        [this](const Result<void>& written) {
                            if (!written) log_.error("journal", written.error().context, {});
                        });
    }
    narrator_->won(landed);
    tally_.landed(std::move(landed));
}

void Keeper::free_key(const Outcome& outcome) {
    Event event;
    event.received = steady_now();
    event.body = OutcomeSeen{outcome};
    on_event(std::move(event));
}

}  // namespace plimsoll::bot
