// SPDX-License-Identifier: Apache-2.0
#include "bot/decision_lines.hpp"

namespace plimsoll::bot {

void HeadLine::tell(Logger& log, std::chrono::system_clock::time_point at) const {
    const Field fields[] = {
        {"number", number}, {"hash", hash}, {"timestamp", timestamp}, {"base_fee_wei", base_fee}};
    log.write_at(at, kLevel, "head", {}, fields);
}

void SkipLine::tell(Logger& log, std::chrono::system_clock::time_point at) const {
    const Field fields[] = {{"account", account}, {"reason", reason}, {"collateral", collateral},
                            {"debt", debt},       {"net_usd", net},   {"block", block}};
    log.write_at(at, kLevel, "skip", {}, fields);
}

void FoundLine::tell(Logger& log, std::chrono::system_clock::time_point at) const {
    const Field fields[] = {{"account", account},
                            {"collateral", collateral},
                            {"debt", debt},
                            {"hf", decimal(health_factor)},
                            {"repay", decimal(repay, debt_decimals)},
                            {"seize", decimal(seize, collateral_decimals)},
                            {"net_usd", net},
                            {"gas", gas},
                            {"block", block}};
    log.write_at(at, kLevel, "found", {}, fields);
}

}  // namespace plimsoll::bot
