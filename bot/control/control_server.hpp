// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/async/task.hpp"
#include "chain/primitives/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace plimsoll::bot {

/// What somebody on this machine asks of the keeper.
struct ControlRequest {
    std::string order;                    // "status", "pause", "resume" or "cancel"
    std::optional<std::uint64_t> intent;  // to cancel
};

/// The Unix socket `control.sock` (mode 0600) in the data folder: a connection brings one request, a JSON
/// object on one line, and is answered by another. Whoever is not this user or root is not heard. Not for the
/// network.
class ControlServer {
  public:
    /// The answer, a JSON object on one line. Called on the executor's thread.
    using Handler = std::function<std::string(const ControlRequest&)>;

    ControlServer(async::asio::any_io_executor executor, Handler handler);
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    /// Takes the socket away.
    ~ControlServer();

    /// Takes the place of a socket that nobody serves. Errc::refused if another keeper does;
    /// Errc::storage_failed.
    [[nodiscard]] Result<void> listen(const std::filesystem::path& folder);
    /// Serves until cancelled.
    async::Task<void> run();

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace plimsoll::bot
