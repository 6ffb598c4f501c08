// SPDX-License-Identifier: Apache-2.0
#include "config/surroundings.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>

namespace plimsoll::config {
namespace {

constexpr std::size_t kLargestSecret = std::size_t{64} << 10U;
constexpr std::string_view kFilePrefix = "file:";

Result<std::string> read_secret(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return fail(Errc::not_found, path + " cannot be found");
    if (!S_ISREG(facts.st_mode)) return fail(Errc::not_found, path + " is not a file");
    if ((facts.st_mode & 077U) != 0)
        return fail(Errc::refused, path + " can be read by others than its owner");
    std::ifstream stream{path, std::ios::binary};
    std::string text(kLargestSecret + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || !stream.eof()) return fail(Errc::not_found, path + " cannot be read or is too large");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

/// Tried by a thread that ends at once: a core that is kept free of others (isolcpus) is not among those that
/// sched_getaffinity names, and may be used all the same.
bool try_core(unsigned core) {
    int failed = 0;
    std::thread{[core, &failed] {
        cpu_set_t cores;
        CPU_ZERO(&cores);
        CPU_SET(core, &cores);
        failed = pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
    }}.join();
    return failed == 0;
}

tl::unexpected<Wrong> wrong_text(std::string why, std::string fix) {
    return tl::unexpected<Wrong>{Wrong{ProblemCode::bad_value, std::move(why), std::move(fix)}};
}

Parsed<std::string> expand(std::string_view text, const Surroundings& surroundings) {
    std::string out;
    while (true) {
        const std::size_t start = text.find("${");
        out += text.substr(0, start);
        if (start == std::string_view::npos) return out;
        const std::size_t end = text.find('}', start);
        if (end == std::string_view::npos)
            return wrong_text("\"${\" is not followed by a name and \"}\"", "write ${NAME}");
        const std::string name{text.substr(start + 2, end - start - 2)};
        const auto value = surroundings.variable(name);
        if (!value)
            return wrong_text("the environment variable " + name + " is not set",
                              "set " + name + " where the program is started");
        out += *value;
        text.remove_prefix(end + 1);
    }
}

Parsed<std::string> resolve_text(const Key& key, const std::string& text, const Surroundings& surroundings) {
    auto expanded = expand(text, surroundings);
    if (!expanded || !is_secret(key) || !expanded->starts_with(kFilePrefix)) return expanded;
    Result<std::string> content = surroundings.secret_file(expanded->substr(kFilePrefix.size()));
    if (content) return *std::move(content);
    const bool open = content.error().code == Errc::refused;
    return tl::unexpected<Wrong>{Wrong{
        open ? ProblemCode::unsafe_file : ProblemCode::bad_value,
        "the secret's file " + content.error().context,
        open ? "chmod 600 " + expanded->substr(kFilePrefix.size()) : "name a file that holds the value"}};
}

}  // namespace

Surroundings surroundings_of_process() {
    return Surroundings{[](const std::string& name) -> std::optional<std::string> {
                            const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
                            return value == nullptr ? std::nullopt : std::optional<std::string>{value};
                        },
                        &read_secret, &try_core};
}

Parsed<Scalar> resolve(const Key& key, Scalar scalar, const Surroundings& surroundings) {
    if (auto* text = std::get_if<std::string>(&scalar)) {
        auto resolved = resolve_text(key, *text, surroundings);
        if (!resolved) return tl::make_unexpected(std::move(resolved).error());
        *text = *std::move(resolved);
    } else if (auto* list = std::get_if<List>(&scalar)) {
        for (std::string& element : *list) {
            auto resolved = resolve_text(key, element, surroundings);
            if (!resolved) return tl::make_unexpected(std::move(resolved).error());
            element = *std::move(resolved);
        }
    }
    return scalar;
}

}  // namespace plimsoll::config
