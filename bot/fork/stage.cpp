// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/stage.hpp"

#include "bot/fork/executor_code.hpp"  // made at build time
#include "chain/codec/abi_reader.hpp"
#include "chain/codec/abi_writer.hpp"
#include "chain/codec/revert.hpp"
#include "chain/codec/selector.hpp"
#include "chain/fees/base_fee.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"
#include "signer/transaction.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace plimsoll::bot {

namespace {

const Wei kPocketMoney{U256{1'000} * pow10(18)};  // the key's, on the fork
constexpr Gas kDeploymentGas{8'000'000};
constexpr unsigned kMostBlocks = 8;  // for one batch

rpc::TransportParams transport_to(const rpc::EndpointParams& origin) {
    rpc::TransportParams out;
    out.url = origin.url;
    out.headers = origin.headers;
    out.tls = origin.tls;
    out.connect_timeout = origin.connect_timeout;
    out.request_timeout = std::chrono::seconds{30};
    out.idle_timeout = origin.idle_timeout;
    out.max_message = origin.max_message;
    return out;
}

Call balance_of(const Address& token, const Address& holder) {
    codec::AbiWriter writer{codec::selector("balanceOf(address)")};
    writer.address(holder);
    return Call{token, writer.take()};
}

/// The Executor's creation code with owner, operator and receiver behind it.
Bytes creation(const Address& key, const Address& receiver) {
    Bytes out = parse_hex(kExecutorCreation).value();
    codec::AbiWriter arguments;
    arguments.address(key).address(key).address(receiver);
    const Bytes tail = arguments.take();
    out.insert(out.end(), tail.begin(), tail.end());
    return out;
}

/// Where the first transaction of an account creates a contract: the hash of RLP([account, 0]).
Address created_by(const Address& account) {
    Bytes list{0xd6, 0x94};
    list.insert(list.end(), account.bytes.begin(), account.bytes.end());
    list.push_back(0x80);
    return Address::from_word(keccak256(BytesView{list}));
}

}  // namespace

ForkStage::ForkStage(boost::asio::any_io_executor executor, rpc::EndpointParams origin)
    : io_{executor}, gateway_{executor, transport_to(origin)}, anvil_{executor} {}

ForkStage::~ForkStage() = default;

async::Task<Result<void>> ForkStage::start(Params params, Head at) {
    params_ = std::move(params);
    AnvilParams node;
    node.program = params_.anvil;
    node.folder = params_.folder;
    node.upstream = gateway_.url();
    PLIMSOLL_CO_CHECK(co_await anvil_.start(std::move(node)));
    PLIMSOLL_CO_CHECK(co_await make_accounts());
    PLIMSOLL_CO_CHECK(co_await connect());
    PLIMSOLL_CO_CHECK(co_await deploy(at));
    co_return co_await remember_executor();
}

async::Task<Result<void>> ForkStage::make_accounts() {
    Result<signer::Key> key = signer::throwaway_key();
    if (!key) co_return tl::make_unexpected(key.error());
    const Result<signer::Key> other = signer::throwaway_key();
    if (!other) co_return tl::make_unexpected(other.error());
    key_.emplace(*std::move(key));
    receiver_ = other->address();
    co_return Result<void>{};
}

async::Task<Result<void>> ForkStage::connect() {
    rpc::EndpointParams params;
    params.url = *rpc::parse_url("ws://" + anvil_.address());
    params.chain_id = kForkChain;
    params.request_timeout = std::chrono::seconds{120};  // what it computes waits for the origin
    node_ = std::make_unique<rpc::Endpoint>(io_, std::move(params));
    return node_->connect();
}

async::Task<Result<void>> ForkStage::deploy(Head at) {
    PLIMSOLL_CO_CHECK(co_await anvil_.reset(at.number));
    PLIMSOLL_CO_CHECK(co_await anvil_.set_balance(key_->address(), kPocketMoney));
    signer::Transaction fields;
    fields.chain_id = kForkChain;
    fields.max_fee_per_gas = fees::next_base_fee(at);
    fields.gas_limit = kDeploymentGas;
    fields.data = creation(key_->address(), receiver_);
    const signer::Signature signature = key_->sign(signer::signing_hash(fields));
    const signer::SignedTransaction made = signer::assemble(std::move(fields), signature);
    const rpc::SendAnswer sent = co_await node_->send_raw_transaction(made.raw);
    if (sent.meaning != rpc::ErrorClass::none) co_return fail(Errc::rpc_rejected, "Executor: " + sent.text);
    const Wei base_fee = fees::next_base_fee(at);
    PLIMSOLL_CO_CHECK(co_await anvil_.mine(at.timestamp.next(params_.block_seconds), base_fee));
    PLIMSOLL_CO_TRY(const auto receipt, co_await node_->transaction_receipt(made.hash));
    if (!receipt || !receipt->succeeded)
        co_return fail(Errc::reverted, "the Executor cannot be deployed here");
    executor_address_ = created_by(key_->address());
    PLIMSOLL_CO_TRY(executor_code_, co_await node_->get_code(executor_address_, receipt->block_hash));
    if (executor_code_ != parse_hex(kExecutorRuntime).value())
        co_return fail(Errc::no_code, "the Executor on the fork has other code than this program's");
    co_return Result<void>{};
}

async::Task<Result<void>> ForkStage::remember_executor() {
    for (std::size_t slot = 0; slot < executor_storage_.size(); ++slot) {
        PLIMSOLL_CO_TRY(executor_storage_[slot], co_await anvil_.storage(executor_address_, U256{slot}));
    }
    co_return Result<void>{};
}

async::Task<Result<void>> ForkStage::set_to(Head head) {
    set_to_ = Hash32{};
    PLIMSOLL_CO_CHECK(co_await anvil_.reset(head.number));
    PLIMSOLL_CO_TRY(const Hash32 hash, co_await anvil_.block_hash(head.number));
    if (hash != head.hash)
        co_return fail(Errc::not_found, "the origin no longer has block " + to_string(head.hash));
    PLIMSOLL_CO_CHECK(co_await anvil_.set_balance(key_->address(), kPocketMoney));
    PLIMSOLL_CO_CHECK(co_await anvil_.set_code(executor_address_, executor_code_));
    for (std::size_t slot = 0; slot < executor_storage_.size(); ++slot) {
        PLIMSOLL_CO_CHECK(
            co_await anvil_.set_storage(executor_address_, U256{slot}, executor_storage_[slot]));
    }
    for (const ShockedSource& source : sources_) {
        PLIMSOLL_CO_CHECK(co_await anvil_.set_code(source.original, source.original_code));
        PLIMSOLL_CO_CHECK(co_await anvil_.set_code(source.source, source.code));
    }
    set_to_ = head.hash;
    newest_ = head;
    co_return Result<void>{};
}

async::Task<Result<void>> ForkStage::send(ForkedSend& one) {
    const rpc::SendAnswer answer = co_await node_->send_raw_transaction(one.raw);
    if (answer.meaning != rpc::ErrorClass::none) one.trouble = answer.text;
    co_return Result<void>{};
}

async::Task<Result<void>> ForkStage::mine_all(ForkedBatch& batch) {
    for (unsigned mined = 0; mined < kMostBlocks; ++mined) {
        const Hash32 parent = newest_.hash;
        const Timestamp time = newest_.timestamp.next(params_.block_seconds);
        const Wei base_fee = fees::next_base_fee(newest_);
        PLIMSOLL_CO_CHECK(co_await anvil_.mine(time, base_fee));
        PLIMSOLL_CO_TRY(const rpc::Header made, co_await node_->latest_block());
        newest_ = made.head;
        bool all = true;
        for (ForkedSend& one : batch.sends) {
            if (one.receipt || !one.trouble.empty()) continue;
            PLIMSOLL_CO_TRY(one.receipt, co_await node_->transaction_receipt(one.hash));
            all = all && one.receipt;
            if (one.receipt && !one.receipt->succeeded) co_await explain(one, parent);
        }
        if (all) break;
    }
    batch.mined_in = newest_.number;
    for (ForkedSend& one : batch.sends) {
        if (!one.receipt && one.trouble.empty()) one.trouble = "no block had room for it";
    }
    co_return Result<void>{};
}

/// A guess, as of the block before; the receipt itself does not say why.
async::Task<void> ForkStage::explain(ForkedSend& one, Hash32 parent) {
    rpc::CallFrom call{key_->address(), executor_address_, one.decision.calldata};
    const Result<rpc::CallAnswer> answer = co_await node_->call_from(std::move(call), parent);
    one.trouble = "reverted";
    if (answer && answer->reverted) one.trouble = codec::describe_revert(answer->data);
}

async::Task<Result<std::vector<TokenProfit>>> ForkStage::holdings(const ForkedBatch& batch) {
    std::set<Address> tokens;
    for (const ForkedSend& one : batch.sends) {
        tokens.insert(one.decision.opportunity.quote.debt_asset);
        tokens.insert(one.decision.opportunity.quote.collateral_asset);
    }
    std::vector<TokenProfit> out;
    for (const Address& token : tokens) {
        Call call = balance_of(token, receiver_);
        PLIMSOLL_CO_TRY(const Bytes word, co_await anvil_.call(call.to, std::move(call.data)));
        codec::AbiReader reader{word};
        out.push_back(TokenProfit{token, TokenAmount{reader.u256()}});
        PLIMSOLL_CO_CHECK(reader.finish("balanceOf"));
    }
    co_return out;
}

async::Task<Result<void>> ForkStage::play(ForkedBatch& batch) {
    if (set_to_ != batch.head.hash) PLIMSOLL_CO_CHECK(co_await set_to(batch.head));
    PLIMSOLL_CO_TRY(const std::vector<TokenProfit> before, co_await holdings(batch));
    PLIMSOLL_CO_TRY(const Wei purse, co_await anvil_.balance(key_->address()));
    for (ForkedSend& one : batch.sends)
        PLIMSOLL_CO_CHECK(co_await send(one));
    PLIMSOLL_CO_CHECK(co_await mine_all(batch));
    PLIMSOLL_CO_TRY(const std::vector<TokenProfit> after, co_await holdings(batch));
    PLIMSOLL_CO_TRY(const Wei left, co_await anvil_.balance(key_->address()));
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (after[i].amount > before[i].amount)
            batch.received.push_back(TokenProfit{after[i].token, after[i].amount - before[i].amount});
    }
    batch.spent = purse - left;
    co_return Result<void>{};
}

}  // namespace plimsoll::bot
