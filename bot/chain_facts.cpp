// SPDX-License-Identifier: Apache-2.0
#include "bot/chain_facts.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/selector.hpp"

#include <utility>
#include <vector>

namespace plimsoll::bot {

namespace {

struct Named {
    std::string key;  // as in the configuration file
    Address address;
};

std::vector<Named> contracts(const config::Config& config, OwnExecutor executor) {
    std::vector<Named> out{{"uniswap_v3.factory", config.uniswap_v3.factory},
                           {"uniswap_v3.quoter", config.uniswap_v3.quoter},
                           {"uniswap_v3.router", config.uniswap_v3.router}};
    if (config.flash.balancer_vault) out.push_back({"flash.balancer_vault", *config.flash.balancer_vault});
    if (config.flash.morpho) out.push_back({"flash.morpho", *config.flash.morpho});
    for (const config::Venue& venue : config.venues)
        out.push_back({"the pool of [[venue]] " + venue.name, venue.pool});
    if (executor == OwnExecutor::configured)
        out.insert(out.begin(), {"executor.address", config.executor.address});
    return out;
}

async::Task<Result<void>> require_code(rpc::Endpoint& endpoint, Named contract, Hash32 block) {
    PLIMSOLL_CO_TRY(const Bytes code, co_await endpoint.get_code(contract.address, block));
    if (!code.empty()) co_return Result<void>{};
    co_return fail(Errc::no_code, contract.key + " " + to_string(contract.address) +
                                      " holds no contract on chain " + endpoint.name() +
                                      "; check the address and that the endpoint serves the right chain");
}

async::Task<Result<Bytes>> ask(rpc::Endpoint& endpoint, Call call, std::string what, Hash32 block) {
    PLIMSOLL_CO_TRY(rpc::CallAnswer answer, co_await endpoint.call(call, block));
    if (!answer.reverted) co_return std::move(answer.data);
    co_return fail(
        Errc::malformed_reply,
        what + " of " + to_string(call.to) + " reverted: it is not the contract that the configuration says");
}

async::Task<Result<Address>> ask_address(rpc::Endpoint& endpoint, Call call, std::string what, Hash32 block) {
    PLIMSOLL_CO_TRY(const Bytes data, co_await ask(endpoint, std::move(call), what, block));
    codec::AbiReader reader{data};
    const Address address = reader.address();
    PLIMSOLL_CO_CHECK(reader.finish(what));
    co_return address;
}

Call getter(const Address& contract, const codec::Selector& selector) {
    return Call{contract, codec::AbiWriter{selector}.take()};
}

async::Task<Result<void>> require_version(rpc::Endpoint& endpoint, Address executor, Hash32 block) {
    Call call = getter(executor, codec::selector("version()"));
    PLIMSOLL_CO_TRY(const Bytes data, co_await ask(endpoint, std::move(call), "version()", block));
    codec::AbiReader reader{data};
    const std::uint64_t version = reader.u64();
    PLIMSOLL_CO_CHECK(reader.finish("version() of the Executor"));
    if (version == kExecutorVersion) co_return Result<void>{};
    co_return fail(Errc::refused, "the Executor at " + to_string(executor) + " has version " +
                                      std::to_string(version) + ", this program needs " +
                                      std::to_string(kExecutorVersion) + "; deploy the one it comes with");
}

}  // namespace

async::Task<Result<ChainFacts>> read_chain_facts(rpc::Endpoint& endpoint, const config::Config& config,
                                                 OwnExecutor executor) {
    ChainFacts facts;
    PLIMSOLL_CO_TRY(facts.client, co_await endpoint.client_version());
    PLIMSOLL_CO_TRY(const rpc::Header header, co_await endpoint.latest_block());
    facts.head = header.head;
    const Hash32 at = facts.head.hash;
    const std::vector<Named> all = contracts(config, executor);
    for (const Named& contract : all)
        PLIMSOLL_CO_CHECK(co_await require_code(endpoint, contract, at));
    Call ask_native = getter(config.uniswap_v3.router, codec::selector("WETH9()"));
    PLIMSOLL_CO_TRY(facts.native_asset, co_await ask_address(endpoint, std::move(ask_native), "WETH9()", at));
    if (executor == OwnExecutor::none) co_return facts;

    PLIMSOLL_CO_CHECK(co_await require_version(endpoint, config.executor.address, at));
    Call ask_operator = getter(config.executor.address, codec::selector("operator()"));
    Call ask_receiver = getter(config.executor.address, codec::selector("receiver()"));
    PLIMSOLL_CO_TRY(facts.operator_address,
                    co_await ask_address(endpoint, std::move(ask_operator), "operator()", at));
    PLIMSOLL_CO_TRY(facts.receiver,
                    co_await ask_address(endpoint, std::move(ask_receiver), "receiver()", at));
    co_return facts;
}

}  // namespace plimsoll::bot
