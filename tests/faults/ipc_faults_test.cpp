// SPDX-License-Identifier: Apache-2.0
// A node behind a Unix socket that cuts, joins and spoils its messages.
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "chain/rpc/endpoint.hpp"
#include "tests/unit/chain/async/run_task.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace plimsoll::faults {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using async::Task;
using std::chrono::milliseconds;

/// A socket in a folder of its own.
class SocketPath {
  public:
    SocketPath() {
        std::string pattern = (std::filesystem::temp_directory_path() / "plimsoll-ipc-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        folder_ = pattern;
    }
    SocketPath(const SocketPath&) = delete;
    SocketPath& operator=(const SocketPath&) = delete;
    ~SocketPath() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    [[nodiscard]] std::string path() const { return (folder_ / "node.ipc").string(); }

  private:
    std::filesystem::path folder_;
};

/// Answers the first line that comes with these pieces, a pause between them, and then waits.
Task<void> serve(stream_protocol::acceptor& acceptor, std::vector<std::string> pieces) {
    stream_protocol::socket socket = co_await acceptor.async_accept(async::use_task);
    std::string line;
    co_await asio::async_read_until(socket, asio::dynamic_buffer(line), '\n', async::use_task);
    for (const std::string& piece : pieces) {
        static_cast<void>(co_await asio::async_write(socket, asio::buffer(piece), async::use_tuple));
        co_await async::sleep_for(milliseconds{2});
    }
    co_await async::sleep_for(std::chrono::minutes{1});
}

rpc::EndpointParams ipc_params(const std::string& path) {
    rpc::EndpointParams out;
    out.url = rpc::ipc_url(path).value();
    out.request_timeout = milliseconds{300};
    out.max_message = 10'000;
    return out;
}

/// What the first request comes to when the node answers it with these pieces.
template <class Body>
void answered_with(const std::vector<std::string>& pieces, const Body& body) {
    async::asio::io_context io;
    const SocketPath socket;
    stream_protocol::acceptor acceptor{io, stream_protocol::endpoint{socket.path()}};
    rpc::Endpoint endpoint{io.get_executor(), ipc_params(socket.path())};
    const auto guarded = [&]() -> Task<void> {
        const Result<void> connected = co_await endpoint.connect();
        EXPECT_TRUE(connected.has_value());
        co_await body(endpoint);
        endpoint.close();
    };
    async::run_task(io, async::all_of(serve(acceptor, pieces), guarded()));
}

constexpr const char* kAnswer = R"({"jsonrpc":"2.0","id":1,"result":"0x7a69"})";

TEST(IpcFaults, ReadsAnswersHoweverTheyAreCut) {
    const std::string text = kAnswer;
    const std::string foreign = R"({"id":77,"result":"}{\"]"})";
    std::vector<std::vector<std::string>> ways{
        {text + "\n"}, {text}, {foreign + text}, {foreign + "\n" + text + "\n"}, {"\r\n\n " + text}};
    for (std::size_t cut = 1; cut < text.size(); cut += 5)
        ways.push_back({text.substr(0, cut), text.substr(cut)});
    for (const auto& pieces : ways) {
        answered_with(pieces, [](rpc::Endpoint& endpoint) -> Task<void> {
            const auto id = co_await endpoint.chain_id();
            EXPECT_TRUE(id.has_value() && *id == ChainId{31337}) << id.error().context;
            EXPECT_TRUE(endpoint.connected());
        });
    }
}

TEST(IpcFaults, EndsAConnectionThatCannotBeFollowed) {
    for (const std::string& bytes : {std::string{"HTTP/1.1 200 OK\r\n"}, std::string{"\"text\""},
                                     std::string{"}"}, R"({"id":1,"result":")" + std::string(20'000, 'x'),
                                     std::string(100, '['), std::string(20'000, ' ')}) {
        answered_with({bytes}, [](rpc::Endpoint& endpoint) -> Task<void> {
            const auto id = co_await endpoint.chain_id();
            EXPECT_FALSE(id.has_value());
            EXPECT_FALSE(endpoint.connected());
            const Error why = co_await endpoint.closed();
            EXPECT_TRUE(why.code == Errc::malformed_reply || why.code == Errc::limit_exceeded) << why.context;
        });
    }
}

TEST(IpcFaults, SaysWhyASocketCannotBeOpened) {
    async::asio::io_context io;
    const SocketPath socket;
    rpc::Endpoint endpoint{io.get_executor(), ipc_params(socket.path())};
    const auto body = [&]() -> Task<void> {
        const Result<void> absent = co_await endpoint.connect();
        EXPECT_EQ(absent.error().code, Errc::disconnected);
        EXPECT_EQ(absent.error().context, "connect to ipc:" + socket.path() + ": No such file or directory");
    };
    async::run_task(io, body());
    EXPECT_FALSE(rpc::ipc_url("relative/node.ipc"));
    EXPECT_FALSE(rpc::ipc_url("/" + std::string(107, 'a')));
}

}  // namespace
}  // namespace plimsoll::faults
