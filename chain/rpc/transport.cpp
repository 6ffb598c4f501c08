// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/transport.hpp"

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
    error.code = status == 200 ? Errc::malformed_reply : to_errc(error.meaning);
    return error;
}

}  // namespace plimsoll::rpc
