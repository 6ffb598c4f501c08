// SPDX-License-Identifier: Apache-2.0
#include "bot/remote_signer.hpp"

#include "bot/endpoint_params.hpp"
#include "bot/fork/json_rpc.hpp"
#include "bot/remote_answer.hpp"
#include "signer/keys/private_file.hpp"
#include "signer/remote_signing.hpp"

#include <chrono>
#include <utility>

namespace plimsoll::bot {
namespace {

constexpr std::chrono::milliseconds kConnectTimeout{2'000};
constexpr std::chrono::milliseconds kAnswerTimeout{3'000};
constexpr std::size_t kMaxAnswer = std::size_t{1} << 20U;
constexpr std::size_t kMaxKeyFile = std::size_t{64} << 10U;

class RemoteSigner final : public RemoteKey {
  public:
    RemoteSigner(async::asio::any_io_executor executor, rpc::TransportParams params, const Address& address)
        : node_{std::move(executor), std::move(params)}, address_{address} {}

    [[nodiscard]] const Address& address() const noexcept override { return address_; }

    async::Task<Result<Bytes>> sign(signer::ApprovedTransaction transaction) override {
        std::string parameters = signer::signing_parameters(address_, transaction.fields());
        const Result<std::string> answer =
            co_await node_.result("eth_signTransaction", std::move(parameters));
        if (!answer) co_return tl::make_unexpected(answer.error());
        co_return bytes_of_answer(*answer);
    }

  private:
    JsonRpc node_;
    Address address_;
};

}  // namespace

Result<std::unique_ptr<RemoteKey>> open_remote_signer(async::asio::any_io_executor executor,
                                                      const config::Signer& from) {
    if (!from.address) return fail(Errc::config_invalid, "signer.address is not set");
    rpc::TransportParams params;
    PLIMSOLL_TRY(params.url, url_of(from.url));
    if (rpc::is_encrypted(params.url.scheme)) {
        // Only to see whether it is private; the TLS library reads it again.
        PLIMSOLL_CHECK(signer::read_private_file(from.client_key, kMaxKeyFile));
    }
    params.tls.ca_file = from.ca_file;
    params.tls.client_cert = from.client_cert;
    params.tls.client_key = from.client_key;
    params.tls.only_tls13 = true;
    params.connect_timeout = kConnectTimeout;
    params.request_timeout = kAnswerTimeout;
    params.max_message = kMaxAnswer;
    return std::make_unique<RemoteSigner>(std::move(executor), std::move(params), *from.address);
}

}  // namespace plimsoll::bot
