// SPDX-License-Identifier: Apache-2.0
#include "config/checks.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace plimsoll::config {
namespace {

constexpr ChainId kDevelopmentChain{31337};

class Checker {
  public:
    Checker(const Config& config, const Origins& origins, const Surroundings& surroundings)
        : config_{config}, origins_{origins}, surroundings_{surroundings} {}

    std::vector<Problem> check() {
        names_differ(config_.endpoints, "endpoint");
        names_differ(config_.venues, "venue");
        for (std::size_t i = 0; i < config_.endpoints.size(); ++i)
            endpoint(i);
        names_differ(config_.lanes, "lane");
        for (std::size_t i = 0; i < config_.lanes.size(); ++i)
            lane(i);
        pools_differ();
        guards_differ();
        network();
        signer();
        remote_signer();
        overlap(config_.risk.allow_assets, config_.risk.deny_assets, "allow_assets", "deny_assets");
        overlap(config_.risk.allow_accounts, config_.risk.deny_accounts, "allow_accounts", "deny_accounts");
        fees();
        spinning();
        hot_core();
        return std::move(out_);
    }

  private:
    [[nodiscard]] std::optional<Origin> origin(const KeyPath& path) const {
        const auto found = origins_.find(path);
        return found == origins_.end() ? std::nullopt : std::optional{found->second};
    }

    /// At the place where the key was given, if it was.
    void report(ProblemCode code, const KeyPath& path, std::string what, std::string fix) {
        Problem problem{code, {}, std::move(what), std::move(fix)};
        if (const auto given = origin(path)) {
            if (given->layer == Layer::file) problem.place = given->place;
            if (given->layer == Layer::environment || given->layer == Layer::flag)
                problem.source = given->name;
        }
        out_.push_back(std::move(problem));
    }

    template <class T>
    void names_differ(const std::vector<T>& items, std::string_view table) {
        for (std::size_t i = 0; i < items.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (items[i].name.empty() || items[i].name != items[j].name) continue;
                report(ProblemCode::duplicate, {table, i, "name"},
                       std::string{table} + " \"" + items[i].name + "\" is named twice (number " +
                           std::to_string(j) + " and " + std::to_string(i) + ")",
                       "give each " + std::string{table} + " a name of its own");
                break;
            }
        }
    }

    void endpoint(std::size_t index) {
        const Endpoint& endpoint = config_.endpoints[index];
        const bool websocket = endpoint.ws.empty() || endpoint.ws.is_websocket();
        const bool http = endpoint.http.empty() || !endpoint.http.is_websocket();
        if (!websocket) {
            report(ProblemCode::bad_url, {"endpoint", index, "ws"},
                   "endpoint.ws is a URL of " + std::string{to_string(endpoint.ws.scheme)},
                   "it has to start with \"ws://\" or \"wss://\"");
        }
        if (!http) {
            report(ProblemCode::bad_url, {"endpoint", index, "http"},
                   "endpoint.http is a URL of " + std::string{to_string(endpoint.http.scheme)},
                   "it has to start with \"http://\" or \"https://\"");
        }
        const bool tried = origin({"endpoint", index, "ws"}) || origin({"endpoint", index, "http"}) ||
                           origin({"endpoint", index, "ipc"});
        if (!tried && !endpoint.name.empty()) {
            report(ProblemCode::missing, {"endpoint", index, "name"},
                   "endpoint \"" + endpoint.name + "\" has no address", "add ws = \"wss://…\", ipc or http");
        }
    }

    void lane(std::size_t index) {
        const Lane& lane = config_.lanes[index];
        const KeyPath url{"lane", index, "url"};
        const std::string type{to_string(lane.type)};
        const KeyPath share{"lane", index, "builder_share"};
        if (lane.type != LaneType::bundle && lane.builder_share.value != 0) {
            report(ProblemCode::contradiction, share,
                   "a lane of type \"" + type + "\" knows no builder to share with",
                   "remove it, or set it for a lane of type \"bundle\"");
        }
        if (lane.type == LaneType::public_) {
            if (origin(url)) {
                report(ProblemCode::contradiction, url, "a lane of type \"public\" goes to the endpoints",
                       "remove its url, or name its type: \"private\" or \"bundle\"");
            }
            return;
        }
        if (lane.url.is_websocket()) {
            report(ProblemCode::bad_url, url,
                   "lane.url is a URL of " + std::string{to_string(lane.url.scheme)},
                   "it has to start with \"http://\" or \"https://\"");
        }
        if (!origin(url)) {
            report(ProblemCode::missing, {"lane", index, "type"},
                   "a lane of type \"" + type + "\" has no address", "add url = \"https://…\"");
        }
        if (lane.type == LaneType::bundle && lane.auth_key_file.empty()) {
            report(ProblemCode::missing, {"lane", index, "type"},
                   "builders want the requests of a lane of type \"bundle\" signed",
                   "add auth_key_file = \"…\", a key that holds nothing");
        }
    }

    void pools_differ() {
        const std::vector<Venue>& venues = config_.venues;
        for (std::size_t i = 0; i < venues.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (venues[i].pool.is_zero() || venues[i].pool != venues[j].pool) continue;
                report(ProblemCode::duplicate, {"venue", i, "pool"},
                       "this pool is already venue number " + std::to_string(j), "remove one of the two");
            }
        }
    }

    void guards_differ() {
        const std::vector<PriceGuard>& guards = config_.price_guards;
        for (std::size_t i = 0; i < guards.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (guards[i].asset.is_zero() || guards[i].asset != guards[j].asset) continue;
                report(ProblemCode::duplicate, {"price_guard", i, "asset"},
                       "this asset is already price_guard number " + std::to_string(j),
                       "remove one of the two");
            }
        }
    }

    void network() {
        const Network network = config_.chain.network;
        const ChainId expected = chain_of(network);
        if (network == Network::custom || config_.chain.id == expected) return;
        report(ProblemCode::contradiction, {"chain", 0, "id"},
               "chain.network = \"" + std::string{to_string(network)} + "\" is chain " +
                   std::to_string(expected.value) + ", and chain.id is " +
                   std::to_string(config_.chain.id.value),
               "remove chain.id, or use chain.network = \"custom\"");
    }

    void signer() {
        const SignerType type = config_.signer.type;
        if (config_.keeper.mode == Mode::live && type == SignerType::none) {
            report(ProblemCode::contradiction, {"keeper", 0, "mode"},
                   "keeper.mode = \"live\" needs a key, and signer.type is \"none\"",
                   "set signer.type, or keeper.mode = \"dry-run\"");
        }
        const bool foreign_chain = config_.chain.id.value != 0 && config_.chain.id != kDevelopmentChain;
        if (type == SignerType::dev && foreign_chain) {
            report(ProblemCode::contradiction, {"signer", 0, "type"},
                   "signer.type = \"dev\" is a key that everybody knows, and chain.id is " +
                       std::to_string(config_.chain.id.value),
                   "use it on chain 31337 only; signer.type = \"none\" is enough for a dry run");
        }
    }

    void remote_signer() {
        const Signer& signer = config_.signer;
        if (signer.type != SignerType::remote || signer.url.empty()) return;
        const KeyPath url{"signer", 0, "url"};
        if (signer.url.is_websocket()) {
            report(ProblemCode::bad_url, url,
                   "signer.url is a URL of " + std::string{to_string(signer.url.scheme)},
                   "it has to start with \"https://\"");
            return;
        }
        if (signer.url.scheme == Scheme::http && !is_loopback(signer.url)) {
            report(ProblemCode::contradiction, url, "signer.url is not encrypted and not on this machine",
                   "use https, with signer.client_cert and signer.client_key");
        }
        const bool shows = !signer.client_cert.empty() && !signer.client_key.empty();
        if (signer.url.scheme == Scheme::https && !shows) {
            report(ProblemCode::missing, url, "a remote signer wants to know who asks",
                   "set signer.client_cert and signer.client_key");
        }
    }

    void overlap(const std::vector<Address>& allowed, const std::vector<Address>& denied,
                 std::string_view allow, std::string_view deny) {
        for (const Address& address : denied) {
            if (std::ranges::find(allowed, address) == allowed.end()) continue;
            report(ProblemCode::contradiction, {"risk", 0, deny},
                   to_string(address) + " is in risk." + std::string{deny} + " and in risk." +
                       std::string{allow},
                   "remove it from one of the two");
        }
    }

    void fees() {
        if (config_.execution.priority_fee <= config_.execution.max_fee_per_gas) return;
        const KeyPath tip{"execution", 0, "priority_fee"};
        report(ProblemCode::contradiction, origin(tip) ? tip : KeyPath{"execution", 0, "max_fee_per_gas"},
               "execution.priority_fee is above execution.max_fee_per_gas", "lower the tip or raise the cap");
    }

    void spinning() {
        const bool sends = config_.execution.armed != 0 && config_.strategy.speculate;
        if (config_.execution.hot_thread != HotThread::spin || sends) return;
        report(ProblemCode::contradiction, {"execution", 0, "hot_thread"},
               "execution.hot_thread = \"spin\" would keep a core busy with nothing to send",
               "set execution.armed and strategy.speculate, or leave it at \"epoll\"");
    }

    void hot_core() {
        const Execution& execution = config_.execution;
        if (execution.hot_thread == HotThread::off || execution.hot_core == 0) return;
        if (surroundings_.has_core(execution.hot_core - 1)) return;
        report(ProblemCode::bad_value, {"execution", 0, "hot_core"},
               "execution.hot_core = " + std::to_string(execution.hot_core) +
                   " is no core of this machine that the program may use",
               "name one of its cores, counted from 1, or 0 for any");
    }

    const Config& config_;
    const Origins& origins_;
    const Surroundings& surroundings_;
    std::vector<Problem> out_;
};

}  // namespace

ChainId chain_of(Network network) noexcept {
    switch (network) {
        case Network::custom:
            return ChainId{0};
        case Network::mainnet:
            return ChainId{1};
        case Network::arbitrum:
            return ChainId{42161};
        case Network::base:
            return ChainId{8453};
        case Network::optimism:
            return ChainId{10};
        case Network::devnet:
            return ChainId{31337};
    }
    return ChainId{0};
}

std::vector<Problem> check_together(const Config& config, const Origins& origins,
                                    const Surroundings& surroundings) {
    return Checker{config, origins, surroundings}.check();
}

}  // namespace plimsoll::config
