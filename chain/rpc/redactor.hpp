// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/rpc/http_header.hpp"
#include "chain/rpc/url.hpp"

#include <span>
#include <string>
#include <vector>

namespace plimsoll::rpc {

/// Takes an endpoint's secrets out of text that comes from outside: nodes and gateways like to repeat the key
/// or the URL they were asked with.
class Redactor {
  public:
    Redactor(const Url& url, std::span<const HttpHeader> headers);

    /// Header values, user info, and parts of path and query of at least 8 characters become "***".
    [[nodiscard]] std::string clean(std::string text) const;

  private:
    std::vector<std::string> secrets_;  // longest first, so that no rest of one stays
};

}  // namespace plimsoll::rpc
