// SPDX-License-Identifier: Apache-2.0
#include "bot/endpoint_network.hpp"

#include <utility>

namespace plimsoll::bot {

async::Task<rpc::SendAnswer> EndpointNetwork::send(signer::Send send) {
    co_return co_await endpoints_.submitter().send_raw_transaction(std::move(send.raw));
}

async::Task<Result<std::optional<rpc::Receipt>>> EndpointNetwork::receipt(Hash32 transaction) {
    co_return co_await endpoints_.submitter().transaction_receipt(transaction);
}

async::Task<Result<NonceCounts>> EndpointNetwork::nonces(Address sender) {
    PLIMSOLL_CO_TRY(const Nonce latest,
                    co_await endpoints_.submitter().transaction_count(sender, rpc::CountAt::latest));
    PLIMSOLL_CO_TRY(const Nonce pending,
                    co_await endpoints_.submitter().transaction_count(sender, rpc::CountAt::pending));
    co_return NonceCounts{latest, pending};
}

}  // namespace plimsoll::bot
