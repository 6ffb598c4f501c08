// SPDX-License-Identifier: Apache-2.0
#include "bot/lanes/relay.hpp"

#include "bot/endpoint_params.hpp"
#include "bot/lanes/lane_tally.hpp"
#include "signer/lanes/relay_signature.hpp"
#include "signer/lanes/size_guard.hpp"

#include <utility>

namespace plimsoll::bot {

Result<std::unique_ptr<Relay>> Relay::open(async::asio::any_io_executor executor, const config::Lane& lane) {
    PLIMSOLL_TRY(rpc::EndpointParams params, relay_params(lane));
    if (!lane.auth_key_file.empty()) {
        PLIMSOLL_TRY(signer::Key key, signer::read_relay_key(lane.auth_key_file));
        // A function has to be copyable, and a key never is.
        const auto shared = std::make_shared<const signer::Key>(std::move(key));
        params.sign_body = [shared](std::string_view body) {
            return rpc::HttpHeader{std::string{signer::kRelaySignatureHeader},
                                   signer::relay_signature(*shared, body)};
        };
    }
    return std::unique_ptr<Relay>{new Relay{std::move(executor), std::move(params), lane}};
}

Relay::Relay(async::asio::any_io_executor executor, rpc::EndpointParams params, const config::Lane& lane)
    : name_{lane.name},
      kind_{lane.type == config::LaneType::bundle ? signer::LaneKind::bundle : signer::LaneKind::private_},
      simulate_{lane.simulate},
      endpoint_{std::move(executor), std::move(params)} {}

async::Task<rpc::SendAnswer> Relay::offer(Bytes raw, signer::LaneOrder order) {
    if (kind_ == signer::LaneKind::private_)
        co_return co_await endpoint_.send_private_transaction(std::move(raw), order.to);
    std::vector<Bytes> bundle;
    bundle.push_back(std::move(raw));
    co_return co_await offer_bundles(std::move(bundle), order);
}

async::Task<rpc::SendAnswer> Relay::offer_bundles(std::vector<Bytes> bundle, signer::LaneOrder order) {
    rpc::SendAnswer out;
    if (std::string why = signer::too_large(bundle); !why.empty()) {
        out.meaning = rpc::ErrorClass::invalid_transaction;
        out.text = std::move(why);
        co_return out;
    }
    if (simulate_) {
        const Result<rpc::BundleSimulation> simulated = co_await endpoint_.call_bundle(bundle, order.from);
        if (!simulated || simulated->failed) {
            out.meaning = rpc::ErrorClass::filtered;
            out.text = "not offered: " +
                       (simulated ? "its simulation failed: " + simulated->text : simulated.error().context);
            co_return out;
        }
    }
    LaneTally tally;
    for (BlockNumber block = order.from; block <= order.to; block = block.next()) {
        tally.expect(1);
        rpc::SendAnswer answer = co_await endpoint_.send_bundle(bundle, block);
        tally.add(std::move(answer), LaneTally::Time{});
    }
    if (std::optional<rpc::SendAnswer> verdict = tally.verdict(LaneTally::Time{})) out = *std::move(verdict);
    co_return out;
}

async::Task<Result<bool>> Relay::forget(Hash32 transaction) {
    co_return co_await endpoint_.cancel_private_transaction(transaction);
}

}  // namespace plimsoll::bot
