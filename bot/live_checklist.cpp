// SPDX-License-Identifier: Apache-2.0
#include "bot/live_checklist.hpp"

#include "bot/hardening.hpp"
#include "config/url.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace plimsoll::bot {
namespace {

namespace fs = std::filesystem;

/// Whoever loses or restores the data folder must not do the same to the witness.
bool witness_is_apart(const config::Config& config) {
    if (config.keeper.witness.empty()) return false;
    std::error_code failed;
    const fs::path folder = fs::weakly_canonical(config.keeper.data_dir, failed);
    const fs::path witness = fs::weakly_canonical(config.keeper.witness, failed);
    if (failed) return false;
    return std::ranges::mismatch(folder, witness).in1 != folder.end();
}

constexpr std::array kDecided{
    Decided{"execution", "max_fee_per_gas", "the highest price of gas", "set execution.max_fee_per_gas",
            [](const config::Config& c) { return !c.execution.max_fee_per_gas.is_zero(); }},
    Decided{"risk", "max_spend_per_tx", "what one transaction may cost", "set risk.max_spend_per_tx",
            [](const config::Config& c) { return !c.risk.max_spend_per_tx.is_zero(); }},
    Decided{"risk", "max_spend_per_hour", "what an hour may cost", "set risk.max_spend_per_hour",
            [](const config::Config& c) { return !c.risk.max_spend_per_hour.is_zero(); }},
    Decided{"risk", "max_spend_per_day", "what a day may cost", "set risk.max_spend_per_day",
            [](const config::Config& c) { return !c.risk.max_spend_per_day.is_zero(); }},
    Decided{"risk", "max_loss_per_hour", "what may be lost before the breaker opens",
            "set risk.max_loss_per_hour",
            [](const config::Config& c) { return !c.risk.max_loss_per_hour.is_zero(); }},
    Decided{"risk", "min_gas_balance", "what is kept for cancellations", "set risk.min_gas_balance",
            [](const config::Config& c) { return !c.risk.min_gas_balance.is_zero(); }},
    Decided{"keeper", "witness", "where the journal's witness lies",
            "set keeper.witness to a file outside keeper.data_dir, best on another disk", witness_is_apart},
    Decided{"executor", "operator", "whose key commands the Executor", "set executor.operator",
            [](const config::Config& c) { return c.executor.operator_address.has_value(); }},
};

class Checklist {
  public:
    Checklist(const config::Config& config, const config::Origins& origins)
        : config_{config}, origins_{origins} {}

    std::vector<CheckRow> rows() {
        for (const Decided& one : kDecided)
            row(std::string{one.table} + "." + std::string{one.key},
                by_operator(one.table, one.key) && one.is_set(config_),
                std::string{one.what} + " is an operator's decision", std::string{one.fix});
        key();
        endpoints();
        row("chain.max_clock_skew", config_.chain.max_clock_skew.count() > 0,
            "the clock is compared with blocks", "set chain.max_clock_skew to more than 0s");
        kill_switch();
        row("core dumps", memory_is_private(), "this process leaves no memory behind",
            "start it where it may set RLIMIT_CORE");
        return std::move(out_);
    }

  private:
    void row(std::string name, bool good, std::string detail, std::string fix) {
        out_.push_back({std::move(name), good ? CheckStatus::ok : CheckStatus::fail, std::move(detail),
                        good ? std::string{} : std::move(fix), good ? ExitCode::ok : ExitCode::refused});
    }

    [[nodiscard]] bool by_operator(std::string_view table, std::string_view key) const {
        const auto found = origins_.find(config::KeyPath{table, 0, key});
        return found != origins_.end() && found->second.layer >= config::Layer::file;
    }

    void key() {
        using config::SignerType;
        const bool own =
            config_.signer.type == SignerType::keystore || config_.signer.type == SignerType::remote;
        row("signer.type", own, "the key is nobody else's",
            "use a keystore (`plimsoll keys new`) or a remote signer; the key of `dev` is known to "
            "everybody");
    }

    void endpoints() {
        const std::size_t count = config_.endpoints.size();
        const bool enough = count >= 2 || config_.chain.single_endpoint;
        row("endpoints", enough,
            count >= 2 ? std::to_string(count) + " watch each other"
                       : "a single one is believed in everything",
            "add another [[endpoint]], or say chain.single_endpoint = true");
        const bool encrypted = std::ranges::all_of(config_.endpoints, [](const config::Endpoint& one) {
            const auto safe = [](const config::Url& url) {
                return url.empty() || url.is_encrypted() || config::is_loopback(url);
            };
            return safe(one.ws) && safe(one.http);
        });
        row("encryption", encrypted, "nobody between here and the nodes reads or changes what is said",
            "use wss:// and https:// for endpoints that are not on this machine");
    }

    /// It must be possible to set it: by this user, in a folder that is there.
    void kill_switch() {
        const bool given = !config_.keeper.kill_switch.empty();
        const fs::path file =
            given ? fs::path{config_.keeper.kill_switch} : fs::path{config_.keeper.data_dir} / "kill";
        struct stat facts {};
        const bool set = ::lstat(file.c_str(), &facts) == 0;
        const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
        std::error_code failed;
        const bool reachable = !given || fs::is_directory(folder, failed);
        row("keeper.kill_switch", reachable && !set, "touch " + file.string() + " stops everything new",
            set ? "it is set: remove " + file.string() : "make the folder " + folder.string());
    }

    const config::Config& config_;
    const config::Origins& origins_;
    std::vector<CheckRow> out_;
};

}  // namespace

std::string_view to_string(CheckStatus status) noexcept {
    switch (status) {
        case CheckStatus::ok:
            return "ok";
        case CheckStatus::warn:
            return "warn";
        case CheckStatus::fail:
            return "fail";
        case CheckStatus::skip:
            return "skip";
    }
    return "unknown";
}

std::span<const Decided> decided_keys() noexcept {
    return kDecided;
}

std::vector<CheckRow> live_checklist(const config::Config& config, const config::Origins& origins) {
    return Checklist{config, origins}.rows();
}

std::optional<std::string> why_not_live(const std::vector<CheckRow>& rows) {
    std::string out;
    for (const CheckRow& row : rows) {
        if (row.status != CheckStatus::fail) continue;
        out += (out.empty() ? "" : "; ") + row.name + " (" + row.fix + ")";
    }
    if (out.empty()) return std::nullopt;
    return out;
}

}  // namespace plimsoll::bot
