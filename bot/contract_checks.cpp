// SPDX-License-Identifier: Apache-2.0
#include "bot/contract_checks.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"

#include <utility>

namespace plimsoll::bot {
namespace {

/// `contract.getter()` is expected to be `expected`.
struct Relation {
    std::string name;
    Address contract;
    std::string getter;
    codec::Selector selector;
    Address expected;
};

void add_uniswap(const config::Config& config, std::vector<Relation>& out) {
    const config::UniswapV3& uniswap = config.uniswap_v3;
    out.push_back({"uniswap_v3.quoter knows uniswap_v3.factory", uniswap.quoter, "factory()",
                   codec::selector("factory()"), uniswap.factory});
    out.push_back({"uniswap_v3.router knows uniswap_v3.factory", uniswap.router, "factory()",
                   codec::selector("factory()"), uniswap.factory});
    if (!config.chain.wrapped_native) return;
    out.push_back({"uniswap_v3.router knows chain.wrapped_native", uniswap.router, "WETH9()",
                   codec::selector("WETH9()"), *config.chain.wrapped_native});
}

std::vector<Relation> relations(const config::Config& config) {
    std::vector<Relation> out;
    for (const config::Venue& venue : config.venues) {
        if (!venue.provider) continue;
        out.push_back({"the pool of [[venue]] " + venue.name + " names its provider", venue.pool,
                       "ADDRESSES_PROVIDER()", codec::selector("ADDRESSES_PROVIDER()"), *venue.provider});
        out.push_back({"the provider of [[venue]] " + venue.name + " names its pool", *venue.provider,
                       "getPool()", codec::selector("getPool()"), venue.pool});
    }
    add_uniswap(config, out);
    return out;
}

async::Task<Result<void>> hold(rpc::Endpoint& endpoint, Relation relation, Hash32 at) {
    PLIMSOLL_CO_TRY(const std::optional<Address> told,
                    co_await ask_for_address(endpoint, relation.contract, relation.selector, at));
    if (told == relation.expected) co_return Result<void>{};
    const std::string says = told ? "says " + to_string(*told) : std::string{"has no such function"};
    co_return fail(Errc::malformed_reply, relation.name + ": " + relation.getter + " of " +
                                              to_string(relation.contract) + " " + says +
                                              ", the configuration " + to_string(relation.expected) +
                                              "; correct the address");
}

async::Task<Result<void>> has_code(rpc::Endpoint& endpoint, std::string name, Address contract, Hash32 at) {
    PLIMSOLL_CO_TRY(const Bytes code, co_await endpoint.get_code(contract, at));
    if (!code.empty()) co_return Result<void>{};
    co_return fail(Errc::no_code, name + " " + to_string(contract) + " holds no contract");
}

struct CodeWish {
    std::string name;
    Address address;
};

std::vector<CodeWish> wanted_code(const config::Config& config) {
    std::vector<CodeWish> out;
    if (config.chain.multicall3) out.push_back({"chain.multicall3", *config.chain.multicall3});
    for (const config::PriceGuard& guard : config.price_guards)
        out.push_back({"the source of a [[price_guard]]", guard.source});
    return out;
}

}  // namespace

async::Task<Result<std::optional<Address>>> ask_for_address(rpc::Endpoint& endpoint, Address contract,
                                                            codec::Selector getter, Hash32 at) {
    Call call{contract, codec::AbiWriter{getter}.take()};
    PLIMSOLL_CO_TRY(const rpc::CallAnswer answer, co_await endpoint.call(std::move(call), at));
    if (answer.reverted) co_return std::optional<Address>{};
    codec::AbiReader reader{answer.data};
    const Address told = reader.address();
    if (!reader.finish("an address")) co_return std::optional<Address>{};
    co_return std::optional<Address>{told};
}

async::Task<std::vector<ContractCheck>> check_contracts(rpc::Endpoint& endpoint, const config::Config& config,
                                                        Hash32 at) {
    std::vector<ContractCheck> out;
    const std::vector<Relation> all = relations(config);
    for (const Relation& relation : all) {
        Result<void> held = co_await hold(endpoint, relation, at);
        out.push_back({relation.name, std::move(held)});
    }
    const std::vector<CodeWish> wishes = wanted_code(config);
    for (const CodeWish& wish : wishes) {
        Result<void> there = co_await has_code(endpoint, wish.name, wish.address, at);
        out.push_back({wish.name + " is a contract", std::move(there)});
    }
    co_return out;
}

async::Task<Result<void>> require_contracts(rpc::Endpoint& endpoint, const config::Config& config,
                                            Hash32 at) {
    const std::vector<ContractCheck> all = co_await check_contracts(endpoint, config, at);
    for (const ContractCheck& one : all)
        if (!one.result) co_return tl::make_unexpected(one.result.error());
    co_return Result<void>{};
}

async::Task<Result<strategy::RouterKind>> read_router_kind(rpc::Endpoint& endpoint, Address router,
                                                           Hash32 at) {
    PLIMSOLL_CO_TRY(const Bytes code, co_await endpoint.get_code(router, at));
    const std::optional<strategy::RouterKind> kind = strategy::router_kind(code);
    if (kind) co_return *kind;
    co_return fail(Errc::malformed_reply,
                   "uniswap_v3.router " + to_string(router) +
                       " is neither Uniswap's SwapRouter nor SwapRouter02, the two that the Executor can "
                       "sell through; correct the address");
}

}  // namespace plimsoll::bot
