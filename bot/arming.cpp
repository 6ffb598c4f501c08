// SPDX-License-Identifier: Apache-2.0
#include "bot/arming.hpp"

#include <algorithm>

namespace plimsoll::bot {
namespace {

/// What sending with real money waits for.
constexpr const char* kMissing =
    "this version lacks what that needs: a journal with a witness on a second path, spending budgets per "
    "transaction, hour and day, and a breaker that stops after losses. It sends on chain 31337 at an address "
    "of this machine; use `plimsoll fork` or `plimsoll dry-run` on a real chain";

tl::unexpected<Error> not_live(const std::string& why) {
    return fail(Errc::refused, "live was asked for and is not allowed: " + why + ". Nothing was sent");
}

}  // namespace

Result<Arming> arming(const config::Config& config, LiveFlag flag, std::span<const EndpointFacts> endpoints) {
    const bool file_says_live = config.keeper.mode == config::Mode::live;
    if (flag != LiveFlag::given) {
        const bool odd = file_says_live && flag == LiveFlag::absent;
        return Arming{
            config::Mode::dry_run,
            odd ? "keeper.mode is \"live\", but --live is not on the command line: nothing will be sent"
                : ""};
    }
    if (!file_says_live) return not_live("keeper.mode in the configuration is not \"live\"");
    if (config.signer.type == config::SignerType::none)
        return not_live("signer.type is \"none\", so there is no key");
    if (endpoints.empty()) return not_live("no endpoint has answered");
    if (!std::ranges::all_of(endpoints, &EndpointFacts::loopback)) {
        return not_live(std::string{"an endpoint is not on this machine, and "} + kMissing);
    }
    const auto foreign = std::ranges::find_if(
        endpoints, [](const EndpointFacts& facts) { return facts.chain_id != kDevnetChain; });
    if (foreign != endpoints.end()) {
        return not_live("the endpoint is on chain " + std::to_string(foreign->chain_id.value) + ", and " +
                        kMissing);
    }
    return Arming{config::Mode::live, ""};
}

}  // namespace plimsoll::bot
