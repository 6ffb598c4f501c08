// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/child_process.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

namespace plimsoll::bot {
namespace {

std::string read_all(int descriptor) {
    std::string out;
    std::array<char, 256> some{};
    for (;;) {
        const auto count = ::read(descriptor, some.data(), some.size());
        if (count <= 0) break;
        out.append(some.data(), static_cast<std::size_t>(count));
    }
    ::close(descriptor);
    return out;
}

bool gone(pid_t process) {
    for (int tries = 0; tries < 200; ++tries) {
        if (::kill(process, 0) != 0 && errno == ESRCH) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return false;
}

TEST(ChildProcess, RunsWithItsArgumentsAndEnvironmentAndIsHeard) {
    ChildParams params{"sh", {"-c", "echo \"$1 $GREETING\"; echo loud >&2", "sh", "good"}, {}};
    params.environment.emplace("GREETING", "day");
    auto child = ChildProcess::start(params);
    ASSERT_TRUE(child) << child.error().context;
    EXPECT_EQ(read_all((*child)->take_output()), "good day\nloud\n");
}

TEST(ChildProcess, WhatCannotBeStartedSaysWhy) {
    const auto child = ChildProcess::start(ChildParams{"/nowhere/anvil", {}, {}});
    ASSERT_FALSE(child);
    EXPECT_EQ(child.error().code, Errc::not_found);
    EXPECT_EQ(child.error().context, "\"/nowhere/anvil\" cannot be started: No such file or directory");
}

TEST(ChildProcess, IsKilledWithItsObjectWhateverItDoesAboutSignals) {
    auto child = ChildProcess::start(ChildParams{"sh", {"-c", "trap '' TERM; echo up; sleep 60"}, {}});
    ASSERT_TRUE(child);
    const pid_t id = (*child)->id();
    child->reset();
    EXPECT_TRUE(gone(id));
}

// In a process of its own, which is then killed without a chance to clean up.
TEST(ChildProcess, DiesWithItsParentHoweverThatDies) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        auto child = ChildProcess::start(ChildParams{"sleep", {"60"}, {}});
        const pid_t id = child ? (*child)->id() : 0;
        [[maybe_unused]] const auto told = ::write(pipe[1], &id, sizeof id);
        ::pause();
        ::_exit(0);
    }
    pid_t child = 0;
    ASSERT_EQ(::read(pipe[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
    ASSERT_GT(child, 0);
    ASSERT_EQ(::kill(child, 0), 0);
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    EXPECT_TRUE(gone(child));
    ::close(pipe[0]);
    ::close(pipe[1]);
}

}  // namespace
}  // namespace plimsoll::bot
