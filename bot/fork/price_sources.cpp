// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/price_sources.hpp"

#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/multicall.hpp"
#include "chain/codec/selector.hpp"
#include "chain/primitives/keccak.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace plimsoll::bot {

namespace {

Call getter(const Address& to, codec::Selector selector) {
    return Call{to, Bytes(selector.begin(), selector.end())};
}

Call about(const Address& to, codec::Selector selector, const Address& whom) {
    codec::AbiWriter writer{selector};
    writer.address(whom);
    return Call{to, writer.take()};
}

async::Task<Result<Address>> ask_address(rpc::Endpoint& endpoint, Call call, Hash32 block, std::string what) {
    PLIMSOLL_CO_TRY(const rpc::CallAnswer answer, co_await endpoint.call(std::move(call), block));
    codec::AbiReader reader{answer.data};
    const Address out = reader.address();
    if (answer.reverted) co_return fail(Errc::malformed_reply, what + " reverted");
    PLIMSOLL_CO_CHECK(reader.finish(what));
    co_return out;
}

std::string symbol_in(const codec::CallResult& answer) {
    codec::AbiReader reader{answer.data};
    const std::string_view text = reader.text();
    return answer.success && reader.ok() ? std::string{text} : std::string{};
}

/// The market's assets with the symbols they tell.
async::Task<Result<std::vector<std::pair<Address, std::string>>>> read_assets(rpc::Endpoint& endpoint,
                                                                              Address pool, Hash32 block) {
    Call ask = getter(pool, codec::selector("getReservesList()"));
    PLIMSOLL_CO_TRY(const rpc::CallAnswer answer, co_await endpoint.call(std::move(ask), block));
    codec::AbiReader reader{answer.data};
    codec::AbiReader list = reader.dynamic();
    std::vector<std::pair<Address, std::string>> out(list.length());
    std::vector<Call> calls;
    for (auto& [asset, symbol] : out) {
        asset = list.address();
        calls.push_back(getter(asset, codec::selector("symbol()")));
    }
    reader.absorb(list);
    PLIMSOLL_CO_CHECK(reader.finish("getReservesList()"));
    ReadRequest request{0, block, std::move(calls)};
    const ReadResult read = co_await endpoint.execute(std::move(request));
    if (!read.bytes) co_return tl::make_unexpected(read.bytes.error());
    PLIMSOLL_CO_TRY(const std::vector<codec::CallResult> symbols, codec::decode_aggregate3(*read.bytes));
    if (symbols.size() != out.size()) co_return fail(Errc::malformed_reply, "symbol() of the assets");
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i].second = symbol_in(symbols[i]);
    co_return out;
}

/// Where the code of `source` goes: an address that nobody has the key of.
Address address_for(const Address& source) {
    Bytes seed(source.bytes.begin(), source.bytes.end());
    const std::string_view salt = "plimsoll fork: original code of an oracle source";
    seed.insert(seed.end(), salt.begin(), salt.end());
    return Address::from_word(keccak256(BytesView{seed}));
}

}  // namespace

async::Task<Result<std::vector<ShockedSource>>> find_sources(rpc::Endpoint& endpoint, Address pool,
                                                             Hash32 block, std::vector<PriceShock> shocks) {
    std::vector<ShockedSource> out;
    PLIMSOLL_CO_TRY(const auto assets, co_await read_assets(endpoint, pool, block));
    Call ask_provider = getter(pool, codec::selector("ADDRESSES_PROVIDER()"));
    PLIMSOLL_CO_TRY(const Address provider,
                    co_await ask_address(endpoint, std::move(ask_provider), block, "ADDRESSES_PROVIDER()"));
    Call ask_oracle = getter(provider, codec::selector("getPriceOracle()"));
    PLIMSOLL_CO_TRY(const Address oracle,
                    co_await ask_address(endpoint, std::move(ask_oracle), block, "getPriceOracle()"));
    for (PriceShock& shock : shocks) {
        const auto named = [&shock](const auto& asset) {
            return asset.second == shock.symbol || to_string(asset.first) == shock.symbol;
        };
        const auto found = std::find_if(assets.begin(), assets.end(), named);
        if (found == assets.end())
            co_return fail(Errc::not_found, "--price " + shock.text + ": the market has no such asset");
        ShockedSource source;
        source.asset = found->first;
        Call ask_source = about(oracle, codec::selector("getSourceOfAsset(address)"), source.asset);
        PLIMSOLL_CO_TRY(source.source, co_await ask_address(endpoint, std::move(ask_source), block,
                                                            "getSourceOfAsset(address)"));
        PLIMSOLL_CO_TRY(source.original_code, co_await endpoint.get_code(source.source, block));
        if (source.original_code.empty())
            co_return fail(Errc::no_code, "--price " + shock.text + ": its oracle source has no code");
        source.original = address_for(source.source);
        source.code = shocked_code(source.original, shock.share);
        source.shock = std::move(shock);
        const auto twin = std::find_if(out.begin(), out.end(), [&source](const ShockedSource& other) {
            return other.source == source.source;
        });
        if (twin != out.end())
            co_return fail(Errc::malformed_input, "--price " + source.shock.text + ": " + twin->shock.symbol +
                                                      " has the same oracle source, one shock is enough");
        out.push_back(std::move(source));
    }
    co_return out;
}

}  // namespace plimsoll::bot
