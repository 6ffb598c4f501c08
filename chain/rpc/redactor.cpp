// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/redactor.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace plimsoll::rpc {
namespace {

// "v2", "rpc" and "mainnet" are no secrets; nobody hands out keys this short.
constexpr std::size_t kShortestPathSecret = 8;
constexpr std::size_t kShortestSecret = 3;

/// The parts of `text` between any of `separators`, no shorter than `least`.
void add_parts(std::string_view text, const char* separators, std::size_t least,
               std::vector<std::string>& out) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        if (end >= least) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

Redactor::Redactor(const Url& url, std::span<const HttpHeader> headers) {
    if (url.scheme != Scheme::ipc) {
        if (url.target.size() >= kShortestPathSecret) secrets_.push_back(url.target);
        add_parts(url.target, "/?&=", kShortestPathSecret, secrets_);
        add_parts(url.authorization, " ", kShortestPathSecret, secrets_);
        add_parts(url.user_info, ":", kShortestSecret, secrets_);
    }
    for (const HttpHeader& header : headers) {
        secrets_.push_back(header.value);
        add_parts(header.value, " ,;=", kShortestPathSecret, secrets_);
    }
    std::sort(secrets_.begin(), secrets_.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::clean(std::string text) const {
    for (const std::string& secret : secrets_) {
        for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
            text.replace(at, secret.size(), "***");
    }
    return text;
}

}  // namespace plimsoll::rpc
