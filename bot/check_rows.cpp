// SPDX-License-Identifier: Apache-2.0
// The rows that need no endpoint.
#include "bot/check_rows.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <system_error>

namespace plimsoll::bot {
namespace {

/// A dry run needs no key: what is wrong with its files is only a warning then.
void check_private(const std::string& name, const std::string& path, bool needed,
                   std::vector<CheckRow>& rows) {
    const CheckStatus bad = needed ? CheckStatus::fail : CheckStatus::warn;
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
        rows.push_back(
            {name, CheckStatus::fail, path + " cannot be found", "name the right file", ExitCode::no_input});
        return;
    }
    if ((facts.st_mode & 077U) != 0 || facts.st_uid != ::geteuid()) {
        rows.push_back({name, bad, path + " can be read by others, or is not yours", "chmod 600 " + path,
                        ExitCode::refused});
        return;
    }
    rows.push_back({name, CheckStatus::ok, path, {}, ExitCode::ok});
}

bool holds_secret(const config::Url& url) {
    return !url.user_info.empty() || url.target != "/";
}

/// Whether the journal's witness lies where a copy put back over the journal does not reach it.
void check_witness(const config::Config& config, std::vector<CheckRow>& rows) {
    namespace fs = std::filesystem;
    const auto device = [](fs::path place) -> std::optional<dev_t> {
        std::error_code failed;
        while (!place.empty() && !fs::exists(place, failed))
            place = place.parent_path();
        if (place.empty()) place = ".";
        struct stat facts {};
        if (::stat(place.c_str(), &facts) != 0) return std::nullopt;
        return facts.st_dev;
    };
    const fs::path folder{config.keeper.data_dir};
    const fs::path witness =
        config.keeper.witness.empty() ? folder / "witness" : fs::path{config.keeper.witness};
    const bool shared = device(folder) == device(witness);
    rows.push_back(
        {"keeper.witness", shared ? CheckStatus::warn : CheckStatus::ok,
         shared ? "on the same disk as the journal: what restores one restores both" : witness.string(),
         shared ? "name a file on another disk in keeper.witness" : "", ExitCode::ok});
}

}  // namespace

void check_secrets(const config::Config& config, const std::string& config_path, LiveFlag live,
                   std::vector<CheckRow>& rows) {
    const bool sends = live == LiveFlag::given && config.keeper.mode == config::Mode::live;
    bool secret = false;
    for (const config::Endpoint& endpoint : config.endpoints)
        secret =
            secret || holds_secret(endpoint.ws) || holds_secret(endpoint.http) || !endpoint.headers.empty();
    secret = secret || (!config.signer.url.empty() && holds_secret(config.signer.url));
    struct stat facts {};
    const bool there = !config_path.empty() && ::stat(config_path.c_str(), &facts) == 0;
    const bool open = there && (facts.st_mode & 077U) != 0;
    rows.push_back({"permissions of the configuration", secret && open ? CheckStatus::warn : CheckStatus::ok,
                    secret && open ? "it may hold an endpoint's key, and others can read it" : "",
                    secret && open ? "chmod 600 " + config_path : "", ExitCode::ok});
    if (config.signer.type == config::SignerType::remote && !config.signer.client_key.empty())
        check_private("signer.client_key", config.signer.client_key, sends, rows);
    if (config.signer.type != config::SignerType::keystore) return;
    check_private("signer.keystore", config.signer.keystore, sends, rows);
    check_private("signer.password_file", config.signer.password_file, sends, rows);
}

void check_folder(const config::Config& config, LiveFlag live, std::vector<CheckRow>& rows) {
    namespace fs = std::filesystem;
    const bool sends = live == LiveFlag::given && config.keeper.mode == config::Mode::live;
    fs::path place = sends ? fs::path{config.keeper.data_dir} : fs::path{config.keeper.data_dir} / "dry-run";
    const std::string wanted = place.string();
    std::error_code failed;
    while (!place.empty() && !fs::exists(place, failed))
        place = place.parent_path();
    if (place.empty()) place = ".";
    const bool writable = fs::is_directory(place, failed) && ::access(place.c_str(), W_OK | X_OK) == 0;
    rows.push_back({"keeper.data_dir", writable ? CheckStatus::ok : CheckStatus::fail,
                    writable ? wanted : wanted + " cannot be written",
                    writable ? "" : "make it, or name another folder in keeper.data_dir",
                    ExitCode::cannot_create});
    if (sends) check_witness(config, rows);
}

}  // namespace plimsoll::bot
