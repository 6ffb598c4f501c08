// SPDX-License-Identifier: Apache-2.0
#include "bot/control/control_client.hpp"

#include "bot/control/control_path.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace plimsoll::bot {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxAnswer = std::size_t{1} << 20U;

class Socket {
  public:
    Socket() : number_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const noexcept { return number_; }

  private:
    int number_;
};

tl::unexpected<Error> system_error(Errc code, const char* what) {
    return fail(code, std::string{what} + ": " + std::strerror(errno));
}

/// Until it is ready for that, or the deadline passes.
bool wait_for(int descriptor, short what, Clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd one{descriptor, what, 0};
        const int ready = ::poll(&one, 1, std::max(0, static_cast<int>(left.count())));
        if (ready < 0 && errno == EINTR) continue;
        return ready > 0;
    }
}

Result<void> connect_to(int descriptor, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return fail(Errc::not_found, "the socket's path is too long");
    std::copy(path.begin(), path.end(), address.sun_path);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return {};
    if (errno == ENOENT || errno == ECONNREFUSED)
        return fail(Errc::not_found, "no keeper is running on this data folder");
    return system_error(Errc::disconnected, "the keeper's socket");
}

Result<void> send_all(int descriptor, std::string_view text, Clock::time_point deadline) {
    while (!text.empty()) {
        const ssize_t sent = ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            text.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno != EAGAIN && errno != EINTR) {
            return system_error(Errc::disconnected, "to the keeper");
        } else if (!wait_for(descriptor, POLLOUT, deadline)) {
            return fail(Errc::timed_out, "the keeper takes no request");
        }
    }
    return {};
}

Result<std::string> read_line(int descriptor, Clock::time_point deadline) {
    std::string out;
    std::array<char, 4096> piece{};
    while (out.size() < kMaxAnswer) {
        const ssize_t got = ::recv(descriptor, piece.data(), piece.size(), 0);
        if (got > 0) {
            out.append(piece.data(), static_cast<std::size_t>(got));
            const std::size_t end = out.find('\n');
            if (end != std::string::npos) return out.substr(0, end);
        } else if (got == 0) {
            return fail(Errc::disconnected, "the keeper hung up");
        } else if (errno != EAGAIN && errno != EINTR) {
            return system_error(Errc::disconnected, "from the keeper");
        } else if (!wait_for(descriptor, POLLIN, deadline)) {
            return fail(Errc::timed_out, "the keeper does not answer");
        }
    }
    return fail(Errc::malformed_reply, "the keeper's answer is too long");
}

}  // namespace

Result<std::string> ask_keeper(const std::filesystem::path& folder, std::string_view request,
                               std::chrono::milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    PLIMSOLL_TRY(const ControlPath path, ControlPath::open(folder));
    const Socket socket;
    if (socket.number() < 0) return system_error(Errc::disconnected, "no socket");
    PLIMSOLL_CHECK(connect_to(socket.number(), path.text()));
    PLIMSOLL_CHECK(send_all(socket.number(), std::string{request} + "\n", deadline));
    return read_line(socket.number(), deadline);
}

}  // namespace plimsoll::bot
