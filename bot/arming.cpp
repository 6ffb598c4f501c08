// SPDX-License-Identifier: Apache-2.0
#include "bot/arming.hpp"

#include <algorithm>

namespace plimsoll::bot {
namespace {

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
            odd ? "keeper.mode is \"live\", but --live is not on the command line: nothing will be sent" : "",
            false};
    }
    if (!file_says_live) return not_live("keeper.mode in the configuration is not \"live\"");
    if (config.signer.type == config::SignerType::none)
        return not_live("signer.type is \"none\", so there is no key");
    if (endpoints.empty()) return not_live("no endpoint has answered");
    const bool here = std::ranges::all_of(endpoints, [](const EndpointFacts& facts) {
        return facts.loopback && facts.chain_id == kDevnetChain;
    });
    return Arming{config::Mode::live, "", !here};
}

}  // namespace plimsoll::bot
