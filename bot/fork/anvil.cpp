// SPDX-License-Identifier: Apache-2.0
#include "bot/fork/anvil.hpp"

#include "chain/async/deadline.hpp"
#include "chain/primitives/hex.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <chrono>
#include <system_error>
#include <utility>

namespace plimsoll::bot {

namespace {

constexpr std::chrono::seconds kStartLimit{60};
constexpr std::size_t kSaidKept = 4096;
constexpr std::string_view kListening = "Listening on ";

std::string quoted(BytesView bytes) {
    std::string out{"\"0x"};
    append_hex(out, bytes);
    return out + '"';
}

/// A quantity: hex without leading zeros.
std::string quantity(const U256& value) {
    std::string digits;
    append_hex(digits, value.to_be());
    const std::size_t first = digits.find_first_not_of('0');
    return "\"0x" + (first == std::string::npos ? std::string{"0"} : digits.substr(first)) + '"';
}

std::vector<std::string> arguments_for(const std::string& upstream) {
    return {"--fork-url",
            upstream,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--chain-id",
            std::to_string(kForkChain.value),
            "--accounts",
            "0",
            "--no-mining",
            "--order",
            "fifo",
            "--no-storage-caching",
            "--no-rate-limit",
            "--prune-history",
            "16",
            "--no-request-size-limit"};
}

/// Its last lines on one, for an error message.
std::string tail_of(const std::string& said) {
    constexpr std::size_t kTail = 400;
    return rpc::printable(said.size() > kTail ? said.substr(said.size() - kTail) : said, kTail);
}

}  // namespace

Anvil::Anvil(boost::asio::any_io_executor executor) : executor_{executor}, output_{executor} {}

Anvil::~Anvil() = default;

async::Task<Result<void>> Anvil::start(AnvilParams params) {
    std::error_code failed;
    std::filesystem::remove_all(params.folder, failed);
    std::filesystem::create_directories(params.folder, failed);
    if (failed) co_return fail(Errc::storage_failed, params.folder.string() + ": " + failed.message());
    const std::string home = std::filesystem::absolute(params.folder).string();
    ChildParams child;
    child.program = params.program;
    child.arguments = arguments_for(params.upstream);
    child.environment.emplace("HOME", home);
    child.environment.emplace("TMPDIR", home);
    Result<std::unique_ptr<ChildProcess>> process = ChildProcess::start(child);
    if (!process) {
        co_return fail(Errc::not_found, "fork.anvil: " + process.error().context +
                                            "; install Foundry (getfoundry.sh), or name the binary there");
    }
    process_ = *std::move(process);
    output_.assign(process_->take_output());
    PLIMSOLL_CO_CHECK(co_await until_listening());
    rpc::TransportParams transport;
    transport.url = *rpc::parse_url("http://" + address_);
    transport.connect_timeout = std::chrono::seconds{5};
    transport.request_timeout = std::chrono::seconds{120};  // a reset waits for the origin
    transport.idle_timeout = std::chrono::seconds{60};
    transport.max_message = std::size_t{32} << 20U;
    rpc_ = std::make_unique<JsonRpc>(executor_, std::move(transport));
    co_return Result<void>{};
}

async::Task<Result<void>> Anvil::read_some() {
    std::array<char, 4096> some{};
    const auto [failed, count] =
        co_await output_.async_read_some(boost::asio::buffer(some), async::use_tuple);
    if (failed == boost::asio::error::operation_aborted)  // we ended, not anvil
        throw boost::system::system_error{failed};
    if (failed) co_return fail(Errc::disconnected, "anvil ended: " + tail_of(said_));
    said_.append(some.data(), count);
    if (said_.size() > 2 * kSaidKept) said_.erase(0, said_.size() - kSaidKept);
    co_return Result<void>{};
}

async::Task<Result<void>> Anvil::until_listening() {
    const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
    for (;;) {
        const auto left = deadline - std::chrono::steady_clock::now();
        const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(left);
        const Result<void> read = co_await async::with_deadline(read_some(), limit);
        if (!read && read.error().code == Errc::timed_out)
            co_return fail(Errc::timed_out, "anvil did not start: " + tail_of(said_));
        if (!read) co_return read;
        const std::size_t at = said_.find(kListening);
        const std::size_t end = at == std::string::npos ? at : said_.find('\n', at);
        if (end == std::string::npos) continue;
        address_ = said_.substr(at + kListening.size(), end - at - kListening.size());
        co_return Result<void>{};
    }
}

async::Task<Error> Anvil::ended() {
    for (;;) {
        Result<void> read = co_await read_some();
        if (!read) co_return std::move(read).error();
    }
}

async::Task<Result<void>> Anvil::tell(std::string method, std::string params) {
    PLIMSOLL_CO_CHECK(co_await rpc_->result(std::move(method), std::move(params)));
    co_return Result<void>{};
}

async::Task<Result<Bytes>> Anvil::bytes(std::string method, std::string params) {
    PLIMSOLL_CO_TRY(const std::string text, co_await rpc_->result(method, std::move(params)));
    boost::system::error_code bad;
    const boost::json::value value = boost::json::parse(text, bad);
    const boost::json::string* const hex = bad ? nullptr : value.if_string();
    std::string digits = hex == nullptr ? std::string{} : std::string{*hex};
    if (digits.size() % 2 != 0) digits.insert(2, "0");  // a quantity
    Result<Bytes> out = parse_hex(digits);
    if (hex != nullptr && out) co_return *std::move(out);
    co_return fail(Errc::malformed_reply, method + " of anvil: " + rpc::printable(text, 80));
}

async::Task<Result<void>> Anvil::reset(BlockNumber number) {
    return tell("anvil_reset", R"([{"forking":{"blockNumber":)" + std::to_string(number.value) + "}}]");
}

async::Task<Result<void>> Anvil::set_balance(Address account, Wei balance) {
    return tell("anvil_setBalance", "[" + quoted(account.bytes) + "," + quantity(balance.raw()) + "]");
}

async::Task<Result<void>> Anvil::set_code(Address account, Bytes code) {
    return tell("anvil_setCode", "[" + quoted(account.bytes) + "," + quoted(code) + "]");
}

async::Task<Result<void>> Anvil::set_storage(Address account, U256 slot, Hash32 value) {
    return tell("anvil_setStorageAt",
                "[" + quoted(account.bytes) + "," + quantity(slot) + "," + quoted(value.bytes) + "]");
}

async::Task<Result<Hash32>> Anvil::storage(Address account, U256 slot) {
    PLIMSOLL_CO_TRY(const Bytes word,
                    co_await bytes("eth_getStorageAt",
                                   "[" + quoted(account.bytes) + "," + quantity(slot) + ",\"latest\"]"));
    Hash32 out;
    if (word.size() != out.bytes.size()) co_return fail(Errc::malformed_reply, "anvil: a storage word");
    std::copy(word.begin(), word.end(), out.bytes.begin());
    co_return out;
}

async::Task<Result<void>> Anvil::mine(Timestamp time, Wei base_fee) {
    PLIMSOLL_CO_CHECK(co_await tell("anvil_setNextBlockBaseFeePerGas", "[" + quantity(base_fee.raw()) + "]"));
    co_return co_await tell("evm_mine", R"([{"blocks":1,"timestamp":)" + std::to_string(time.value) + "}]");
}

async::Task<Result<Wei>> Anvil::balance(Address account) {
    PLIMSOLL_CO_TRY(const Bytes word,
                    co_await bytes("eth_getBalance", "[" + quoted(account.bytes) + ",\"latest\"]"));
    if (word.size() > 32) co_return fail(Errc::malformed_reply, "anvil: a balance beyond 256 bits");
    co_return Wei{U256::from_be(word)};
}

async::Task<Result<Bytes>> Anvil::call(Address to, Bytes data) {
    return bytes("eth_call",
                 R"([{"to":)" + quoted(to.bytes) + R"(,"data":)" + quoted(data) + "},\"latest\"]");
}

async::Task<Result<Hash32>> Anvil::block_hash(BlockNumber number) {
    PLIMSOLL_CO_TRY(
        const std::string text,
        co_await rpc_->result("eth_getBlockByNumber", "[" + quantity(U256{number.value}) + ",false]"));
    boost::system::error_code bad;
    const boost::json::value block = boost::json::parse(text, bad);
    const boost::json::object* const header = bad ? nullptr : block.if_object();
    const boost::json::value* const hash = header == nullptr ? nullptr : header->if_contains("hash");
    if (hash == nullptr || !hash->is_string())
        co_return fail(Errc::not_found, "anvil has no block " + std::to_string(number.value));
    const Result<Bytes> bytes = parse_hex(std::string{hash->get_string()});
    Hash32 out;
    if (!bytes || bytes->size() != out.bytes.size())
        co_return fail(Errc::malformed_reply, "anvil: a block hash");
    std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
    co_return out;
}

}  // namespace plimsoll::bot
