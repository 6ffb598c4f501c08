// SPDX-License-Identifier: Apache-2.0
#include "bot/endpoints.hpp"

#include "bot/endpoint_params.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace plimsoll::bot {
namespace {

rpc::EndpointHealthParams health_params(const config::Endpoint& endpoint) {
    rpc::EndpointHealthParams out;
    out.budget.requests_per_second = endpoint.requests_per_second;
    return out;
}

}  // namespace

Result<std::unique_ptr<Endpoints>> Endpoints::open(async::asio::any_io_executor executor,
                                                   const config::Config& config) {
    if (std::ranges::none_of(config.endpoints, can_follow)) {
        return fail(Errc::config_invalid,
                    "no endpoint has a ws or ipc address: the keeper follows the chain by "
                    "subscriptions, which http cannot deliver");
    }
    std::unique_ptr<Endpoints> out{new Endpoints};
    std::vector<rpc::PoolMember> members;
    for (const config::Endpoint& endpoint : config.endpoints) {
        PLIMSOLL_TRY(rpc::EndpointParams params, endpoint_params(endpoint, config.chain.id));
        params.source = static_cast<SourceId>(members.size());
        params.read_only = true;
        out->pending_.push_back(endpoint.pending);
        members.push_back(rpc::PoolMember{endpoint.name, std::move(params), health_params(endpoint)});
    }
    out->pool_ = std::make_unique<rpc::EndpointPool>(executor, members);
    for (rpc::PoolMember& member : members) {
        rpc::EndpointParams params = std::move(member.read);
        params.health = &out->pool_->health(params.source);
        params.use = rpc::Use::feed;
        out->followers_.push_back(std::make_unique<rpc::Endpoint>(executor, params));
        params.use = rpc::Use::submit;
        params.read_only = false;
        out->submitters_.push_back(std::make_unique<rpc::Endpoint>(executor, std::move(params)));
    }
    return out;
}

std::vector<feed::FeedSource> Endpoints::sources() {
    std::vector<feed::FeedSource> out;
    for (std::size_t i = 0; i < followers_.size(); ++i) {
        const auto source = static_cast<SourceId>(i);
        out.push_back(feed::FeedSource{*followers_[i], pool_->health(source), pending_[i]});
    }
    return out;
}

rpc::Endpoint& Endpoints::best_of(const std::vector<rpc::Endpoint*>& all) noexcept {
    const auto rank = [this](const rpc::Endpoint* endpoint) {
        const rpc::EndpointHealth& health = pool_->health(endpoint->params().source);
        const bool alive = health.state() == rpc::EndpointState::alive;
        return std::tuple{!endpoint->connected(), !alive, health.latency()};
    };
    return **std::ranges::min_element(all, {}, rank);
}

rpc::Endpoint& Endpoints::reader() noexcept {
    return best_of(readers());
}

rpc::Endpoint& Endpoints::submitter() noexcept {
    std::vector<rpc::Endpoint*> all;
    for (const auto& endpoint : submitters_)
        all.push_back(endpoint.get());
    return best_of(all);
}

std::vector<rpc::Endpoint*> Endpoints::readers() {
    std::vector<rpc::Endpoint*> out;
    for (std::size_t i = 0; i < pool_->size(); ++i)
        out.push_back(&pool_->reader(static_cast<SourceId>(i)));
    return out;
}

std::uint64_t Endpoints::total_requests() const {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < pool_->size(); ++i)
        out += pool_->health(static_cast<SourceId>(i)).counts().total_requests();
    return out;
}

}  // namespace plimsoll::bot
