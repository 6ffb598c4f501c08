// SPDX-License-Identifier: Apache-2.0
#include "bot/endpoint_network.hpp"

#include "chain/rpc/endpoint_health.hpp"
#include "signer/lanes/size_guard.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace plimsoll::bot {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostPrivate = 1'024;  // nonces whose private hashes are remembered

rpc::SendAnswer refusal(rpc::ErrorClass meaning, std::string text) {
    rpc::SendAnswer out;
    out.meaning = meaning;
    out.text = std::move(text);
    return out;
}

signer::LaneTerms terms_of(const config::Lane& lane) {
    signer::LaneTerms out;
    if (lane.type == config::LaneType::private_) out.kind = signer::LaneKind::private_;
    if (lane.type == config::LaneType::bundle) out.kind = signer::LaneKind::bundle;
    out.after = lane.after.value;
    out.blocks = std::max<std::uint64_t>(1, lane.blocks.value);
    return out;
}

}  // namespace

/// One transaction on its ways. Shared, because the slower ones answer after the first was told.
struct EndpointNetwork::Race {
    explicit Race(async::asio::any_io_executor executor) : changed{std::move(executor)} {}
    LaneTally tally;
    async::Condition changed;
};

/// A question for nonces that several endpoints are asked.
struct EndpointNetwork::Reading {
    explicit Reading(async::asio::any_io_executor executor) : changed{std::move(executor)} {}
    std::size_t open = 0;
    std::optional<NonceCounts> highest;
    Error failure{Errc::disconnected, "no endpoint is connected"};
    async::Condition changed;
};

Result<Lanes> open_lanes(async::asio::any_io_executor executor, std::span<const config::Lane> lanes) {
    Lanes out;
    std::vector<signer::LaneTerms> terms;
    for (const config::Lane& lane : lanes) {
        terms.push_back(terms_of(lane));
        out.relays.emplace_back();
        if (lane.type == config::LaneType::public_) continue;
        Result<std::unique_ptr<Relay>> relay = Relay::open(executor, lane);
        if (!relay) return fail(relay.error().code, "lane " + lane.name + ": " + relay.error().context);
        out.relays.back() = *std::move(relay);
    }
    out.plan = signer::LanePlan{std::move(terms)};
    return out;
}

EndpointNetwork::EndpointNetwork(Parts parts, Lanes lanes)
    : parts_{std::move(parts)}, lanes_{std::move(lanes)} {}

async::Task<rpc::SendAnswer> EndpointNetwork::send(signer::Send send) {
    if (std::string why = signer::too_large(BytesView{send.raw}); !why.empty())
        co_return refusal(rpc::ErrorClass::invalid_transaction, std::move(why));
    const auto race = std::make_shared<Race>(parts_.executor);
    if (send.purpose == signer::Purpose::cancel) forget_private(send.nonce);
    const std::vector<signer::LaneOrder> orders = lanes_.plan.orders(send);
    if (orders.empty()) co_return refusal(rpc::ErrorClass::unknown, "no lane is open to it now");
    for (const signer::LaneOrder& order : orders) {
        Relay* const relay = order.lane < lanes_.relays.size() ? lanes_.relays[order.lane].get() : nullptr;
        if (relay == nullptr) {
            publish(send, race);
            continue;
        }
        race->tally.expect(1);
        parts_.tasks.spawn(offer_to(*relay, send, order, race));
    }
    std::optional<rpc::SendAnswer> verdict = race->tally.verdict(Clock::now());
    while (!verdict) {
        const std::optional<Clock::time_point> at = race->tally.look_again();
        if (at) {
            co_await race->changed.wait_until(*at);
        } else {
            co_await race->changed.wait();
        }
        verdict = race->tally.verdict(Clock::now());
    }
    co_return *std::move(verdict);
}

/// To every connection for sending; the best one first.
void EndpointNetwork::publish(const signer::Send& send, const std::shared_ptr<Race>& race) {
    const std::vector<rpc::Endpoint*> ways = usable();
    race->tally.expect(ways.size());
    for (rpc::Endpoint* const endpoint : ways)
        parts_.tasks.spawn(send_to(*endpoint, send, race));
}

/// Connected ones that did not lie lately, the best first; where there is none, the best of the others, so
/// that its answer says why.
std::vector<rpc::Endpoint*> EndpointNetwork::usable() const {
    rpc::Endpoint* const best = &parts_.endpoints.submitter();
    std::vector<rpc::Endpoint*> out;
    for (const auto& endpoint : parts_.endpoints.submitters()) {
        const rpc::EndpointHealth& health = parts_.endpoints.pool().health(endpoint->params().source);
        const bool lies = health.state() == rpc::EndpointState::lying;
        if (endpoint->connected() && !lies) out.push_back(endpoint.get());
    }
    if (out.empty()) out.push_back(best);
    const auto first = std::ranges::find(out, best);
    if (first != out.end()) std::iter_swap(out.begin(), first);
    return out;
}

async::Task<void> EndpointNetwork::send_to(rpc::Endpoint& endpoint, signer::Send send,
                                           std::shared_ptr<Race> race) {
    ++counts_.sent;
    rpc::SendAnswer answer = co_await endpoint.send_raw_transaction(send.raw);
    if (answer.meaning == rpc::ErrorClass::none && answer.hash != send.hash) {
        ++counts_.lies;
        answer = refusal(rpc::ErrorClass::unknown, endpoint.name() + " took it as another transaction");
        parts_.endpoints.pool().health(endpoint.params().source).lied(answer.text, Clock::now());
    }
    take(send, "public", endpoint.name(), std::move(answer), *race);
}

async::Task<void> EndpointNetwork::offer_to(Relay& relay, signer::Send send, signer::LaneOrder order,
                                            std::shared_ptr<Race> race) {
    ++counts_.sent;
    if (relay.kind() == signer::LaneKind::private_) {
        std::vector<Hash32>& hashes = private_[send.nonce];
        if (std::ranges::find(hashes, send.hash) == hashes.end()) hashes.push_back(send.hash);
        if (private_.size() > kMostPrivate) private_.erase(private_.begin());
    }
    rpc::SendAnswer answer = co_await relay.offer(send.raw, order);
    if (answer.meaning == rpc::ErrorClass::none && answer.hash != send.hash) {
        ++counts_.lies;
        answer = refusal(rpc::ErrorClass::unknown, relay.name() + " took it as another transaction");
    }
    take(send, relay.name(), relay.endpoint().name(), std::move(answer), *race);
}

void EndpointNetwork::take(const signer::Send& send, std::string_view lane, std::string_view peer,
                           rpc::SendAnswer answer, Race& race) {
    if (is_taken(answer.meaning)) ++counts_.taken;
    if (listener_) listener_(LaneAnswer{lane, peer, send.hash, answer.meaning, answer.text});
    race.tally.add(std::move(answer), Clock::now());
    race.changed.notify_all();
}

/// What was offered in private for this nonce is wanted no more. Nothing follows from the answers: the nonce
/// stays in use until it is mined.
void EndpointNetwork::forget_private(Nonce nonce) {
    const auto found = private_.find(nonce);
    if (found == private_.end()) return;
    const std::vector<Hash32> hashes = std::move(found->second);
    private_.erase(found);
    for (const auto& relay : lanes_.relays) {
        if (!relay || relay->kind() != signer::LaneKind::private_) continue;
        for (const Hash32& hash : hashes)
            parts_.tasks.spawn(ask_to_forget(*relay, hash));
    }
}

async::Task<void> EndpointNetwork::ask_to_forget(Relay& relay, Hash32 transaction) {
    ++counts_.forgets;
    const Result<bool> forgot = co_await relay.forget(transaction);
    if (forgot && *forgot) ++counts_.forgot;
}

async::Task<Result<std::optional<rpc::Receipt>>> EndpointNetwork::receipt(Hash32 transaction) {
    co_return co_await parts_.endpoints.submitter().transaction_receipt(transaction);
}

async::Task<Result<bool>> EndpointNetwork::in_pool(Hash32 transaction) {
    co_return co_await parts_.endpoints.submitter().in_pool(transaction);
}

async::Task<Result<NonceCounts>> EndpointNetwork::nonces(Address sender) {
    const auto reading = std::make_shared<Reading>(parts_.executor);
    const std::vector<rpc::Endpoint*> ways = usable();
    reading->open = ways.size();
    for (rpc::Endpoint* const endpoint : ways)
        parts_.tasks.spawn(read_nonces(*endpoint, sender, reading));
    while (reading->open != 0)
        co_await reading->changed.wait();
    if (!reading->highest) co_return tl::make_unexpected(reading->failure);
    co_return *reading->highest;
}

async::Task<void> EndpointNetwork::read_nonces(rpc::Endpoint& endpoint, Address sender,
                                               std::shared_ptr<Reading> reading) {
    const Result<Nonce> latest = co_await endpoint.transaction_count(sender, rpc::CountAt::latest);
    Result<Nonce> pending = latest;
    if (latest) pending = co_await endpoint.transaction_count(sender, rpc::CountAt::pending);
    if (latest && pending) {
        NonceCounts& highest = reading->highest ? *reading->highest : reading->highest.emplace();
        highest.latest = std::max(highest.latest, *latest);
        highest.pending = std::max(highest.pending, *pending);
    } else {
        reading->failure = latest ? pending.error() : latest.error();
    }
    --reading->open;
    reading->changed.notify_all();
}

}  // namespace plimsoll::bot
