// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace plimsoll::bot {

namespace {

/// Both ends of a pipe that children do not inherit by themselves.
struct Pipe {
    int read = -1;
    int write = -1;
    bool open() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
        read = ends[0];
        write = ends[1];
        return true;
    }
};

/// Strings as execve wants them; they live as long as `owner`.
std::vector<char*> pointers(std::vector<std::string>& owner) {
    std::vector<char*> out;
    for (std::string& text : owner)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> environment_of(const ChildParams& params) {
    std::vector<std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text{*entry};
        if (!params.environment.contains(text.substr(0, text.find('=')))) out.push_back(text);
    }
    for (const auto& [name, value] : params.environment)
        out.push_back(name + "=" + value);
    return out;
}

/// The child's part: only calls that are allowed between fork and exec.
[[noreturn]] void become(char* const* arguments, char* const* environment, const Pipe& output,
                         const Pipe& trouble, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);  // it died before the line above
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // Out of the terminal's foreground group: Ctrl-C is for the keeper, which ends the node in its own time.
    ::setpgid(0, 0);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output.write, STDOUT_FILENO);
    ::dup2(output.write, STDERR_FILENO);
    ::execvpe(arguments[0], arguments, environment);
    const int why = errno;
    [[maybe_unused]] const auto told = ::write(trouble.write, &why, sizeof why);
    ::_exit(127);
}

Error system_error(const ChildParams& params, int why) {
    return Error{Errc::not_found,
                 "\"" + params.program + "\" cannot be started: " + std::generic_category().message(why)};
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const ChildParams& params) {
    std::vector<std::string> arguments{params.program};
    arguments.insert(arguments.end(), params.arguments.begin(), params.arguments.end());
    std::vector<std::string> environment = environment_of(params);
    const std::vector<char*> argv = pointers(arguments);
    const std::vector<char*> envp = pointers(environment);
    Pipe output;
    Pipe trouble;
    if (!output.open()) return tl::make_unexpected(system_error(params, errno));
    if (!trouble.open()) {
        const int why = errno;
        ::close(output.read);
        ::close(output.write);
        return tl::make_unexpected(system_error(params, why));
    }
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) become(argv.data(), envp.data(), output, trouble, parent);
    int why = child < 0 ? errno : 0;
    ::close(output.write);
    ::close(trouble.write);
    // Closed without a word by a successful exec.
    if (child > 0 && ::read(trouble.read, &why, sizeof why) != sizeof why) why = 0;
    ::close(trouble.read);
    if (why == 0) return std::unique_ptr<ChildProcess>{new ChildProcess{child, output.read}};
    ::close(output.read);
    if (child > 0) ::waitpid(child, nullptr, 0);
    return tl::make_unexpected(system_error(params, why));
}

ChildProcess::~ChildProcess() {
    if (output_ >= 0) ::close(output_);
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
}

int ChildProcess::take_output() noexcept {
    return std::exchange(output_, -1);
}

}  // namespace plimsoll::bot
