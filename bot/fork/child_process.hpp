// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace plimsoll::bot {

struct ChildParams {
    std::string program;  // a path, or a name that PATH is searched for
    std::vector<std::string> arguments;
    std::map<std::string, std::string>
        environment;  // beside what this process has; replaces what has the name
};

/// A program that does not outlive this one: killed when the object goes, and by the kernel if the thread
/// that started it dies first, however that happens (PR_SET_PDEATHSIG).
class ChildProcess {
  public:
    /// Errc::not_found, with the system's words, if it cannot be started.
    [[nodiscard]] static Result<std::unique_ptr<ChildProcess>> start(const ChildParams& params);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    /// SIGKILL, and waits for its end.
    ~ChildProcess();

    [[nodiscard]] pid_t id() const noexcept { return id_; }
    /// Hands over the read end of its standard output and error; the caller must read it, and close it.
    [[nodiscard]] int take_output() noexcept;

  private:
    ChildProcess(pid_t id, int output) noexcept : id_{id}, output_{output} {}

    pid_t id_;
    int output_;
};

}  // namespace plimsoll::bot
