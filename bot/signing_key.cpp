// SPDX-License-Identifier: Apache-2.0
#include "bot/signing_key.hpp"

#include "bot/endpoint_params.hpp"
#include "bot/remote_signer.hpp"
#include "chain/async/condition.hpp"
#include "signer/keys/keystore.hpp"
#include "signer/keys/private_file.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace plimsoll::bot {
namespace {

constexpr std::size_t kMaxPassword = 1'024;

/// What the thread leaves for the loop; it may outlive the task that waits.
struct Opening {
    explicit Opening(const async::asio::any_io_executor& executor) : done{executor} {}
    async::Condition done;
    std::optional<Result<signer::Key>> key;
};

Result<signer::Key> open_keystore(const config::Signer& from) {
    PLIMSOLL_TRY(signer::SecretBytes password, signer::read_private_file(from.password_file, kMaxPassword));
    password.drop_line_end();
    return signer::open_keystore_file(from.keystore, password);
}

}  // namespace

async::Task<Result<signer::Key>> load_signing_key(config::Signer from, ChainId chain,
                                                  std::vector<std::string> endpoints) {
    if (from.type == config::SignerType::dev) co_return signer::dev_key(chain, endpoints);
    if (from.type == config::SignerType::remote)
        co_return fail(Errc::refused, "signer.type is \"remote\": this needs a key of its own");
    if (from.type == config::SignerType::none) co_return fail(Errc::refused, "signer.type is \"none\"");
    auto executor = co_await async::asio::this_coro::executor;
    const auto opening = std::make_shared<Opening>(executor);
    const std::jthread worker{[opening, executor, from = std::move(from)] {
        auto finish = [opening, key = open_keystore(from)]() mutable {
            opening->key = std::move(key);
            opening->done.notify_all();
        };
        async::asio::post(executor, std::move(finish));
    }};
    while (!opening->key)
        co_await opening->done.wait();
    co_return std::move(*opening->key);
}

async::Task<Result<signer::Key>> load_configured_key(const config::Config& config) {
    std::vector<std::string> urls;
    for (const config::Endpoint& one : config.endpoints) {
        PLIMSOLL_CO_TRY(const rpc::EndpointParams params, endpoint_params(one, config.chain.id));
        urls.push_back(bare_address(params.url));
    }
    co_return co_await load_signing_key(config.signer, config.chain.id, std::move(urls));
}

async::Task<Result<KeyHolder>> load_key_holder(const config::Config& config) {
    if (config.signer.type == config::SignerType::remote) {
        auto executor = co_await async::asio::this_coro::executor;
        PLIMSOLL_CO_TRY(std::unique_ptr<RemoteKey> remote, open_remote_signer(executor, config.signer));
        co_return KeyHolder{std::move(remote)};
    }
    PLIMSOLL_CO_TRY(signer::Key key, co_await load_configured_key(config));
    co_return KeyHolder{std::move(key)};
}

}  // namespace plimsoll::bot
