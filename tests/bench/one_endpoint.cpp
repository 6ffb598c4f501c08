// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/one_endpoint.hpp"

#include "tests/bench/driven_submission.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::bench {

namespace {

constexpr std::size_t kCalldata = 1'000;

}  // namespace

async::Task<rpc::SendAnswer> OneEndpoint::send(signer::Send send) {
    co_return co_await endpoint_.send_raw_transaction(std::move(send.raw));
}

async::Task<Result<std::optional<rpc::Receipt>>> OneEndpoint::receipt(Hash32 transaction) {
    co_return co_await endpoint_.transaction_receipt(transaction);
}

async::Task<Result<bool>> OneEndpoint::in_pool(Hash32 transaction) {
    co_return co_await endpoint_.in_pool(transaction);
}

async::Task<Result<bot::NonceCounts>> OneEndpoint::nonces(Address sender) {
    const Result<Nonce> latest = co_await endpoint_.transaction_count(sender, rpc::CountAt::latest);
    if (!latest) co_return tl::make_unexpected(latest.error());
    const Result<Nonce> pending = co_await endpoint_.transaction_count(sender, rpc::CountAt::pending);
    if (!pending) co_return tl::make_unexpected(pending.error());
    const bot::NonceCounts counts{*latest, *pending};
    co_return counts;
}

rpc::EndpointParams endpoint_params(const std::string& url, std::size_t in_flight) {
    rpc::EndpointParams out;
    out.url = rpc::parse_url(url).value();
    out.max_in_flight = in_flight;
    out.chain_id = kChain;
    return out;
}

signer::Intent intent(std::uint64_t id) {
    signer::Intent out;
    out.id = id;
    out.key.chain = kChain;
    out.key.account = Address{};
    for (std::size_t i = 0; i < 8; ++i)
        out.key.account.bytes[19 - i] = static_cast<std::uint8_t>(id >> (8 * i));
    out.to = call_target();
    out.calldata.assign(kCalldata, 0x5A);
    std::copy(kSelector.begin(), kSelector.end(), out.calldata.begin());
    out.gas_limit = Gas{800'000};
    out.last_block = BlockNumber{1'000};
    return out;
}

}  // namespace plimsoll::bench
