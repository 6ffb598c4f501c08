// SPDX-License-Identifier: Apache-2.0
#include "bot/commands/config_init.hpp"

#include "bot/console.hpp"
#include "bot/load_config.hpp"
#include "config/choices.hpp"
#include "config/template.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace plimsoll::bot {
namespace {

constexpr std::array<std::string_view, 5> kNetworks{"mainnet", "arbitrum", "base", "optimism", "devnet"};
constexpr std::array kInitOptions{
    Option{"--network", "NAME", "Whose addresses to use: mainnet, arbitrum, base, optimism or devnet", false,
           kNetworks},
    Option{"--out", "FILE", "Where to write it (plimsoll.toml); - is standard output"},
    Option{"--force", "", "Write over a file that is there"},
};

config::Network network_of(const std::string& word) {
    for (const config::Network network : config::Choices<config::Network>::kAll)
        if (config::to_string(network) == word) return network;
    return config::Network::custom;
}

ExitCode cannot(const std::string& path, const std::string& why) {
    print_message("error: " + path + " " + why + "\n");
    return ExitCode::cannot_create;
}

/// All of `text` to an open file; its name is only for the message.
bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = ::write(file, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return ::fsync(file) == 0;
}

/// With --force by a rename: the old file is whole until the new one is. Readable by its owner only, because
/// the addresses of endpoints hold keys.
ExitCode write_file(const std::string& path, const std::string& text, bool force) {
    const std::string target = force ? path + ".new" : path;
    if (force) ::unlink(target.c_str());
    const int file = ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0 && errno == EEXIST) return cannot(path, "is there already; --force writes over it");
    if (file < 0) return cannot(path, std::string{"cannot be written: "} + std::strerror(errno));
    const bool written = write_all(file, text);
    const int failed = errno;
    ::close(file);
    const bool moved = written && (!force || std::rename(target.c_str(), path.c_str()) == 0);
    if (moved) {
        print_message("wrote " + path + "\nnext: plimsoll check --config " + path + "\n");
        return ExitCode::ok;
    }
    ::unlink(target.c_str());
    return cannot(path, std::string{"cannot be written: "} + std::strerror(written ? errno : failed));
}

ExitCode run_init(const Invocation& invocation) {
    config::Problems problems;
    const config::Network network = network_of(invocation.value("--network").value_or("mainnet"));
    const config::Effective known = config::starting_point(network, settings_of(invocation), problems);
    if (!problems.list.empty()) {
        print_message(config::render(problems));
        return ExitCode::usage;
    }
    const std::string text = config::new_file(known);
    const std::string path = invocation.value("--out").value_or("plimsoll.toml");
    if (path != "-") return write_file(path, text, invocation.has("--force"));
    print_result(text);
    return ExitCode::ok;
}

}  // namespace

constinit const Command kConfigInitCommand{
    .name = "config init",
    .help = "Write a new configuration file, every key with its meaning",
    .config = ConfigUse::settings,
    .options = kInitOptions,
    .examples = {"plimsoll config init --network mainnet",
                 "plimsoll config init --network base --out base.toml --endpoint.0.ws 'wss://node/${KEY}'"},
    .run = run_init};

}  // namespace plimsoll::bot
