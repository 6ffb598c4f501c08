// SPDX-License-Identifier: Apache-2.0
// The rows that endpoint and chain tell.
#include "bot/chain_facts.hpp"
#include "bot/check_rows.hpp"
#include "bot/connecting.hpp"
#include "bot/contract_checks.hpp"
#include "bot/endpoint_params.hpp"
#include "bot/executor_artifact.hpp"
#include "bot/journal/journal_reader.hpp"
#include "bot/signing_key.hpp"
#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "config/value_text.hpp"
#include "signer/delegation.hpp"
#include "strategy/venues/aave_v3/rules.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace plimsoll::bot {
namespace {

class OnlineCheck {
  public:
    OnlineCheck(const config::Config& config, LiveFlag live, std::vector<CheckRow>& rows)
        : config_{config}, live_{live}, rows_{rows} {}

    async::Task<void> run(async::asio::any_io_executor executor) {
        if (!open(executor)) co_return;
        std::function<void(std::size_t, const Error&)> quiet = [](std::size_t, const Error&) {};
        std::vector<rpc::Endpoint*> all;
        for (const auto& endpoint : endpoints_)
            all.push_back(endpoint.get());
        const std::vector<FirstContact> contacts = co_await connect_all(all, config_.endpoints, quiet);
        co_await tell_contacts(contacts);
        if (heads_.empty()) co_return;
        co_await agreement();
        rpc::Endpoint& endpoint = *endpoints_[heads_.front().first];
        const Hash32 at = heads_.front().second.hash;
        co_await contracts(endpoint, at);
        co_await executor_facts(endpoint, at);
        co_await arm();
        check_folder(config_, live_, rows_);
        co_await revisions(endpoint, at);
        for (const auto& one : endpoints_)
            one->close();
    }

  private:
    void add(std::string name, CheckStatus status, std::string detail, std::string fix = {},
             ExitCode code = ExitCode::ok) {
        rows_.push_back({std::move(name), status, std::move(detail), std::move(fix), code});
    }
    void good(std::string name, std::string detail) {
        add(std::move(name), CheckStatus::ok, std::move(detail));
    }
    void failed(std::string name, const Error& error) {
        add(std::move(name), CheckStatus::fail, error.context, {}, exit_code(error.code));
    }

    bool open(const async::asio::any_io_executor& executor) {
        bool follows = false;
        for (const config::Endpoint& chosen : config_.endpoints) {
            follows = follows || can_follow(chosen);
            Result<rpc::EndpointParams> params = endpoint_params(chosen, config_.chain.id);
            if (!params) failed(name_of(chosen), params.error());
            if (!params) return false;
            endpoints_.push_back(std::make_unique<rpc::Endpoint>(executor, *std::move(params)));
        }
        if (!follows)
            add("subscriptions", CheckStatus::fail, "no endpoint has a ws or ipc address",
                "give one of them ws or ipc: http cannot deliver what happens", ExitCode::config);
        return follows;
    }

    [[nodiscard]] static std::string name_of(const config::Endpoint& endpoint) {
        return "endpoint \"" + endpoint.name + "\"";
    }

    /// What `run` does without is a warning: an endpoint that does not answer beside one that does.
    async::Task<void> tell_contacts(const std::vector<FirstContact>& contacts) {
        const std::optional<Error> fatal = cannot_begin(contacts);
        for (std::size_t i = 0; i < contacts.size(); ++i) {
            const std::string name = name_of(config_.endpoints[i]);
            const FirstContact& contact = contacts[i];
            if (contact && *contact) {
                co_await head_of(i);
            } else if (contact && fatal) {
                failed(name, contact->error());
            } else {
                const std::string why = contact ? contact->error().context : "has not answered yet";
                add(name, CheckStatus::warn, why, "the others go on without it");
            }
        }
        if (fatal) heads_.clear();
    }

    async::Task<void> head_of(std::size_t index) {
        rpc::Endpoint& endpoint = *endpoints_[index];
        const std::string name = name_of(config_.endpoints[index]);
        const Result<rpc::Header> newest = co_await endpoint.latest_block();
        if (!newest) co_return failed(name, newest.error());
        good(name, endpoint.name() + " answers, chain " + std::to_string(config_.chain.id.value) +
                       ", block " + std::to_string(newest->head.number.value));
        if (heads_.empty()) head_age(newest->head);
        heads_.emplace_back(index, newest->head);
    }

    /// Whether all of them have the same block where the one furthest behind stands.
    async::Task<void> agreement() {
        if (heads_.size() < 2) co_return;
        BlockNumber lowest = heads_.front().second.number;
        for (const auto& [index, head] : heads_)
            lowest = std::min(lowest, head.number);
        std::optional<Hash32> agreed;
        std::string other;
        for (const auto& [index, head] : heads_) {
            const Result<rpc::Header> there = co_await endpoints_[index]->block_by_number(lowest);
            if (!there) co_return failed("agreement of endpoints", there.error());
            if (!agreed) agreed = there->head.hash;
            if (*agreed != there->head.hash) other = config_.endpoints[index].name;
        }
        const std::string where = "block " + std::to_string(lowest.value);
        add("agreement of endpoints", other.empty() ? CheckStatus::ok : CheckStatus::warn,
            where + (other.empty() ? " is " + to_string(*agreed) : " is another one at \"" + other + "\""),
            other.empty() ? "" : "nothing is sent while they disagree; does one of them follow a fork?");
    }

    void head_age(const Head& head) {
        using namespace std::chrono;
        const auto now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
        const std::int64_t age = now - static_cast<std::int64_t>(head.timestamp.value);
        const std::int64_t most = 60 + 5 * config_.chain.block_time.count() / 1000;
        const bool old = age > most || age < -most;
        add("newest block", old ? CheckStatus::warn : CheckStatus::ok,
            std::to_string(head.number.value) + ", " + std::to_string(age) + " s old",
            old ? "is the node still catching up, or this machine's clock wrong?" : "");
    }

    async::Task<void> contracts(rpc::Endpoint& endpoint, Hash32 at) {
        const OwnExecutor own =
            config_.executor.address.is_zero() ? OwnExecutor::none : OwnExecutor::configured;
        const Result<ChainFacts> facts = co_await read_chain_facts(endpoint, config_, own);
        if (facts) {
            facts_ = *facts;
            good("contracts", "each address holds one, and the Executor's version fits");
        } else {
            failed("contracts", facts.error());
        }
        const std::vector<ContractCheck> all = co_await check_contracts(endpoint, config_, at);
        for (const ContractCheck& one : all) {
            if (one.result) good(one.name, "");
            if (!one.result) failed(one.name, one.result.error());
        }
        const std::string name = "kind of uniswap_v3.router";
        const Result<strategy::RouterKind> router =
            co_await read_router_kind(endpoint, config_.uniswap_v3.router, at);
        if (router) good(name, std::string{strategy::to_string(*router)});
        if (!router) failed(name, router.error());
    }

    async::Task<void> executor_facts(rpc::Endpoint& endpoint, Hash32 at) {
        const Address& address = config_.executor.address;
        if (address.is_zero()) {
            add("executor", CheckStatus::warn, "there is none yet: nothing can be sent or simulated",
                "plimsoll contract deploy");
            co_return;
        }
        const Result<Bytes> code = co_await endpoint.get_code(address, at);
        const bool ours = code && is_executor_code(*code);
        executor_differs_ = !ours;
        add("code of the Executor", ours ? CheckStatus::ok : CheckStatus::warn,
            ours ? "the one this program comes with" : "not the one this program comes with",
            ours ? "" : "plimsoll contract verify");
        if (!facts_) co_return;
        good("operator of the Executor", to_string(facts_->operator_address));
        good("receiver of the Executor", to_string(facts_->receiver));
        const Result<std::optional<Address>> owner =
            co_await ask_for_address(endpoint, address, codec::selector("owner()"), at);
        if (owner && *owner) {
            const bool same = **owner == facts_->operator_address;
            add("owner of the Executor", same ? CheckStatus::warn : CheckStatus::ok, to_string(**owner),
                same ? "it is the operator too: whoever has that key has all the Executor holds" : "");
        }
        co_await delegation(endpoint, at);
        const Result<Wei> balance = co_await endpoint.balance(facts_->operator_address);
        if (!balance) co_return;
        const bool empty = balance->raw() == U256{};
        const std::string gwei = config::to_text(*balance);
        add("balance of the operator", empty ? CheckStatus::warn : CheckStatus::ok, gwei,
            empty ? "it pays the gas: send it some" : "");
    }

    async::Task<void> delegation(rpc::Endpoint& endpoint, Hash32 at) {
        const Result<Bytes> code = co_await endpoint.get_code(facts_->operator_address, at);
        if (!code) co_return;
        const std::optional<Address> delegate = signer::delegate_of(*code);
        add("delegation of the operator", delegate ? CheckStatus::warn : CheckStatus::ok,
            delegate
                ? "to " + to_string(*delegate) + " (EIP-7702): nodes hold one transaction of it at a time"
                : "none",
            delegate ? "take the delegation back, or go on with one transaction in flight" : "");
    }

    void journal() {
        const Result<JournalReader> reader = JournalReader::open(config_.keeper.data_dir);
        if (reader) return good("journal", config_.keeper.data_dir);
        if (reader.error().code == Errc::not_found)
            return good("journal", "none yet in " + config_.keeper.data_dir);
        add("journal", CheckStatus::fail, reader.error().context, "restore it from a copy",
            ExitCode::no_input);
    }

    async::Task<void> arm() {
        std::vector<EndpointFacts> endpoints;
        for (const config::Endpoint& one : config_.endpoints)
            endpoints.push_back({stays_here(one), config_.chain.id});
        const Result<Arming> decided = arming(config_, live_, endpoints);
        if (!decided) co_return failed("mode", decided.error());
        good("mode", std::string{config::to_string(decided->mode)});
        const bool sends = decided->mode == config::Mode::live;
        if (decided->beyond && executor_differs_)
            add("code of the Executor, live", CheckStatus::fail,
                "only the one this program comes with is trusted", "plimsoll contract deploy",
                ExitCode::refused);
        if (sends && config_.executor.address.is_zero())
            co_return add("executor.address", CheckStatus::fail, "it is not set", "plimsoll contract deploy",
                          ExitCode::config);
        if (sends) journal();
        if (sends) co_await key();
        const std::optional<Address>& named = config_.executor.operator_address;
        if (!facts_ || !named || config_.executor.address.is_zero()) co_return;
        if (*named == facts_->operator_address) co_return good("executor.operator", to_string(*named));
        add("executor.operator", CheckStatus::fail,
            to_string(*named) + " is expected, the Executor takes orders from " +
                to_string(facts_->operator_address),
            "correct the file, or let the Executor's owner call setOperator", ExitCode::refused);
    }

    /// Opens the key as `run` would, and lets go of it.
    async::Task<void> key() {
        const Result<KeyHolder> opened = co_await load_key_holder(config_);
        if (!opened) co_return failed("signer", opened.error());
        const Address sender = address_of(*opened);
        if (!facts_ || sender == facts_->operator_address) co_return good("signer", to_string(sender));
        add("signer", CheckStatus::fail,
            "the key is " + to_string(sender) + ", the Executor takes orders from " +
                to_string(facts_->operator_address),
            "the Executor's owner can change that with setOperator", ExitCode::refused);
    }

    async::Task<void> revisions(rpc::Endpoint& endpoint, Hash32 at) {
        for (const config::Venue& venue : config_.venues) {
            const std::string name = "revision of [[venue]] " + venue.name;
            Call call{venue.pool, codec::AbiWriter{codec::selector("POOL_REVISION()")}.take()};
            const Result<rpc::CallAnswer> answer = co_await endpoint.call(std::move(call), at);
            if (!answer) {
                failed(name, answer.error());
                continue;
            }
            codec::AbiReader reader{answer->data};
            const U256 revision = reader.u256();
            if (answer->reverted || !reader.ok()) {
                add(name, CheckStatus::fail, to_string(venue.pool) + " is no Aave V3 pool",
                    "correct the address", ExitCode::wrong_peer);
                continue;
            }
            const auto rules = strategy::aave_v3::rules_for(revision);
            if (rules) good(name, to_decimal(revision));
            if (!rules) failed(name, rules.error());
        }
    }

    const config::Config& config_;
    LiveFlag live_;
    std::vector<CheckRow>& rows_;
    std::vector<std::unique_ptr<rpc::Endpoint>> endpoints_;  // as in the configuration
    std::vector<std::pair<std::size_t, Head>> heads_;        // of those that answered
    std::optional<ChainFacts> facts_;
    bool executor_differs_ = false;
};

}  // namespace

async::Task<ExitCode> check_online(async::asio::any_io_executor executor, const config::Config& config,
                                   LiveFlag live, std::vector<CheckRow>& rows) {
    OnlineCheck check{config, live, rows};
    co_await check.run(executor);
    co_return ExitCode::ok;
}

}  // namespace plimsoll::bot
