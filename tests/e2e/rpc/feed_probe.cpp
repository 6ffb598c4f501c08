// SPDX-License-Identifier: Apache-2.0
// What the feed and the endpoint see, as JSON lines for a test in another language to judge.
//   plimsoll_feed_probe feed <ws url> <stale ms> <replace ms> [address...]   events until standard input ends
//   plimsoll_feed_probe ask <url> <address>        every read the endpoint offers, once; then a transaction
//   from stdin
#include "chain/async/all_of.hpp"
#include "chain/feed/feed.hpp"
#include "chain/primitives/hex.hpp"
#include "tests/e2e/rpc/probe_output.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {
namespace {

using async::Task;
namespace asio = async::asio;

/// Reads a line from standard input; empty at its end.
Task<std::string> read_line(asio::posix::stream_descriptor& input) {
    std::string line;
    char c = 0;
    for (;;) {
        auto [error, size] = co_await input.async_read_some(asio::buffer(&c, 1), async::use_tuple);
        if (error || size == 0 || c == '\n') break;
        line += c;
    }
    co_return line;
}

/// Each line of the input is a new watch: addresses with spaces between; the end of the input ends the
/// program.
Task<void> take_watches(feed::Feed& feed) {
    asio::posix::stream_descriptor input{co_await asio::this_coro::executor, ::dup(STDIN_FILENO)};
    for (;;) {
        const std::string line = co_await read_line(input);
        if (line.empty()) co_return;
        feed.watch(probe::parse_watch(line));
    }
}

Task<void> ask_all(rpc::Endpoint& endpoint, Address who) {
    const Result<void> connected = co_await endpoint.connect();
    if (!connected) {
        probe::error("connect", connected.error());
        co_return;
    }
    const auto version = co_await endpoint.client_version();
    if (version) probe::field("version", *version);
    const auto chain = co_await endpoint.chain_id();
    if (chain) probe::field("chain", std::to_string(chain->value));
    const auto latest = co_await endpoint.latest_block();
    if (!latest) {
        probe::error("latest", latest.error());
        co_return;
    }
    const Hash32 at = latest->head.hash;
    probe::field("latest", to_string(at));
    const auto by_number = co_await endpoint.block_by_number(latest->head.number);
    if (by_number) probe::field("by_number", to_string(by_number->head.hash));
    const auto by_hash = co_await endpoint.block_by_hash(at);
    if (by_hash) probe::field("by_hash", std::to_string(by_hash->head.number.value));
    const auto beyond = co_await endpoint.block_by_number(latest->head.number.next(1'000));
    if (!beyond) probe::error("beyond", beyond.error());
    const auto balance = co_await endpoint.balance(who);
    if (balance) probe::field("balance", to_decimal(balance->raw()));
    const auto nonce = co_await endpoint.transaction_count(who, rpc::CountAt::pending);
    if (nonce) probe::field("nonce", std::to_string(nonce->value));
    const auto code = co_await endpoint.get_code(who, at);
    if (code) probe::field("code", to_hex(*code));
    const Hash32 nobodys;
    const auto unknown = co_await endpoint.transaction_receipt(nobodys);
    if (unknown) probe::field("unknown_receipt", unknown->has_value() ? "known" : "none");
    co_await probe::ask_contract(endpoint, who, *latest);
}

Task<void> ask(rpc::Endpoint& endpoint, Address who) {
    co_await ask_all(endpoint, who);
    asio::posix::stream_descriptor input{co_await asio::this_coro::executor, ::dup(STDIN_FILENO)};
    for (;;) {
        const std::string line = co_await read_line(input);
        if (line.empty()) co_return;
        co_await probe::command(endpoint, line);
    }
}

rpc::EndpointParams endpoint_params(std::string_view text) {
    auto url = rpc::parse_url(text);
    if (!url) {
        std::cerr << url.error().context << '\n';
        std::exit(64);
    }
    rpc::EndpointParams params;
    params.url = std::move(*url);
    // Of private authorities and headers only these tests know: PROBE_CA, PROBE_HEADER ("Name: value").
    if (const char* const ca = std::getenv("PROBE_CA")) params.tls.ca_file = ca;
    if (const char* const header = std::getenv("PROBE_HEADER")) {
        const std::string line = header;
        const std::size_t colon = line.find(": ");
        params.headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
    }
    params.source = 7;
    params.chain_id = ChainId{31337};
    params.connect_timeout = std::chrono::milliseconds{2'000};
    params.reconnect = {std::chrono::milliseconds{50}, std::chrono::milliseconds{400}};
    return params;
}

int run_feed(const std::vector<std::string>& words) {
    asio::io_context io{1};
    rpc::Endpoint endpoint{io.get_executor(), endpoint_params(words.at(1))};
    feed::FeedParams params;
    params.stale_after = std::chrono::milliseconds{std::stol(words.at(2))};
    params.replace_after = std::chrono::milliseconds{std::stol(words.at(3))};
    params.reconnect = endpoint.params().reconnect;
    feed::Feed feed{endpoint, params, [](Event&& event) { probe::event(event); }};
    feed.on_trouble([](const Error& why, std::chrono::milliseconds) { probe::error("trouble", why); });
    Watch watch;
    for (std::size_t i = 4; i < words.size(); ++i)
        watch.addresses.push_back(parse_address(words[i]).value());
    if (!watch.addresses.empty()) feed.watch(std::move(watch));
    auto family = async::all_of(feed.run(), take_watches(feed));
    asio::co_spawn(io, std::move(family), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    io.run();
    probe::counters(feed.counters(), endpoint.counters());
    return 0;
}

int run_ask(const std::vector<std::string>& words) {
    asio::io_context io{1};
    rpc::Endpoint endpoint{io.get_executor(), endpoint_params(words.at(1))};
    const Address who = parse_address(words.at(2)).value();
    asio::co_spawn(io, ask(endpoint, who), [&endpoint](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
        endpoint.close();
    });
    io.run();
    return 0;
}

}  // namespace
}  // namespace plimsoll

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() >= 4 && words[0] == "feed") return plimsoll::run_feed(words);
    if (words.size() == 3 && words[0] == "ask") return plimsoll::run_ask(words);
    std::cerr
        << "plimsoll_feed_probe feed <ws url> <stale ms> <replace ms> [address...] | ask <url> <address>\n";
    return 64;
}
