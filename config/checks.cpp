// SPDX-License-Identifier: Apache-2.0
#include "config/checks.hpp"

#include <string>

namespace plimsoll::config {
namespace {

constexpr ChainId kDevelopmentChain{31337};

template <class T>
void names_differ(const std::vector<T>& items, std::string_view table, const PlaceOf& place,
                  std::vector<Problem>& out) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (items[i].name.empty() || items[i].name != items[j].name) continue;
            const Place first = place(table, j, "name");
            out.push_back({ProblemCode::duplicate, place(table, i, "name"),
                           std::string{table} + " \"" + items[i].name + "\" was already named in line " +
                               std::to_string(first.line),
                           "give each " + std::string{table} + " a name of its own"});
            break;
        }
    }
}

void schemes_fit(const Config& config, const PlaceOf& place, std::vector<Problem>& out) {
    for (std::size_t i = 0; i < config.endpoints.size(); ++i) {
        const Endpoint& endpoint = config.endpoints[i];
        if (!endpoint.ws.empty() && !endpoint.ws.is_websocket()) {
            out.push_back({ProblemCode::bad_url, place("endpoint", i, "ws"),
                           "endpoint.ws is a URL of " + std::string{to_string(endpoint.ws.scheme)},
                           "it has to start with \"ws://\" or \"wss://\""});
        }
    }
}

void pools_differ(const Config& config, const PlaceOf& place, std::vector<Problem>& out) {
    for (std::size_t i = 0; i < config.venues.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (config.venues[i].pool.is_zero() || config.venues[i].pool != config.venues[j].pool) continue;
            out.push_back({ProblemCode::duplicate, place("venue", i, "pool"),
                           "this pool is already venue number " + std::to_string(j + 1),
                           "remove one of the two"});
        }
    }
}

}  // namespace

std::vector<Problem> check_together(const Config& config, const PlaceOf& place) {
    std::vector<Problem> out;
    names_differ(config.endpoints, "endpoint", place, out);
    names_differ(config.venues, "venue", place, out);
    schemes_fit(config, place, out);
    pools_differ(config, place, out);
    if (config.keeper.mode == Mode::live && config.signer.type == SignerType::none) {
        out.push_back({ProblemCode::contradiction, place("keeper", 0, "mode"),
                       "keeper.mode = \"live\" needs a key, and signer.type is \"none\"",
                       "set signer.type, or keeper.mode = \"dry-run\""});
    }
    const bool foreign_chain = config.chain.id.value != 0 && config.chain.id != kDevelopmentChain;
    if (config.signer.type == SignerType::dev && foreign_chain) {
        out.push_back({ProblemCode::contradiction, place("signer", 0, "type"),
                       "signer.type = \"dev\" is a key that everybody knows, and chain.id is " +
                           std::to_string(config.chain.id.value),
                       "use it on chain 31337 only; signer.type = \"none\" is enough for a dry run"});
    }
    if (config.execution.priority_fee > config.execution.max_fee_per_gas) {
        const Place tip = place("execution", 0, "priority_fee");
        out.push_back(
            {ProblemCode::contradiction, tip.line != 0 ? tip : place("execution", 0, "max_fee_per_gas"),
             "execution.priority_fee is above execution.max_fee_per_gas", "lower the tip or raise the cap"});
    }
    return out;
}

}  // namespace plimsoll::config
