// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/backoff.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/result.hpp"
#include "chain/primitives/units.hpp"
#include "chain/rpc/error_dialects.hpp"
#include "chain/rpc/method.hpp"
#include "chain/rpc/request_budget.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::rpc {

/// What may be thought of an endpoint. Where several hold, the later one in this list (but undialed counts as
/// much as unreachable).
enum class EndpointState : std::uint8_t {
    undialed,      // no connection, and none has failed
    alive,         // to be believed
    lagging,       // too far behind the best head
    syncing,       // says so itself
    rate_limited,  // asked us to wait, or its quota has ended
    unreachable,   // no connection, or it does not answer
    lying,         // told what cannot be
    wrong_chain,
};

[[nodiscard]] std::string_view to_string(EndpointState state) noexcept;

struct EndpointHealthParams {
    std::uint64_t lag_limit = 5;  // blocks behind the best head that are forgiven
    // Behind at all and without a new head for so long is lagging too.
    std::chrono::milliseconds silence{60'000};
    std::uint32_t errors_to_unreachable = 5;        // in a row
    std::chrono::milliseconds quarantine{600'000};  // after a lie
    async::BackoffParams wait{std::chrono::milliseconds{250}, std::chrono::milliseconds{30'000}};
    std::chrono::milliseconds hint_floor{50};  // a node's own word how long to wait is kept within these
    std::chrono::milliseconds hint_cap{300'000};
    async::BackoffParams quota{std::chrono::milliseconds{60'000}, std::chrono::milliseconds{900'000}};
    BudgetParams budget;
};

/// What came of one request.
struct AnswerSeen {
    ErrorClass meaning = ErrorClass::none;
    Use use = Use::read;
    bool malformed = false;                         // it was no proper answer at all
    std::optional<std::chrono::milliseconds> hint;  // how long the node wants us to wait
    std::chrono::milliseconds latency{};
    std::string_view text{};  // what the node said, already free of secrets
};

using AnswerCounts = std::array<std::uint64_t, kErrorClassCount>;

struct EndpointHealthCounts {
    MethodCounts requests{};
    AnswerCounts answers{};  // by ErrorClass
    std::uint64_t waits{};   // requests that were held back, by the budget or at the node's word
    std::uint64_t pauses{};  // times the node asked us to wait
    std::uint64_t quota_ends{};
    std::uint64_t losses{};  // connections that broke or could not be made
    std::uint64_t lies{};
    [[nodiscard]] std::uint64_t total_requests() const noexcept;
};

/// The best of these heads that can be believed: of three and more the second, so that no single node moves
/// it.
[[nodiscard]] std::optional<BlockNumber> best_of(std::vector<BlockNumber> heads);

/// The state of one endpoint, shared by all its connections (feed, reading, submitting). Without I/O: every
/// time is an argument, and what it says is as of the latest one. It must outlive the connections that know
/// it.
class EndpointHealth {
  public:
    using Time = std::chrono::steady_clock::time_point;

    explicit EndpointHealth(EndpointHealthParams params = {}) noexcept;

    // What its connections tell.
    /// A connection is made, and its chain id verified.
    void opened(Time now);
    /// An opened one broke.
    void lost(const Error& why, Time now);
    /// An opened one was closed by ourselves.
    void closed(Time now);
    /// One could not be made.
    void failed(const Error& why, Time now);
    /// A request goes. `waited`: it had been held back.
    void asked(Method method, bool waited, Time now);
    /// Jitter comes from the random bits.
    void answered(const AnswerSeen& answer, std::uint64_t random_bits, Time now);

    // What is known of its chain.
    void head(BlockNumber number, const Hash32& hash, Time now);
    void syncing(bool is, Time now);
    /// It told what cannot be: quarantine.
    void lied(std::string text, Time now);
    /// The best head of all endpoints of this chain.
    void best_head(BlockNumber number, Time now);
    void tick(Time now);

    [[nodiscard]] EndpointState state() const noexcept;
    /// Why the state is not alive, for people; empty if it is.
    [[nodiscard]] std::string why() const;
    /// Blocks behind the best head; nothing before its first head.
    [[nodiscard]] std::optional<std::uint64_t> lag() const noexcept;
    [[nodiscard]] std::optional<BlockNumber> head() const noexcept { return head_; }
    /// Whether this was one of its latest heads.
    [[nodiscard]] bool knows(const Hash32& hash) const noexcept;
    /// Of the last proper answers, on average; zero before the first.
    [[nodiscard]] std::chrono::milliseconds latency() const noexcept;
    /// When a request may go: `now`, or later. Submission waits neither for a pause that others were asked to
    /// make, nor for the budget that they have spent.
    [[nodiscard]] Time allowed_at(Use use, Time now) const noexcept;
    [[nodiscard]] const EndpointHealthCounts& counts() const noexcept { return counts_; }

  private:
    /// What the node asked of us, for submission or for all else.
    struct Pause {
        explicit Pause(const EndpointHealthParams& params) noexcept
            : wait{params.wait}, quota{params.quota} {}
        async::Backoff wait;
        async::Backoff quota;
        Time until{};
        bool by_quota = false;
    };

    void told_to_wait(Pause& pause, const AnswerSeen& answer, std::uint64_t random_bits);
    [[nodiscard]] bool behind() const noexcept;
    void broke(const Error& why);

    EndpointHealthParams params_;
    EndpointHealthCounts counts_;
    RequestBudget budget_;
    Pause pause_;
    Pause submit_pause_;
    Time now_{};
    std::uint32_t connections_ = 0;
    std::uint32_t errors_ = 0;  // in a row
    bool wrong_chain_ = false;
    bool syncing_ = false;
    bool failed_ = false;  // a connection did, since the last one was made
    std::optional<Time> quarantined_until_;
    std::optional<BlockNumber> head_;
    std::optional<BlockNumber> best_;
    Time head_at_{};
    std::array<Hash32, 32> heads_{};  // the latest, a ring
    std::size_t next_head_ = 0;
    std::chrono::microseconds latency_{};
    std::string trouble_;  // what went wrong last
    std::string lie_;
    std::string wait_text_;
};

}  // namespace plimsoll::rpc
