// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <string>

namespace plimsoll::rpc {

/// Why the certificate under verification is not believed, for a person: expired, not yet valid, for another
/// host, self-signed, from an unknown authority, or OpenSSL's own words.
[[nodiscard]] std::string certificate_problem(X509_STORE_CTX* verification, const std::string& host);

}  // namespace plimsoll::rpc
