// SPDX-License-Identifier: Apache-2.0
#include "bot/control/control_server.hpp"

#include "bot/control/control_client.hpp"
#include "bot/control/control_path.hpp"
#include "chain/async/all_of.hpp"
#include "chain/async/task_group.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace plimsoll::bot {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;

constexpr std::size_t kMaxRequest = 4096;
constexpr std::chrono::seconds kPatience{5};  // with one who has connected and says nothing

constexpr const char* kNotUnderstood = R"({"ok":false,"text":"one JSON object a line with \"order\""})";

/// Whoever has the other end is this user, or root.
bool is_ours(stream_protocol::socket& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == ::geteuid() || peer.uid == 0;
}

std::optional<ControlRequest> parse_order(std::string_view line) {
    boost::system::error_code bad;
    const boost::json::value message = boost::json::parse({line.data(), line.size()}, bad);
    const boost::json::object* const object = bad ? nullptr : message.if_object();
    if (object == nullptr) return std::nullopt;
    const boost::json::value* const order = object->if_contains("order");
    if (order == nullptr || !order->is_string()) return std::nullopt;
    ControlRequest out{std::string{order->get_string()}, std::nullopt};
    const boost::json::value* const intent = object->if_contains("intent");
    if (intent == nullptr) return out;
    boost::system::error_code unfit;
    out.intent = intent->to_number<std::uint64_t>(unfit);
    if (unfit) return std::nullopt;
    return out;
}

}  // namespace

struct ControlServer::Inside {
    Inside(const asio::any_io_executor& executor, Handler answer)
        : acceptor{executor}, sessions{executor}, handler{std::move(answer)} {}

    async::Task<void> accept();
    async::Task<void> serve(stream_protocol::socket connected);

    stream_protocol::acceptor acceptor;
    async::TaskGroup sessions;
    Handler handler;
    std::optional<ControlPath> path;
    bool listening = false;
};

ControlServer::ControlServer(asio::any_io_executor executor, Handler handler)
    : inside_{std::make_unique<Inside>(executor, std::move(handler))} {}

ControlServer::~ControlServer() {
    if (inside_->listening) ::unlink(inside_->path->text().c_str());
}

Result<void> ControlServer::listen(const std::filesystem::path& folder) {
    PLIMSOLL_TRY(ControlPath path, ControlPath::open(folder));
    const Result<std::string> other = ask_keeper(folder, R"({"order":"status"})", std::chrono::seconds{1});
    if (other || other.error().code != Errc::not_found)
        return fail(Errc::refused, "another keeper takes orders in " + folder.string());
    inside_->path.emplace(std::move(path));
    const std::string& place = inside_->path->text();
    ::unlink(place.c_str());
    boost::system::error_code failed;
    inside_->acceptor.open(stream_protocol{}, failed);
    // The socket must never be there with a mode that lets others in.
    const mode_t before = ::umask(0177);
    if (!failed) inside_->acceptor.bind(stream_protocol::endpoint{place}, failed);
    ::umask(before);
    if (!failed) inside_->acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed)
        return fail(Errc::storage_failed,
                    (folder / kControlName).string() + " cannot be made: " + failed.message());
    inside_->listening = true;
    return {};
}

async::Task<void> ControlServer::run() {
    co_await async::all_of(inside_->accept(), inside_->sessions.run());
}

async::Task<void> ControlServer::Inside::accept() {
    constexpr std::size_t kMostSessions = 16;
    constexpr std::chrono::milliseconds kPause{100};
    for (;;) {
        stream_protocol::socket socket{acceptor.get_executor()};
        const auto [failed] = co_await acceptor.async_accept(socket, async::use_tuple);
        if (failed) {
            asio::steady_timer pause{acceptor.get_executor(), kPause};
            co_await pause.async_wait(async::use_task);
            continue;
        }
        if (sessions.active() < kMostSessions && is_ours(socket)) sessions.spawn(serve(std::move(socket)));
    }
}

async::Task<void> ControlServer::Inside::serve(stream_protocol::socket connected) {
    // Shared, because the timer may have fired already when this ends.
    const auto socket = std::make_shared<stream_protocol::socket>(std::move(connected));
    asio::steady_timer limit{acceptor.get_executor(), kPatience};
    limit.async_wait([socket](const boost::system::error_code& stopped) {
        boost::system::error_code ignored;
        if (!stopped) socket->cancel(ignored);
    });
    std::string line;
    std::array<char, 512> piece{};
    while (line.find('\n') == std::string::npos && line.size() < kMaxRequest) {
        const auto [failed, got] = co_await socket->async_read_some(asio::buffer(piece), async::use_tuple);
        if (failed) co_return;
        line.append(piece.data(), got);
    }
    const std::optional<ControlRequest> request =
        parse_order(std::string_view{line}.substr(0, line.find('\n')));
    std::string answer{kNotUnderstood};
    if (request) answer = handler(*request);
    answer += '\n';
    co_await asio::async_write(*socket, asio::buffer(answer), async::use_tuple);
}

}  // namespace plimsoll::bot
