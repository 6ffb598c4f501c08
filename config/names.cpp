// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

namespace plimsoll::config {

std::string_view to_string(Mode mode) noexcept {
    switch (mode) {
        case Mode::dry_run:
            return "dry-run";
        case Mode::live:
            return "live";
    }
    return "unknown";
}

std::string_view to_string(Network network) noexcept {
    switch (network) {
        case Network::custom:
            return "custom";
        case Network::mainnet:
            return "mainnet";
        case Network::arbitrum:
            return "arbitrum";
        case Network::base:
            return "base";
        case Network::optimism:
            return "optimism";
        case Network::devnet:
            return "devnet";
    }
    return "unknown";
}

std::string_view to_string(SignerType type) noexcept {
    switch (type) {
        case SignerType::none:
            return "none";
        case SignerType::dev:
            return "dev";
        case SignerType::keystore:
            return "keystore";
        case SignerType::remote:
            return "remote";
    }
    return "unknown";
}

std::string_view to_string(LaneType type) noexcept {
    switch (type) {
        case LaneType::public_:
            return "public";
        case LaneType::private_:
            return "private";
        case LaneType::bundle:
            return "bundle";
    }
    return "unknown";
}

std::string_view to_string(VenueKind kind) noexcept {
    switch (kind) {
        case VenueKind::aave_v3:
            return "aave-v3";
    }
    return "unknown";
}

std::string_view to_string(Ordering ordering) noexcept {
    switch (ordering) {
        case Ordering::first_come:
            return "first-come";
        case Ordering::priority_auction:
            return "priority-auction";
    }
    return "unknown";
}

std::string_view to_string(HotThread thread) noexcept {
    switch (thread) {
        case HotThread::off:
            return "off";
        case HotThread::epoll:
            return "epoll";
        case HotThread::spin:
            return "spin";
    }
    return "unknown";
}

std::string_view to_string(DataFee model) noexcept {
    switch (model) {
        case DataFee::none:
            return "none";
        case DataFee::op_stack:
            return "op-stack";
        case DataFee::arbitrum:
            return "arbitrum";
    }
    return "unknown";
}

std::string_view to_string(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::trace:
            return "trace";
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warn:
            return "warn";
        case LogLevel::error:
            return "error";
    }
    return "unknown";
}

std::string_view to_string(LogFormat format) noexcept {
    switch (format) {
        case LogFormat::automatic:
            return "auto";
        case LogFormat::pretty:
            return "pretty";
        case LogFormat::logfmt:
            return "logfmt";
        case LogFormat::json:
            return "json";
    }
    return "unknown";
}

}  // namespace plimsoll::config
