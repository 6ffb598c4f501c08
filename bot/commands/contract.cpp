// SPDX-License-Identifier: Apache-2.0
// What stands at executor.address: `contract status` and `contract verify`.
#include "bot/commands/contract.hpp"

#include "bot/connecting.hpp"
#include "bot/console.hpp"
#include "bot/contract_checks.hpp"
#include "bot/executor_artifact.hpp"
#include "bot/load_config.hpp"
#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/primitives/keccak.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::array kStatusOptions{kJsonOption};

/// An Executor as the chain shows it.
struct Standing {
    Head head;
    Bytes code;
    std::optional<std::uint64_t> version;
    std::optional<Address> owner;
    std::optional<Address> operator_address;
    std::optional<Address> receiver;
};

async::Task<Result<Standing>> look(rpc::Endpoint& endpoint, Address executor) {
    Standing out;
    PLIMSOLL_CO_TRY(const rpc::Header newest, co_await endpoint.latest_block());
    out.head = newest.head;
    const Hash32 at = newest.head.hash;
    PLIMSOLL_CO_TRY(out.code, co_await endpoint.get_code(executor, at));
    if (out.code.empty()) {
        co_return fail(Errc::no_code, "executor.address " + to_string(executor) +
                                          " holds no contract; deploy one: plimsoll contract deploy");
    }
    Call ask_version{executor, codec::AbiWriter{codec::selector("version()")}.take()};
    PLIMSOLL_CO_TRY(const rpc::CallAnswer version, co_await endpoint.call(std::move(ask_version), at));
    codec::AbiReader reader{version.data};
    const std::uint64_t number = reader.u64();
    if (!version.reverted && reader.ok()) out.version = number;
    PLIMSOLL_CO_TRY(out.owner, co_await ask_for_address(endpoint, executor, codec::selector("owner()"), at));
    PLIMSOLL_CO_TRY(out.operator_address,
                    co_await ask_for_address(endpoint, executor, codec::selector("operator()"), at));
    PLIMSOLL_CO_TRY(out.receiver,
                    co_await ask_for_address(endpoint, executor, codec::selector("receiver()"), at));
    co_return out;
}

std::string shown(const std::optional<Address>& address) {
    return address ? to_string(*address) : "(no answer)";
}

std::string as_text(const Standing& standing, const Address& address) {
    const bool ours = is_executor_code(standing.code);
    return "executor  " + to_string(address) + "\n" + "block     " +
           std::to_string(standing.head.number.value) + "\n" + "version   " +
           (standing.version ? std::to_string(*standing.version) : "(no answer)") + "\n" + "owner     " +
           shown(standing.owner) + "\n" + "operator  " + shown(standing.operator_address) + "\n" +
           "receiver  " + shown(standing.receiver) + "\n" + "code      " +
           to_string(keccak256(BytesView{standing.code})) +
           (ours ? ", the one this program comes with\n"
                 : ", not the one this program comes with (" + to_string(executor_code_hash()) + ")\n");
}

json::value or_null(const std::optional<Address>& address) {
    if (!address) return nullptr;
    return json::value(to_string(*address));
}

std::string as_json(const Standing& standing, const Address& address, const char* schema) {
    json::object out{{"schema", schema},
                     {"executor", to_string(address)},
                     {"block", standing.head.number.value},
                     {"owner", or_null(standing.owner)},
                     {"operator", or_null(standing.operator_address)},
                     {"receiver", or_null(standing.receiver)},
                     {"code_hash", to_string(keccak256(BytesView{standing.code}))},
                     {"expected_code_hash", to_string(executor_code_hash())},
                     {"matches", is_executor_code(standing.code)}};
    out["version"] = nullptr;
    if (standing.version) out["version"] = *standing.version;
    return json::serialize(out) + "\n";
}

async::Task<ExitCode> show(rpc::Endpoint& endpoint, const config::Config& config, bool json, bool verify) {
    const Result<Standing> standing = co_await look(endpoint, config.executor.address);
    if (!standing) co_return print_error(standing.error());
    const char* schema = verify ? "plimsoll.contract-verify.v1" : "plimsoll.contract-status.v1";
    print_result(json ? as_json(*standing, config.executor.address, schema)
                      : as_text(*standing, config.executor.address));
    const std::optional<Address>& expected = config.executor.operator_address;
    const bool operator_fits = !expected || standing->operator_address == *expected;
    if (verify && !operator_fits) print_message("executor.operator in the configuration is another one\n");
    const bool good = is_executor_code(standing->code) && operator_fits;
    co_return verify && !good ? ExitCode::negative : ExitCode::ok;
}

ExitCode run_look(const Invocation& invocation, bool verify) {
    const auto loaded = load_config(invocation);
    if (!loaded) return loaded.error();
    if (loaded->config.executor.address.is_zero()) {
        print_message("error: executor.address is not set\n   = fix: plimsoll contract deploy\n");
        return ExitCode::config;
    }
    const bool json = invocation.has("--json");
    return run_to_end([&](async::asio::any_io_executor executor) {
        return on_endpoint(executor, loaded->config,
                           [&](rpc::Endpoint& endpoint, const config::Endpoint& /*chosen*/) {
                               return show(endpoint, loaded->config, json, verify);
                           });
    });
}

ExitCode run_status(const Invocation& invocation) {
    return run_look(invocation, false);
}

ExitCode run_verify(const Invocation& invocation) {
    return run_look(invocation, true);
}

}  // namespace

constinit const Command kContractStatusCommand{
    .name = "contract status",
    .help = "Version, owner, operator, receiver and code of the Executor",
    .config = ConfigUse::takes,
    .options = kStatusOptions,
    .examples = {"plimsoll contract status", "plimsoll contract status --config plimsoll.toml --json"},
    .run = run_status};

constinit const Command kContractVerifyCommand{
    .name = "contract verify",
    .help =
        "Whether the Executor is the one this program comes with, and commanded by whom it should; exit 2 if "
        "not",
    .config = ConfigUse::takes,
    .options = kStatusOptions,
    .examples = {"plimsoll contract verify",
                 "plimsoll contract verify --executor.address 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
    .run = run_verify};

}  // namespace plimsoll::bot
