// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/json_framer.hpp"

namespace plimsoll::rpc {
namespace {

bool is_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

void JsonFramer::step(char c) noexcept {
    if (in_string_) {
        if (escaped_) {
            escaped_ = false;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            in_string_ = false;
        }
        return;
    }
    if (c == '"') in_string_ = true;
    if (c == '{' || c == '[') ++depth_;
    if (c == '}' || c == ']') --depth_;  // which of the two is for the parser to judge
}

Result<std::optional<JsonFramer::Frame>> JsonFramer::next(std::string_view data) {
    while (seen_ < data.size()) {
        const char c = data[seen_];
        if (depth_ == 0) {
            begin_ = seen_;
            if (!is_space(c) && c != '{' && c != '[')
                return fail(Errc::malformed_reply, "bytes between two JSON messages");
        }
        step(c);
        ++seen_;
        if (depth_ > kMaxDepth) return fail(Errc::limit_exceeded, "a message nested too deep");
        const std::size_t size = depth_ == 0 ? seen_ : seen_ - begin_;  // a flood of white space is one too
        if (size > max_message_) return fail(Errc::limit_exceeded, "a message that is too large");
        if (depth_ != 0 || is_space(c)) continue;
        const Frame frame{begin_, seen_};
        begin_ = 0;
        seen_ = 0;
        return std::optional<Frame>{frame};
    }
    return std::optional<Frame>{};
}

}  // namespace plimsoll::rpc
