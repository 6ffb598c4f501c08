// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kExecutorKeys{
    Key{.table = "executor",
        .name = "address",
        .target = at<&Config::executor, &Executor::address>,
        .example = kAnAddress,
        .help = "the Executor contract that carries out liquidations (`plimsoll contract deploy`); without "
                "it only a dry run is possible"},
    Key{.table = "executor",
        .name = "operator",
        .target = at<&Config::executor, &Executor::operator_address>,
        .example = kAnAddress,
        .help = "who is expected to command the Executor; another one is refused at start"},
};

}  // namespace

std::span<const Key> executor_keys() {
    return kExecutorKeys;
}

}  // namespace plimsoll::config
