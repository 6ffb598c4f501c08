// SPDX-License-Identifier: Apache-2.0
#include "bot/arming.hpp"
#include "bot/commands/contract.hpp"
#include "bot/connecting.hpp"
#include "bot/console.hpp"
#include "bot/executor_artifact.hpp"
#include "bot/executor_creation.hpp"
#include "bot/load_config.hpp"
#include "bot/signing_key.hpp"
#include "chain/async/deadline.hpp"
#include "signer/fee.hpp"
#include "signer/signing.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::array kDeployOptions{
    Option{"--owner", "ADDRESS",
           "Who may change the other two and sweep; a cold key (the key's own address)"},
    Option{"--operator", "ADDRESS", "Who may liquidate through it (executor.operator, or the key's address)"},
    Option{"--receiver", "ADDRESS", "Who gets the profit (the owner)"},
    Option{"--live", "", "Send it; needs keeper.mode = \"live\" in the file as well"},
    kJsonOption,
};

/// What is known and decided on the way.
struct Deployment {
    ExecutorRoles roles;
    ExecutorCreation creation;
    Address sender;
    Gas gas;
    std::optional<Hash32> transaction;
    bool standing = false;  // the contract is there
};

Result<std::optional<Address>> given(const Invocation& invocation, const char* option) {
    const auto text = invocation.value(option);
    if (!text) return std::optional<Address>{};
    const auto address = config::parse(config::Scalar{*text}, config::As<Address>{});
    if (address) return std::optional<Address>{*address};
    return fail(Errc::config_invalid, std::string{option} + ": " + address.error().why);
}

Result<ExecutorRoles> roles(const Invocation& invocation, const config::Config& config,
                            const std::optional<Address>& key) {
    PLIMSOLL_TRY(std::optional<Address> owner, given(invocation, "--owner"));
    PLIMSOLL_TRY(std::optional<Address> commander, given(invocation, "--operator"));
    PLIMSOLL_TRY(std::optional<Address> receiver, given(invocation, "--receiver"));
    if (!owner) owner = key;
    if (!commander) commander = config.executor.operator_address ? config.executor.operator_address : key;
    if (!owner || !commander)
        return fail(Errc::config_invalid, "without a key, --owner and --operator have to be given");
    return ExecutorRoles{*owner, *commander, receiver.value_or(*owner)};
}

void report(const Deployment& deployment, bool json) {
    const ExecutorRoles& roles = deployment.roles;
    if (json) {
        json::object out{{"schema", "plimsoll.contract-deploy.v1"},
                         {"executor", to_string(deployment.creation.address)},
                         {"owner", to_string(roles.owner)},
                         {"operator", to_string(roles.operator_address)},
                         {"receiver", to_string(roles.receiver)},
                         {"gas", deployment.gas.value},
                         {"code_hash", to_string(executor_code_hash())},
                         {"deployed", deployment.standing}};
        out["transaction"] = nullptr;
        if (deployment.transaction) out["transaction"] = to_string(*deployment.transaction);
        print_result(json::serialize(out) + "\n");
        return;
    }
    const char* state = deployment.transaction ? "deployed"
                        : deployment.standing
                            ? "stands there already"
                            : "simulated; nothing was sent (--live and keeper.mode = \"live\" send)";
    print_result("executor  " + to_string(deployment.creation.address) + "\nowner     " +
                 to_string(roles.owner) + "\noperator  " + to_string(roles.operator_address) +
                 "\nreceiver  " + to_string(roles.receiver) + "\ngas       " +
                 std::to_string(deployment.gas.value) + "\nstate     " + state +
                 "\n\n[executor]\naddress = \"" + to_string(deployment.creation.address) + "\"\n");
}

/// What the proxy answers: the new contract's address, 20 bytes.
async::Task<Result<void>> simulate(rpc::Endpoint& endpoint, Deployment& deployment, Hash32 at) {
    PLIMSOLL_CO_TRY(const Bytes proxy, co_await endpoint.get_code(kCreationProxy, at));
    if (proxy.empty()) {
        co_return fail(Errc::no_code, "this chain has no creation proxy at " + to_string(kCreationProxy));
    }
    const rpc::CallFrom call{deployment.sender, kCreationProxy, deployment.creation.data};
    PLIMSOLL_CO_TRY(const rpc::CallAnswer answer, co_await endpoint.call_from(call, at));
    const bool expected =
        !answer.reverted && std::ranges::equal(answer.data, deployment.creation.address.bytes);
    if (!expected) co_return fail(Errc::reverted, "the simulated creation failed");
    PLIMSOLL_CO_TRY(deployment.gas, co_await endpoint.estimate_gas(call));
    co_return Result<void>{};
}

Result<signer::SignedTransaction> sign(const config::Config& config, const signer::Key& key,
                                       const Deployment& deployment, const Head& head, Nonce nonce) {
    const signer::FeePolicy fees{{config.execution.priority_fee, config.execution.max_fee_per_gas, {}}};
    PLIMSOLL_TRY(const fees::FeeQuote fee, fees.price(head));
    signer::PolicyLimits limits;
    limits.chain = config.chain.id;
    limits.sender = key.address();
    limits.executor = kCreationProxy;
    limits.selector = deployment.creation.selector;
    limits.max_gas = signer::kTransactionGasCap;
    limits.max_fee_per_gas = config.execution.max_fee_per_gas;
    limits.max_spend = cost(limits.max_gas, limits.max_fee_per_gas);
    signer::Transaction fields;
    fields.chain_id = config.chain.id;
    fields.nonce = nonce;
    fields.max_priority_fee_per_gas = fee.max_priority_fee_per_gas;
    fields.max_fee_per_gas = fee.max_fee_per_gas;
    fields.gas_limit = Gas{deployment.gas.value + deployment.gas.value / 5};
    fields.to = kCreationProxy;
    fields.data = deployment.creation.data;
    signer::SpendLedger spends{signer::SpendLimits{}};  // an operator's single order
    auto approved = signer::approve_and_sign(signer::Policy{limits}, spends, key, 0, signer::Purpose::execute,
                                             std::move(fields));
    if (approved) return *std::move(approved);
    return fail(Errc::refused, approved.error().text);
}

async::Task<Result<void>> send(rpc::Endpoint& endpoint, signer::SignedTransaction transaction) {
    const rpc::SendAnswer answer = co_await endpoint.send_raw_transaction(transaction.raw);
    if (answer.meaning != rpc::ErrorClass::none)
        co_return fail(Errc::rpc_rejected, "not accepted: " + answer.text);
    constexpr int kTries = 240;
    for (int i = 0; i < kTries; ++i) {
        PLIMSOLL_CO_TRY(const std::optional<rpc::Receipt> receipt,
                        co_await endpoint.transaction_receipt(transaction.hash));
        if (receipt && receipt->succeeded) co_return Result<void>{};
        if (receipt) co_return fail(Errc::reverted, to_string(transaction.hash) + " landed and failed");
        co_await async::sleep_for(std::chrono::milliseconds{500});
    }
    co_return fail(Errc::timed_out,
                   to_string(transaction.hash) + " was sent and has not landed within 2 minutes");
}

class Deploy {
  public:
    Deploy(const Invocation& invocation, const config::Config& config)
        : invocation_{invocation}, config_{config} {}

    async::Task<Result<Deployment>> run(rpc::Endpoint& endpoint) {
        const bool live = invocation_.has("--live");
        if (live) {
            PLIMSOLL_CO_CHECK(armed());
        }
        std::optional<signer::Key> key;
        if (config_.signer.type != config::SignerType::none) {
            PLIMSOLL_CO_TRY(key, co_await load_configured_key(config_));
        }
        const std::optional<Address> own = key ? std::optional{key->address()} : std::nullopt;
        Deployment out;
        PLIMSOLL_CO_TRY(out.roles, roles(invocation_, config_, own));
        PLIMSOLL_CO_TRY(out.creation, executor_creation(out.roles));
        out.sender = own.value_or(out.roles.owner);
        PLIMSOLL_CO_TRY(const rpc::Header newest, co_await endpoint.latest_block());
        const Hash32 at = newest.head.hash;
        PLIMSOLL_CO_TRY(const Bytes there, co_await endpoint.get_code(out.creation.address, at));
        out.standing = !there.empty();
        if (out.standing) co_return out;
        PLIMSOLL_CO_CHECK(co_await simulate(endpoint, out, at));
        if (!live) co_return out;
        PLIMSOLL_CO_TRY(const Nonce nonce,
                        co_await endpoint.transaction_count(out.sender, rpc::CountAt::pending));
        PLIMSOLL_CO_TRY(signer::SignedTransaction signed_one, sign(config_, *key, out, newest.head, nonce));
        out.transaction = signed_one.hash;
        PLIMSOLL_CO_CHECK(co_await send(endpoint, std::move(signed_one)));
        PLIMSOLL_CO_CHECK(co_await verify(endpoint, out.creation.address));
        out.standing = true;
        co_return out;
    }

  private:
    [[nodiscard]] Result<void> armed() const {
        const std::array endpoints{EndpointFacts{stays_here(config_.endpoints.front()), config_.chain.id}};
        const Result<Arming> decided = arming(config_, LiveFlag::given, endpoints);
        if (!decided) return tl::make_unexpected(decided.error());
        // No journal stands behind this one transaction, as behind every one of the keeper.
        if (decided->beyond) {
            return fail(Errc::refused,
                        "contract deploy --live works on chain 31337 of this machine only; "
                        "elsewhere let the owner's wallet send what it simulates. Nothing was sent");
        }
        return {};
    }

    static async::Task<Result<void>> verify(rpc::Endpoint& endpoint, Address executor) {
        PLIMSOLL_CO_TRY(const rpc::Header newest, co_await endpoint.latest_block());
        PLIMSOLL_CO_TRY(const Bytes code, co_await endpoint.get_code(executor, newest.head.hash));
        if (is_executor_code(code)) co_return Result<void>{};
        co_return fail(Errc::malformed_reply, "another code than ours stands at " + to_string(executor));
    }

    const Invocation& invocation_;
    const config::Config& config_;
};

async::Task<ExitCode> deploy(rpc::Endpoint& endpoint, const Invocation& invocation,
                             const config::Config& config) {
    Deploy work{invocation, config};
    const Result<Deployment> done = co_await work.run(endpoint);
    if (!done) co_return print_error(done.error());
    report(*done, invocation.has("--json"));
    co_return ExitCode::ok;
}

ExitCode run_deploy(const Invocation& invocation) {
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    return run_to_end([&](async::asio::any_io_executor executor) {
        return on_endpoint(executor, loaded->config,
                           [&](rpc::Endpoint& endpoint, const config::Endpoint& /*chosen*/) {
                               return deploy(endpoint, invocation, loaded->config);
                           });
    });
}

}  // namespace

constinit const Command kContractDeployCommand{
    .name = "contract deploy",
    .help = "Create the Executor: simulated and told, sent only when armed twice",
    .config = ConfigUse::takes,
    .options = kDeployOptions,
    .examples = {"plimsoll contract deploy --owner 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                 "plimsoll contract deploy --config plimsoll.toml --live"},
    .run = run_deploy};

}  // namespace plimsoll::bot
