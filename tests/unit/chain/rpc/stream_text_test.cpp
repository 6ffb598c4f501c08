// SPDX-License-Identifier: Apache-2.0
// The machines around a byte stream: where a JSON message ends, what a header may be, which text is a secret.
#include "chain/rpc/http_header.hpp"
#include "chain/rpc/json_framer.hpp"
#include "chain/rpc/redactor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace plimsoll::rpc {
namespace {

/// The messages that a stream cut into these pieces holds, as a transport would take them.
std::vector<std::string> frames_of(const std::vector<std::string>& pieces, std::size_t max_message = 1'000) {
    JsonFramer framer{max_message};
    std::string held;
    std::vector<std::string> out;
    for (const std::string& piece : pieces) {
        held += piece;
        for (;;) {
            const auto frame = framer.next(held);
            if (!frame) {
                out.push_back("error " + std::string{to_string(frame.error().code)});
                return out;
            }
            if (!*frame) break;
            out.push_back(held.substr((*frame)->begin, (*frame)->end - (*frame)->begin));
            held.erase(0, (*frame)->end);
        }
    }
    return out;
}

TEST(JsonFramer, FindsTheEndOfEachMessage) {
    const std::vector<std::string> messages{R"({"a":1})", R"({"s":"}]{[\"\\"})", "[]",
                                            R"([{"x":[1,2,{"y":"\\\""}]}])", R"({"u":"é\u007d"})"};
    std::string joined;
    for (const std::string& message : messages)
        joined += message;
    EXPECT_EQ(frames_of({joined}), messages);
    std::string lines = "\n \t";
    for (const std::string& message : messages)
        lines += message + "\r\n";
    EXPECT_EQ(frames_of({lines}), messages);
}

RC_GTEST_PROP(JsonFramer, CutsDoNotMatter, ()) {
    std::vector<std::string> messages;
    std::string stream;
    const auto texts = *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>());
    for (const std::string& text : texts) {
        std::string escaped;
        for (const char c : text) {
            if (c == '"' || c == '\\') escaped += '\\';
            escaped += c;
        }
        messages.push_back(R"({"k":[")" + escaped + R"(",{}]})");
        stream += messages.back() + (*rc::gen::arbitrary<bool>() ? "\n" : "");
    }
    std::vector<std::string> pieces;
    while (!stream.empty()) {
        const auto size = *rc::gen::inRange<std::size_t>(1, stream.size() + 1);
        pieces.push_back(stream.substr(0, size));
        stream.erase(0, size);
    }
    RC_ASSERT(frames_of(pieces, 100'000) == messages);
}

TEST(JsonFramer, BoundsSizeAndDepth) {
    const auto last = [](const std::string& text) { return frames_of({text}, 100).back(); };
    EXPECT_EQ(last('{' + std::string(98, ' ') + '}'), '{' + std::string(98, ' ') + '}');
    EXPECT_EQ(last('{' + std::string(99, ' ') + '}'), "error limit_exceeded");
    EXPECT_EQ(last("[\"" + std::string(200, 'x')), "error limit_exceeded");
    EXPECT_EQ(last(std::string(101, '\n')), "error limit_exceeded");
    EXPECT_EQ(last(std::string(JsonFramer::kMaxDepth + 1, '[')), "error limit_exceeded");
    const std::string deepest = std::string(40, '[') + std::string(40, ']');
    EXPECT_EQ(last(deepest), deepest);
}

TEST(JsonFramer, TakesNothingBetweenMessages) {
    for (const char* text : {"x", "}", "]", "\"text\"", "1", ",", "{}x", "{} , {}", "null"})
        EXPECT_EQ(frames_of({text}).back(), "error malformed_reply") << text;
}

TEST(HttpHeader, TakesTokensAndPrintableValues) {
    for (const char* name : {"Authorization", "x-api-key", "X_Key1", "a!b"})
        EXPECT_TRUE(check_header(name, "Bearer abc == {x}")) << name;
    for (const char* name : {"", "a b", "a:b", "a\r\nb", "x\x80", "Host", "CONTENT-LENGTH",
                             "Transfer-Encoding", "Sec-WebSocket-Key", "upgrade"})
        EXPECT_EQ(check_header(name, "secret").error().code, Errc::config_invalid) << name;
    for (const std::string& value :
         {std::string{}, std::string{"a\r\nEvil: 1"}, std::string{"a\nb"}, std::string(1, '\0'),
          std::string{" a"}, std::string{"a "}, std::string{"\xc3\xa9"}, std::string(8'193, 'a')}) {
        const auto checked = check_header("x-secret-header", value);
        EXPECT_EQ(checked.error().code, Errc::config_invalid);
        if (value.size() > 2) {
            EXPECT_EQ(checked.error().context.find(value), std::string::npos);
        }
    }
}

TEST(Redactor, TakesEverySecretOutWhereverItStands) {
    const Url url =
        parse_url("wss://alice:s3cret@node.example/v2/abcdefgh12345678?key=zyxwvuts&plain=1").value();
    const std::vector<HttpHeader> headers{{"Authorization", "Bearer token-0123456789"}, {"x-key", "abc"}};
    const Redactor redactor{url, headers};
    const std::string text =
        "at /v2/abcdefgh12345678?key=zyxwvuts&plain=1 and abcdefgh12345678, zyxwvuts: alice s3cret "
        "YWxpY2U6czNjcmV0 Bearer token-0123456789 (token-0123456789) abcabc v2";
    EXPECT_EQ(redactor.clean(text), "at *** and ***, ***: *** *** *** *** (***) ****** v2");
    EXPECT_EQ(redactor.clean("nothing of it"), "nothing of it");
    EXPECT_EQ(redactor.clean(""), "");
}

TEST(Redactor, LeavesAPlainEndpointAlone) {
    const Redactor plain{parse_url("http://127.0.0.1:8545").value(), {}};
    EXPECT_EQ(plain.clean("execution reverted: / and http://127.0.0.1:8545/"),
              "execution reverted: / and http://127.0.0.1:8545/");
    const Redactor ipc{ipc_url("/run/geth/geth.ipc").value(), {}};
    EXPECT_EQ(ipc.clean("connect to ipc:/run/geth/geth.ipc"), "connect to ipc:/run/geth/geth.ipc");
}

}  // namespace
}  // namespace plimsoll::rpc
