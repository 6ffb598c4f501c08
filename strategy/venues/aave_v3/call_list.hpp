// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/multicall.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/read_request.hpp"
#include "chain/primitives/result.hpp"

#include <cstddef>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

namespace plimsoll::strategy::aave_v3 {

/// Calls that are asked for in batches of bounded size, with all answers in the order of the calls.
class CallList {
  public:
    CallList() = default;
    CallList(std::vector<Call> calls, std::size_t batch)
        : calls_{std::move(calls)}, batch_{batch}, answers_(calls_.size()) {}

    [[nodiscard]] std::size_t size() const noexcept { return answers_.size(); }
    [[nodiscard]] std::size_t answered() const noexcept { return answered_; }
    [[nodiscard]] bool all_asked() const noexcept { return asked_ == calls_.size(); }
    [[nodiscard]] bool complete() const noexcept { return answered_ == calls_.size(); }
    [[nodiscard]] std::size_t outstanding() const noexcept { return places_.size(); }

    /// The next batch; there must be one.
    [[nodiscard]] ReadRequest ask(ReadId id, const Hash32& block);
    /// Errc::not_found for an id that was not asked here.
    [[nodiscard]] Result<void> accept(const ReadResult& result);
    [[nodiscard]] std::span<const codec::CallResult> answers() const noexcept { return answers_; }

  private:
    struct Range {
        std::size_t begin;
        std::size_t end;
    };
    std::vector<Call> calls_;
    std::size_t batch_ = 1;
    std::size_t asked_ = 0;
    std::size_t answered_ = 0;
    std::unordered_map<ReadId, Range> places_;
    std::deque<Bytes> raw_;  // what the answers are views of
    std::vector<codec::CallResult> answers_;
};

}  // namespace plimsoll::strategy::aave_v3
