// SPDX-License-Identifier: Apache-2.0
// What leaves without anybody waiting for it.
#include "chain/rpc/endpoint.hpp"
#include "chain/rpc/requests.hpp"
#include "chain/rpc/session.hpp"

#include <utility>

namespace plimsoll::rpc {

PreparedSend prepare_send(std::uint64_t number, BytesView transaction) {
    const RequestId id = kFirstPrepared + number;
    return PreparedSend{id, requests::send_raw_transaction(id, transaction)};
}

bool Endpoint::fire(PreparedSend&& prepared) {
    return session_->fire(std::move(prepared));
}

void Endpoint::rehearse() {
    session_->rehearse();
}

bool Endpoint::Session::fire(PreparedSend&& prepared) {
    if (!usable || params.read_only) return false;
    transport_->send(std::move(prepared.frame), prepared.id);
    ++counters.requests[static_cast<std::size_t>(Method::send_raw_transaction)];
    return true;
}

/// Nobody waits for it.
void Endpoint::Session::count_fired(const Reply& reply) {
    const bool taken = reply.answer.has_value() || reply.answer.error().meaning == ErrorClass::already_known;
    ++(taken ? counters.fired_taken : counters.fired_refused);
}

void Endpoint::Session::rehearse() {
    rehearsing_ = true;
    if (rehearsal_.empty()) return;
    const std::string_view frame{rehearsal_.data(), rehearsal_.size() - kFramePadding};
    static_cast<void>(reader_.read_known(frame, *this));
}

void Endpoint::Session::remember(std::string_view frame) {
    rehearsal_.assign(frame);
    rehearsal_.append(kFramePadding, ' ');
}

}  // namespace plimsoll::rpc
