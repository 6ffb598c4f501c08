// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr Need kWithoutKey{[](const Config& config) { return config.signer.type == SignerType::none; },
                           "when signer.type = \"none\""};

constexpr std::array kExecutorKeys{
    Key{.table = "executor",
        .name = "address",
        .target = at<&Config::executor, &Executor::address>,
        .example = kAnAddress,
        .need = kAlways,
        .help = "the Executor contract that carries out liquidations"},
    Key{.table = "executor",
        .name = "operator",
        .target = at<&Config::executor, &Executor::operator_address>,
        .example = kAnAddress,
        .need = kWithoutKey,
        .help = "who may call the Executor; simulations are made in its name. With a key it is the key's "
                "address"},
};

}  // namespace

std::span<const Key> executor_keys() {
    return kExecutorKeys;
}

}  // namespace plimsoll::config
