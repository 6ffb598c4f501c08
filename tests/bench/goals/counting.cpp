// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/counting.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

namespace {

thread_local constinit plimsoll::bench::Asked asked_of_thread{};
thread_local constinit plimsoll::bench::Asked asked_when_ready{};

void* counted(std::size_t bytes) {
    ++asked_of_thread.allocations;
    if (void* const out = std::malloc(bytes == 0 ? 1 : bytes)) return out;
    throw std::bad_alloc{};
}

void* counted(std::size_t bytes, std::align_val_t alignment) {
    ++asked_of_thread.allocations;
    const auto step = static_cast<std::size_t>(alignment);
    if (void* const out = std::aligned_alloc(step, (bytes + step - 1) / step * step)) return out;
    throw std::bad_alloc{};
}

}  // namespace

void* operator new(std::size_t bytes) {
    return counted(bytes);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return counted(bytes, alignment);
}
void operator delete(void* at) noexcept {
    std::free(at);
}
void operator delete(void* at, std::size_t) noexcept {
    std::free(at);
}
void operator delete(void* at, std::align_val_t) noexcept {
    std::free(at);
}
void operator delete(void* at, std::size_t, std::align_val_t) noexcept {
    std::free(at);
}

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    using Lock = int (*)(pthread_mutex_t*);
    static const auto real = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    ++asked_of_thread.locks;
    return real(mutex);
}

extern "C" int epoll_wait(int poll, epoll_event* events, int most, int milliseconds) {
    using Wait = int (*)(int, epoll_event*, int, int);
    static const auto real = reinterpret_cast<Wait>(dlsym(RTLD_NEXT, "epoll_wait"));
    const int ready = real(poll, events, most, milliseconds);
    if (ready > 0) asked_when_ready = asked_of_thread;
    return ready;
}

namespace plimsoll::bench {

const Asked& asked() noexcept {
    return asked_of_thread;
}

Asked asked_since_ready() noexcept {
    return {asked_of_thread.allocations - asked_when_ready.allocations,
            asked_of_thread.locks - asked_when_ready.locks};
}

namespace {

/// The call that says where the work begins and ends: nothing in the product asks for the parent.
void mark() {
    syscall(SYS_getppid);
}

[[noreturn]] void be_traced(const std::function<void()>& work) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(1);
    raise(SIGSTOP);
    mark();
    work();
    mark();
    _exit(0);
}

/// Number of the system call the child is stopped at.
std::optional<unsigned long long> stopped_at(pid_t child) {
#if defined(__x86_64__)
    user_regs_struct registers{};
    if (ptrace(PTRACE_GETREGS, child, nullptr, &registers) == 0) return registers.orig_rax;
#else
    static_cast<void>(child);
#endif
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> system_calls(const std::function<void()>& work) {
    const pid_t child = fork();
    if (child < 0) return std::nullopt;
    if (child == 0) be_traced(work);
    int status = 0;
    std::uint64_t calls = 0;
    unsigned marks = 0;
    bool entering = true;
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return std::nullopt;
    while (ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) == 0 && waitpid(child, &status, 0) == child &&
           WIFSTOPPED(status)) {
        if (entering) {
            const auto number = stopped_at(child);
            if (!number) {
                kill(child, SIGKILL);
                waitpid(child, &status, 0);
                return std::nullopt;
            }
            if (*number == SYS_getppid) {
                ++marks;
            } else if (marks == 1) {
                ++calls;
            }
        }
        entering = !entering;
    }
    if (marks != 2) return std::nullopt;
    return calls;
}

}  // namespace plimsoll::bench
