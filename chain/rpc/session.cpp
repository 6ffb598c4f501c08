// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/session.hpp"

#include "chain/rpc/endpoint_health.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace plimsoll::rpc {
namespace {

RequestError transport_error(const Error& error) {
    RequestError out;
    out.code = error.code;
    out.meaning = ErrorClass::transport;
    out.text = error.context;
    return out;
}

/// What a submitter asks beside its transactions may wait like anything else.
Use use_of(Method method, Use connection) {
    if (is_submission(method)) return Use::submit;
    return connection == Use::submit ? Use::feed : connection;
}

/// Waits for one answer. Its timer is both the deadline and the alarm clock.
class PendingReply final : public Waiter {
  public:
    PendingReply(RequestTable& table, RequestId id, const async::asio::any_io_executor& executor,
                 std::chrono::milliseconds limit)
        : table_{table}, id_{id}, timer_{executor, limit} {}
    PendingReply(const PendingReply&) = delete;
    PendingReply& operator=(const PendingReply&) = delete;
    ~PendingReply() override { table_.abandon(id_); }  // does nothing once answered

    void answered(Answer&& answer, ReceiveTime received) override {
        answer_ = std::move(answer);
        received_ = received;
        timer_.cancel();
    }
    async::asio::steady_timer& timer() noexcept { return timer_; }
    std::optional<Answer>& answer() noexcept { return answer_; }
    [[nodiscard]] ReceiveTime received() const noexcept { return received_; }

  private:
    RequestTable& table_;
    RequestId id_;
    async::asio::steady_timer timer_;
    std::optional<Answer> answer_;
    ReceiveTime received_;
};

/// What the HTTP status of an error adds to the error.
void refine(RequestError& error, const Arrived& arrived) {
    const RequestError by_status = status_error(arrived.status, "");
    const bool limit =
        by_status.meaning == ErrorClass::rate_limited || by_status.meaning == ErrorClass::quota_ended;
    const bool vague =
        error.meaning == ErrorClass::unknown || (limit && error.meaning == ErrorClass::invalid_request);
    if (vague) {
        error.meaning = by_status.meaning;
        error.code = by_status.code;
    }
    if (!error.retry_after) error.retry_after = arrived.retry_after;
}

}  // namespace

Endpoint::Session::Session(async::asio::any_io_executor executor_in, EndpointParams params_in)
    : executor{std::move(executor_in)},
      params{std::move(params_in)},
      name{to_string(params.url)},
      requests{params.max_in_flight},
      state{params.reconnect},
      changed{executor},
      failure{Error{Errc::disconnected, name + ": not connected"}},
      random{std::random_device{}()},
      reader_{params.max_message},
      redactor_{params.url, params.headers} {}

Endpoint::Session::~Session() {
    withdraw();
    if (transport_) transport_->close();
}

async::Task<Result<void>> Endpoint::Session::dial() {
    withdraw();
    if (transport_) transport_->close();
    requests.fail_all(transport_error(Error{Errc::disconnected, name + ": dialled again"}));
    open = false;
    withdrawn_ = false;
    failure.reset();
    subscriptions.clear();
    TransportParams how{params.url,
                        params.headers,
                        params.tls,
                        params.connect_timeout,
                        params.request_timeout,
                        params.idle_timeout,
                        params.max_message,
                        params.sign_body};
    transport_ = make_transport(executor, std::move(how));
    transport_->open(*this);
    const auto deadline = std::chrono::steady_clock::now() + params.connect_timeout;
    while (!open && !failure) {
        if (std::chrono::steady_clock::now() >= deadline)
            close(Error{Errc::timed_out, "connect to " + name + ": timed out"});
        if (!failure) co_await changed.wait_until(deadline);
    }
    if (failure) co_return tl::make_unexpected(*failure);
    ++counters.connects;
    co_return Result<void>{};
}

void Endpoint::Session::close(Error why) {
    if (transport_) transport_->close();
    on_closed(std::move(why));
}

Result<void> Endpoint::Session::may_ask(Method method) const {
    // Before the chain is verified, nothing but that is asked.
    if (!open || (!usable && method != Method::chain_id))
        return tl::make_unexpected(failure.value_or(Error{Errc::disconnected, name + ": not connected"}));
    if (params.read_only && is_submission(method))
        return fail(Errc::refused, name + ": read only, nothing is sent there");
    return {};
}

async::Task<Answer> Endpoint::Session::exchange(RequestId id, Method method, std::string frame,
                                                ReceiveTime* received) {
    Result<void> allowed = may_ask(method);
    bool waited = false;
    if (allowed && usable && params.health != nullptr) {
        const Result<bool> turn = co_await wait_for_turn(use_of(method, params.use));
        if (!turn) {
            RequestError held = transport_error(turn.error());
            held.meaning = ErrorClass::rate_limited;  // by ourselves: nothing was sent
            co_return tl::make_unexpected(std::move(held));
        }
        waited = *turn;
        if (waited) allowed = may_ask(method);
    }
    if (!allowed) co_return tl::make_unexpected(transport_error(allowed.error()));
    if (method == Method::call && !call_overrides.empty()) {
        constexpr std::size_t kEnd = 2;  // "]}"
        frame.insert(frame.size() - kEnd, "," + call_overrides);
    }
    PendingReply pending{requests, id, executor, params.request_timeout};
    if (auto room = requests.open(id, method, pending); !room) {
        RequestError full = transport_error(room.error());
        full.meaning = ErrorClass::rate_limited;  // by ourselves: nothing was sent
        co_return tl::make_unexpected(std::move(full));
    }
    ++counters.requests[static_cast<std::size_t>(method)];
    const Clock::time_point sent = Clock::now();
    if (params.health != nullptr) params.health->asked(method, waited, sent);
    transport_->send(std::move(frame), id);
    if (!pending.answer()) {
        auto [error] = co_await pending.timer().async_wait(async::use_tuple);
        // Neither an answer nor the deadline: this task was cancelled.
        if (!pending.answer() && error) throw boost::system::system_error{error};
    }
    if (received != nullptr) *received = pending.received();
    Answer answer;
    if (pending.answer()) {
        answer = std::move(*pending.answer());
    } else {
        ++counters.timeouts;
        const std::string text = "no answer within " + std::to_string(params.request_timeout.count()) + " ms";
        answer = tl::make_unexpected(transport_error(Error{Errc::timed_out, text}));
    }
    report(method, answer, sent);
    co_return answer;
}

std::chrono::nanoseconds Endpoint::Session::told_to_wait() const {
    if (params.health == nullptr) return {};
    const Clock::time_point now = Clock::now();
    const auto wait = params.health->allowed_at(params.use, now) - now;
    return std::min<std::chrono::nanoseconds>(wait, params.reconnect.cap);
}

bool Endpoint::Session::soon_allowed() const {
    if (params.health == nullptr) return true;
    const Clock::time_point now = Clock::now();
    return params.health->allowed_at(use_of(Method::call, params.use), now) <= now + params.request_timeout;
}

/// True if it was held back for a while.
async::Task<Result<bool>> Endpoint::Session::wait_for_turn(Use use) {
    const Clock::time_point begun = Clock::now();
    const Clock::time_point limit = begun + params.request_timeout;
    bool waited = false;
    for (;;) {
        const Clock::time_point now = Clock::now();
        const Clock::time_point at = params.health->allowed_at(use, now);
        if (at <= now) co_return waited;
        if (at > limit) {
            co_return fail(Errc::rpc_rejected,
                           "not asked: " + name + " is to be left alone for longer than a request may wait");
        }
        waited = true;
        co_await changed.wait_until(at);
        if (!open) co_return waited;  // the caller finds that out
    }
}

void Endpoint::Session::report(Method method, const Answer& answer, Clock::time_point sent) {
    if (params.health == nullptr) return;
    // What was in flight when a connection broke is one loss, told by on_closed.
    if (!answer && !open && answer.error().meaning == ErrorClass::transport) return;
    const Clock::time_point now = Clock::now();
    AnswerSeen seen;
    seen.use = use_of(method, params.use);
    seen.latency = std::chrono::ceil<std::chrono::milliseconds>(now - sent);
    if (!answer) {
        seen.hint = answer.error().retry_after;
        seen.meaning = answer.error().meaning;
        seen.malformed = answer.error().code == Errc::malformed_reply;
        seen.text = answer.error().text;
    }
    params.health->answered(seen, random(), now);
}

async::Task<Result<std::uint32_t>> Endpoint::Session::subscribe(RequestId id, std::string frame,
                                                                SubscriptionKind kind) {
    if (!can_subscribe(params.url.scheme)) {
        co_return fail(Errc::refused, name + ": " + std::string{to_string(params.url.scheme)} +
                                          " cannot deliver subscriptions; give this endpoint a ws, wss or "
                                          "ipc address");
    }
    subscriptions.expect();
    Answer answer = co_await exchange(id, Method::subscribe, std::move(frame));
    const std::string* const text = answer ? std::get_if<std::string>(&*answer) : nullptr;
    const bool plain = text != nullptr && !text->empty() && text->find_first_of("\"\\?") == std::string::npos;
    if (!plain) {
        subscriptions.give_up();
        if (answer)
            co_return fail(Errc::malformed_reply, "eth_subscribe at " + name + ": no subscription id");
        co_return fail(answer.error().code, "eth_subscribe at " + name + ": " + answer.error().text);
    }
    const std::string node_id = *text;
    const std::uint32_t number = subscriptions.confirm(node_id, kind);
    for (HeldFrame& held : subscriptions.take_held(node_id)) {
        Arrived again;
        const std::size_t size = held.text.size();
        held.text.resize(size + kFramePadding, ' ');
        again.frame = {held.text.data(), size};
        again.received = held.received;
        on_frame(again);
    }
    co_return number;
}

void Endpoint::Session::verified() {
    usable = true;
    if (params.health != nullptr) params.health->opened(Clock::now());
    changed.notify_all();
}

void Endpoint::Session::withdraw() {
    if (usable && params.health != nullptr) params.health->closed(Clock::now());
    usable = false;
    withdrawn_ = true;
}

void Endpoint::Session::on_opened() {
    open = true;
    changed.notify_all();
}

SubscriptionKind Endpoint::Session::kind_of(std::string_view subscription) const {
    const auto* const entry = subscriptions.find(subscription);
    return entry == nullptr ? SubscriptionKind::unknown : entry->kind;
}

void Endpoint::Session::on_frame(const Arrived& arrived) {
    if (auto* const known = reader_.read_known(arrived.frame, *this)) {
        on_told(std::move(*known), arrived);
        if (rehearsing_) remember(arrived.frame);
        return;
    }
    Result<Message> message = reader_.read(arrived.frame, *this);
    if (!message) {
        ++counters.malformed_messages;
        if (arrived.asked == 0) return;
        const std::string what = std::to_string(arrived.frame.size()) + " bytes that are no JSON-RPC reply";
        RequestError wrong = status_error(arrived.status, what);
        wrong.retry_after = arrived.retry_after;
        requests.resolve(arrived.asked, tl::make_unexpected(std::move(wrong)), arrived.received);
        return;
    }
    if (auto* const reply = std::get_if<Reply>(&*message)) {
        on_reply(std::move(*reply), arrived);
    } else {
        on_told(std::move(std::get<SubscriptionMessage>(*message)), arrived);
    }
}

void Endpoint::Session::on_reply(Reply&& reply, const Arrived& arrived) {
    if (reply.id >= kFirstPrepared) return count_fired(reply);
    // An error without an id answers the request whose exchange it came in; over a WebSocket nobody can say.
    if (reply.id == 0) reply.id = arrived.asked;
    if (auto* const simulated = reply.answer ? std::get_if<BundleSimulation>(&*reply.answer) : nullptr)
        simulated->text = redactor_.clean(std::move(simulated->text));
    if (!reply.answer) reply.answer.error().text = redactor_.clean(std::move(reply.answer.error().text));
    if (!reply.answer && arrived.status >= 400) refine(reply.answer.error(), arrived);
    switch (requests.resolve(reply.id, std::move(reply.answer), arrived.received)) {
        case Arrival::matched:
            break;
        case Arrival::late:
            ++counters.late_replies;
            break;
        case Arrival::duplicate:
            ++counters.duplicate_replies;
            break;
        case Arrival::foreign:
            ++counters.foreign_replies;
            break;
    }
    if (arrived.asked == 0 || reply.id == arrived.asked) return;
    requests.resolve(arrived.asked,
                     tl::make_unexpected(status_error(arrived.status, "a reply to another request")),
                     arrived.received);
}

void Endpoint::Session::on_told(SubscriptionMessage&& message, const Arrived& arrived) {
    const auto* const entry = subscriptions.find(message.subscription);
    if (entry != nullptr) return deliver(entry->number, std::move(message), arrived.received);
    if (!subscriptions.hold(message.subscription, arrived.frame, arrived.received))
        ++counters.foreign_notifications;
}

void Endpoint::Session::deliver(std::uint32_t number, SubscriptionMessage&& message, ReceiveTime received) {
    if (std::holds_alternative<Hash32>(message.body)) {
        ++counters.pending_hashes;
        return;
    }
    if (!handler) return;
    Notification out;
    out.kind = message.kind;
    out.subscription = number;
    out.received = received;
    if (auto* const header = std::get_if<Header>(&message.body)) out.body = *header;
    if (auto* const log = std::get_if<Log>(&message.body)) out.body = std::move(*log);
    if (auto* const pending = std::get_if<PendingTransaction>(&message.body)) out.body = std::move(*pending);
    handler(std::move(out));
}

void Endpoint::Session::on_failed(RequestId request, RequestError&& error) {
    error.text = redactor_.clean(std::move(error.text));
    requests.resolve(request, tl::make_unexpected(std::move(error)), ReceiveTime{});
}

void Endpoint::Session::on_turned_away(RequestError&& why) {
    const bool limit = why.meaning == ErrorClass::rate_limited || why.meaning == ErrorClass::quota_ended;
    if (params.health == nullptr || withdrawn_ || !limit) return;
    const std::string text = redactor_.clean(std::move(why.text));
    AnswerSeen seen;
    seen.meaning = why.meaning;
    seen.use = params.use;
    seen.hint = why.retry_after;
    seen.text = text;
    params.health->answered(seen, random(), Clock::now());
}

void Endpoint::Session::on_closed(Error&& error) {
    if (failure) return;
    if (open) ++counters.disconnects;
    open = false;
    const bool was_usable = std::exchange(usable, false);
    // Let go of it at once: the timers inside would keep the event loop running. Its own handlers hold it
    // till they end.
    transport_.reset();
    error.context = redactor_.clean(std::move(error.context));
    if (params.health != nullptr && !withdrawn_) {
        if (was_usable) params.health->lost(error, Clock::now());
        if (!was_usable) params.health->failed(error, Clock::now());
    }
    requests.fail_all(transport_error(error));
    failure = std::move(error);
    changed.notify_all();
}

}  // namespace plimsoll::rpc
