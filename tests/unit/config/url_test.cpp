// SPDX-License-Identifier: Apache-2.0
#include "config/url.hpp"

#include <gtest/gtest.h>

namespace plimsoll::config {
namespace {

Url parsed(const char* text) {
    const auto url = parse_url(text);
    EXPECT_TRUE(url) << text;
    return url.value_or(Url{});
}

TEST(Url, TakesAnAddressApart) {
    EXPECT_EQ(parsed("wss://me:pw@node.example:9000/v3/KEY?a=b"),
              (Url{Scheme::wss, "me:pw", "node.example", 9000, "/v3/KEY?a=b"}));
    EXPECT_EQ(parsed("https://node.example"), (Url{Scheme::https, "", "node.example", 443, "/"}));
    EXPECT_EQ(parsed("ws://127.0.0.1?key=x"), (Url{Scheme::ws, "", "127.0.0.1", 80, "/?key=x"}));
    EXPECT_EQ(parsed("http://[::1]:8545/"), (Url{Scheme::http, "", "::1", 8545, "/"}));
    EXPECT_EQ(parsed("http://a@b@host").user_info, "a@b");
}

TEST(Url, ShowsNeitherUserNorPathNorQuery) {
    EXPECT_EQ(to_string(parsed("wss://me:pw@node.example:9000/v3/KEY?a=b")), "wss://node.example:9000/…");
    EXPECT_EQ(to_string(parsed("wss://me:pw@node.example")), "wss://node.example:443/…");
    EXPECT_EQ(to_string(parsed("ws://127.0.0.1:8545")), "ws://127.0.0.1:8545");
    EXPECT_EQ(to_string(parsed("http://[::1]:8545/")), "http://[::1]:8545");
}

TEST(Url, RefusesWhatIsNotAnEndpointWithoutRepeatingIt) {
    for (const char* bad :
         {"", "localhost:8545", "ftp://host-SECRET", "http://", "http://:80", "http://host-SECRET:0",
          "http://h:65536", "http://h:8 0", "http://h:80x", "http://[::1", "http://[zz]", "http://h/#SECRET",
          "http://ho st", "http://h\n", "WS://host", "http://ümlaut"}) {
        const auto url = parse_url(bad);
        ASSERT_FALSE(url) << bad;
        EXPECT_EQ(url.error().context.find("SECRET"), std::string::npos);
    }
}

TEST(Url, KnowsWhatStaysOnThisMachine) {
    for (const char* near : {"ws://127.0.0.1:1", "ws://127.9.8.7", "ws://localhost", "http://[::1]:5"})
        EXPECT_TRUE(is_loopback(parsed(near))) << near;
    for (const char* far :
         {"ws://127.0.0.1.example", "ws://10.0.0.1", "ws://128.0.0.1", "ws://localhost.example", "ws://127.1",
          "ws://127.0.0.256", "http://[::2]", "http://0.0.0.0"}) {
        EXPECT_FALSE(is_loopback(parsed(far))) << far;
    }
}

}  // namespace
}  // namespace plimsoll::config
