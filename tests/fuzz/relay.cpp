// SPDX-License-Identifier: Apache-2.0
// What relays, builders and remote signers answer. Input: the method that was asked, then the frame or, of a
// signer, the result in it.
#include "bot/remote_answer.hpp"
#include "chain/rpc/error_dialects.hpp"
#include "chain/rpc/message_reader.hpp"
#include "signer/remote_signing.hpp"
#include "tests/fuzz/input.hpp"

#include <array>
#include <cstring>
#include <string>

namespace plimsoll::fuzz {
namespace {

constexpr std::array kAsked{rpc::Method::send_private_transaction, rpc::Method::cancel_private_transaction,
                            rpc::Method::send_bundle, rpc::Method::call_bundle};

class Asking final : public rpc::MessageContext {
  public:
    explicit Asking(rpc::Method method) : method_{method} {}
    [[nodiscard]] std::optional<rpc::Method> method_of(rpc::RequestId) const override { return method_; }
    [[nodiscard]] rpc::SubscriptionKind kind_of(std::string_view) const override {
        return rpc::SubscriptionKind::unknown;
    }

  private:
    rpc::Method method_;
};

void require_printable(const std::string& text, std::size_t limit) {
    require(text.size() <= limit, "a relay's text is bounded");
    for (const char c : text)
        require(c >= ' ' && c <= '~', "a relay's text is printable");
}

void check_body(rpc::Method method, const rpc::ReplyBody& body, std::string_view frame) {
    const auto says = [frame](std::string_view word) {
        // Escapes may spell any word.
        return frame.find(word) != std::string_view::npos || frame.find('\\') != std::string_view::npos;
    };
    if (std::holds_alternative<std::monostate>(body))
        return require(says("null"), "nothing comes of null only");
    switch (method) {
        case rpc::Method::send_private_transaction:
            require(std::holds_alternative<Hash32>(body), "a private transaction is answered with a hash");
            break;
        case rpc::Method::cancel_private_transaction:
            require(std::holds_alternative<bool>(body), "a cancellation is answered with yes or no");
            require(says(std::get<bool>(body) ? "true" : "false"), "yes is what says true");
            break;
        case rpc::Method::send_bundle: {
            const auto* const taken = std::get_if<rpc::BundleTaken>(&body);
            require(taken != nullptr, "a bundle is taken or not");
            require(!taken->bundle_hash || says("bundleHash"), "a bundle's hash was told");
            break;
        }
        default: {
            const auto* const simulated = std::get_if<rpc::BundleSimulation>(&body);
            require(simulated != nullptr, "a simulation has an end");
            require(says("results"), "a simulation without results is none");
            require(!simulated->failed || says("error") || says("revert"), "a failure was told");
            require_printable(simulated->text, 256);
        }
    }
}

/// What make_corpus.mjs has signed with the first key of every local chain.
signer::Transaction asked() {
    signer::Transaction out;
    out.chain_id = ChainId{31337};
    out.nonce = Nonce{7};
    out.max_priority_fee_per_gas = to_wei(Gwei{1});
    out.max_fee_per_gas = to_wei(Gwei{30});
    out.gas_limit = Gas{500'000};
    out.to.emplace().bytes.fill(0xEE);
    out.data = {0xAB, 0xCD, 0xEF, 0x01, 0x07};
    return out;
}

void read_signature(BytesView bytes) {
    static const Address signer_address = parse_address("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266").value();
    static const signer::Transaction fields = asked();
    const std::string text{bytes.begin(), bytes.end()};
    const Result<Bytes> raw = bot::bytes_of_answer(text);
    if (!raw) {
        require(raw.error().code == Errc::rpc_rejected, "no bytes are a refusal");
        return require_printable(raw.error().context, 128);
    }
    require(2 * raw->size() <= text.size(), "all of the bytes were told");
    const Result<signer::SignedTransaction> made = signer::check_signed(*raw, fields, signer_address);
    if (!made) {
        require(made.error().code == Errc::malformed_reply, "another transaction is no answer");
        return;
    }
    require(made->raw == *raw && made->fields == fields, "what is taken is what was asked for");
    require(signer::sender_of(*made) == signer_address, "by the key that was asked");
}

}  // namespace

void run(BytesView data) {
    constexpr std::size_t kMaxMessage = 1U << 16U;
    static rpc::MessageReader reader{kMaxMessage};
    Input input{data};
    const std::size_t which = input.byte() % (kAsked.size() + 1);
    const BytesView bytes = input.rest();
    if (which == kAsked.size()) return read_signature(bytes);
    const rpc::Method method = kAsked.at(which);
    std::string text(bytes.begin(), bytes.end());
    text.resize(bytes.size() + rpc::kFramePadding, ' ');
    const std::string_view frame{text.data(), bytes.size()};
    const Result<rpc::Message> message = reader.read(frame, Asking{method});
    if (!message) return;
    const auto* const reply = std::get_if<rpc::Reply>(&*message);
    if (reply == nullptr) return;
    if (reply->answer) return check_body(method, *reply->answer, frame);
    const rpc::RequestError& error = reply->answer.error();
    require(error.meaning != rpc::ErrorClass::none, "an error is never an acceptance");
    require_printable(error.text, 512);
    if (error.code != Errc::malformed_reply)
        require(error.meaning == rpc::classify(error.rpc_code, error.text),
                "a class follows from code and text");
}

}  // namespace plimsoll::fuzz
