// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/driven_submission.hpp"

#include "bot/journal/sqlite_journal.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

namespace plimsoll::bench {

namespace asio = async::asio;

Address call_target() {
    Address out;
    out.bytes.fill(0xE0);
    return out;
}

DrivenSubmission::DrivenSubmission(asio::io_context& io, bot::Network& network, async::TaskGroup& tasks,
                                   const std::filesystem::path& folder, signer::Key key, Terms terms,
                                   bot::SubmissionListener listener) {
    const Address sender = key.address();
    const auto post = [&io](std::function<void()> task) { asio::post(io, std::move(task)); };
    auto journal = bot::SqliteJournal::open(folder, bot::JournalOwner{kChain, sender});
    if (!journal) throw std::runtime_error{journal.error().text};
    recovered_ = (*journal)->load().value();
    journal_ = std::make_unique<bot::JournalThread>(*std::move(journal), post);
    signer::PolicyLimits limits;
    limits.chain = kChain;
    limits.sender = sender;
    limits.executor = call_target();
    limits.selector = kSelector;
    limits.max_gas = terms.max_gas;
    limits.max_fee_per_gas = terms.max_fee_per_gas;
    limits.max_spend = cost(limits.max_gas, limits.max_fee_per_gas);
    terms.options.chain = kChain;
    terms.options.sender = sender;
    terms.options.fees = {to_wei(Gwei{1}), terms.max_fee_per_gas, {}};
    bot::Submission::Parts around{network, *journal_, tasks};
    around.spend_limits = terms.spend;
    around.post = post;
    submission_ = std::make_unique<bot::Submission>(terms.options, signer::Policy{limits}, std::move(key),
                                                    std::move(around), std::move(listener));
}

void DrivenSubmission::recover() {
    submission_->on(signer::Recovered{std::move(recovered_)});
}

void DrivenSubmission::tell_time() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    submission_->on(signer::Tick{Timestamp{static_cast<std::uint64_t>(seconds)}});
}

InputLines::InputLines(asio::io_context& io) : input_{io, ::dup(STDIN_FILENO)} {}

async::Task<std::optional<std::string>> InputLines::next() {
    std::string line;
    for (;;) {
        char c = 0;
        auto [error, size] = co_await input_.async_read_some(asio::buffer(&c, 1), async::use_tuple);
        if (error || size == 0) co_return std::nullopt;
        if (c == '\n') co_return line;
        line += c;
    }
}

void run_until_ended(asio::io_context& io, async::Task<void> task) {
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown) {
        failure = std::move(thrown);
        io.stop();
    });
    io.run();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace plimsoll::bench
