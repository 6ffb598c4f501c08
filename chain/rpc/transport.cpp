// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/transport.hpp"

#include "chain/rpc/retry_hint.hpp"

#include <utility>

namespace plimsoll::rpc {

std::shared_ptr<Transport> make_transport(boost::asio::any_io_executor executor, TransportParams params) {
    switch (params.url.scheme) {
        case Scheme::ws:
        case Scheme::wss:
            return make_ws_transport(std::move(executor), std::move(params));
        case Scheme::http:
        case Scheme::https:
            return make_http_transport(std::move(executor), std::move(params));
        case Scheme::ipc:
            break;
    }
    return make_ipc_transport(std::move(executor), std::move(params));
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string out{text.substr(0, limit)};
    for (char& c : out) {
        if (c < ' ' || c > '~') c = '?';
    }
    return out;
}

RequestError status_error(unsigned status, std::string_view what) {
    RequestError error;
    error.rpc_code = status;
    error.text = "HTTP " + std::to_string(status) + ", " + std::string{what};
    if (status == 429) {
        error.meaning = ErrorClass::rate_limited;
    } else if (status == 402) {
        error.meaning = ErrorClass::quota_ended;
    } else if (status == 413) {
        error.meaning = ErrorClass::limit_exceeded;
    } else if (status == 408 || status >= 500) {
        error.meaning = ErrorClass::transport;  // a proxy speaks: the node behind it may have acted
    }
    // A refusal says in its body what it is about: a quota that ended, for one.
    if (error.meaning == ErrorClass::unknown && status >= 400) error.meaning = classify(0, what);
    if (error.meaning == ErrorClass::unknown && status == 401) error.meaning = ErrorClass::unauthorized;
    error.code = status == 200 ? Errc::malformed_reply : to_errc(error.meaning);
    return error;
}

RequestError close_error(unsigned code, std::string_view reason) {
    constexpr unsigned kPolicyViolation = 1008;
    constexpr unsigned kTooBig = 1009;
    constexpr unsigned kTryAgainLater = 1013;
    RequestError error;
    error.rpc_code = code;
    error.text = "closed with " + std::to_string(code) + ' ' + printable(reason, 200);
    error.meaning = classify(0, reason);
    if (error.meaning == ErrorClass::unknown) {
        error.meaning = ErrorClass::transport;
        if (code == kTooBig) error.meaning = ErrorClass::limit_exceeded;
        if (code == kPolicyViolation || code == kTryAgainLater) error.meaning = ErrorClass::rate_limited;
    }
    error.code = to_errc(error.meaning);
    error.retry_after = retry_hint::in_message(reason);
    return error;
}

}  // namespace plimsoll::rpc
