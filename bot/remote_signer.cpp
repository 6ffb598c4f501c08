// SPDX-License-Identifier: Apache-2.0
#include "bot/remote_signer.hpp"

#include "bot/endpoint_params.hpp"
#include "bot/fork/json_rpc.hpp"
#include "chain/primitives/hex.hpp"
#include "signer/keys/private_file.hpp"
#include "signer/remote_signing.hpp"

#include <boost/json/parse.hpp>

#include <chrono>
#include <utility>

namespace plimsoll::bot {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kConnectTimeout{2'000};
constexpr std::chrono::milliseconds kAnswerTimeout{3'000};
constexpr std::size_t kMaxAnswer = std::size_t{1} << 20U;
constexpr std::size_t kMaxKeyFile = std::size_t{64} << 10U;

/// The bytes in a result: web3signer and op-signer return a string, geth and clef an object with `raw`.
Result<Bytes> bytes_in(const std::string& result) {
    boost::system::error_code bad;
    const json::value value = json::parse(result, bad);
    const json::value* text = bad ? nullptr : &value;
    if (text != nullptr && text->is_object()) text = text->get_object().if_contains("raw");
    if (text == nullptr || !text->is_string())
        return fail(Errc::rpc_rejected, "the remote signer's answer holds no transaction");
    const json::string& hex = text->get_string();
    Result<Bytes> out = parse_hex({hex.data(), hex.size()});
    // The text itself is not repeated: whoever answers nonsense may answer anything.
    if (!out) return fail(Errc::rpc_rejected, "the remote signer's answer is no hex string");
    return out;
}

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
        co_return bytes_in(*answer);
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
