// SPDX-License-Identifier: Apache-2.0
// The submission without a keeper around it, in a program that somebody drives by lines on its standard
// input.
#pragma once

#include "bot/journal/journal_thread.hpp"
#include "bot/submission.hpp"
#include "chain/async/task.hpp"
#include "chain/async/task_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace plimsoll::bench {

inline constexpr ChainId kChain{31337};
/// What every call of it begins with.
inline constexpr std::array<std::uint8_t, 4> kSelector{1, 2, 3, 4};
/// What every call of it goes to: an address without code, which takes any call.
[[nodiscard]] Address call_target();

/// Scheduler, policy, key and a journal on the disk.
class DrivenSubmission {
  public:
    struct Terms {
        Gas max_gas{5'000'000};
        Wei max_fee_per_gas = to_wei(Gwei{200});
        signer::SpendLimits spend{};
        signer::SchedulerOptions options{};  // whose chain, sender and fees are filled in
    };

    /// Throws if the journal cannot be opened.
    DrivenSubmission(boost::asio::io_context& io, bot::Network& network, async::TaskGroup& tasks,
                     const std::filesystem::path& folder, signer::Key key, Terms terms,
                     bot::SubmissionListener listener);

    /// Tells it what the journal said when it was opened.
    void recover();
    void tell_time();
    void close() { journal_->close(); }
    [[nodiscard]] bot::Submission* operator->() noexcept { return submission_.get(); }

  private:
    signer::JournalState recovered_;
    std::unique_ptr<bot::JournalThread> journal_;
    std::unique_ptr<bot::Submission> submission_;
};

/// The lines on standard input.
class InputLines {
  public:
    explicit InputLines(boost::asio::io_context& io);
    /// The next one; nothing at the end.
    [[nodiscard]] async::Task<std::optional<std::string>> next();

  private:
    boost::asio::posix::stream_descriptor input_;
};

/// Runs the loop until the task ends or stops it. Throws what the task throws.
void run_until_ended(boost::asio::io_context& io, async::Task<void> task);

}  // namespace plimsoll::bench
