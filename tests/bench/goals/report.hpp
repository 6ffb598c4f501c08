// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plimsoll::bench {

/// Whether a goal that does not hold makes the whole run fail.
enum class Gate : bool { no, yes };

/// Prints the rows of one goal after another, and remembers which gates did not hold.
class Report {
  public:
    /// The rows that follow belong to this goal.
    void begin(std::string_view id, std::string_view about);
    /// `measured` and `most` in the same unit; it holds if the first is not above the second.
    void at_most(std::string_view what, double measured, double most, std::string_view unit, Gate gate);
    void at_least(std::string_view what, double measured, double least, std::string_view unit, Gate gate);
    /// A figure without a goal: absolute, or told beside one.
    void figure(std::string_view what, double measured, std::string_view unit);
    void note(std::string_view text);

    [[nodiscard]] std::size_t failed_gates() const noexcept { return failed_gates_; }
    [[nodiscard]] std::size_t gates() const noexcept { return gates_; }

  private:
    void row(std::string_view what, double measured, std::string_view sign, double goal,
             std::string_view unit, bool holds, Gate gate);

    std::string id_;
    std::size_t gates_ = 0;
    std::size_t failed_gates_ = 0;
};

}  // namespace plimsoll::bench
