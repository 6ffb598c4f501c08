// SPDX-License-Identifier: Apache-2.0
#include "config/keys/keys.hpp"
#include "config/keys/slots.hpp"

#include <array>

namespace plimsoll::config {
namespace {

constexpr std::array kLogKeys{
    Key{.table = "log",
        .name = "level",
        .target = at<&Config::log, &Logging::level>,
        .fallback = "info",
        .help = "the least important lines that are written"},
    Key{.table = "log",
        .name = "format",
        .target = at<&Config::log, &Logging::format>,
        .fallback = "auto",
        .help = "`auto`: pretty on a terminal, logfmt elsewhere"},
    Key{.table = "log",
        .name = "summary_every",
        .target = at<&Config::log, &Logging::summary_every>,
        .fallback = "60s",
        .least = "1s",
        .most = "1h",
        .help = "one line saying what was seen, sent and skipped"},
};

}  // namespace

std::span<const Key> log_keys() {
    return kLogKeys;
}

}  // namespace plimsoll::config
