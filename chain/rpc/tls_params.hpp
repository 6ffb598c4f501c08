// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plimsoll::rpc {

struct TlsParams {
    /// PEM file of the authorities that are believed; empty: those of the system. There is no way to believe
    /// anybody: a peer that cannot prove its name is refused.
    std::string ca_file;
    /// PEM files of the certificate chain we show and of its key; empty: we show none.
    std::string client_cert;
    std::string client_key;
    /// TLS 1.3 at least, instead of 1.2.
    bool only_tls13 = false;
};

}  // namespace plimsoll::rpc
