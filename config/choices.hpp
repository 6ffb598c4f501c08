// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace plimsoll::config {

/// The values of each word list, in the order of the documentation.
template <class T>
struct Choices;
template <>
struct Choices<Mode> {
    static constexpr std::array kAll{Mode::dry_run, Mode::live};
};
template <>
struct Choices<Network> {
    static constexpr std::array kAll{Network::custom, Network::mainnet,  Network::arbitrum,
                                     Network::base,   Network::optimism, Network::devnet};
};
template <>
struct Choices<SignerType> {
    static constexpr std::array kAll{SignerType::none, SignerType::dev, SignerType::keystore,
                                     SignerType::remote};
};
template <>
struct Choices<VenueKind> {
    static constexpr std::array kAll{VenueKind::aave_v3};
};
template <>
struct Choices<LaneType> {
    static constexpr std::array kAll{LaneType::public_, LaneType::private_, LaneType::bundle};
};
template <>
struct Choices<Ordering> {
    static constexpr std::array kAll{Ordering::first_come, Ordering::priority_auction};
};
template <>
struct Choices<HotThread> {
    static constexpr std::array kAll{HotThread::off, HotThread::epoll, HotThread::spin};
};
template <>
struct Choices<DataFee> {
    static constexpr std::array kAll{DataFee::none, DataFee::op_stack, DataFee::arbitrum};
};
template <>
struct Choices<LogLevel> {
    static constexpr std::array kAll{LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn,
                                     LogLevel::error};
};
template <>
struct Choices<LogFormat> {
    static constexpr std::array kAll{LogFormat::automatic, LogFormat::pretty, LogFormat::logfmt,
                                     LogFormat::json};
};

template <class T>
auto choice_names() {
    std::array<std::string_view, Choices<T>::kAll.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = to_string(Choices<T>::kAll[i]);
    return names;
}

}  // namespace plimsoll::config
