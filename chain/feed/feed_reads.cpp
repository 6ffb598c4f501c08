// SPDX-License-Identifier: Apache-2.0
#include "chain/async/deadline.hpp"
#include "chain/feed/feed_impl.hpp"

#include <algorithm>
#include <utility>

// What the tracker wants to know, asked of the source it names.
namespace plimsoll::feed {
namespace {

std::chrono::milliseconds retry_delay(unsigned attempt) {
    constexpr std::chrono::milliseconds kFirst{25};
    constexpr unsigned kMaxDoublings = 6;
    if (attempt == 0) return std::chrono::milliseconds{0};
    return kFirst * (1U << std::min(attempt - 1, kMaxDoublings));
}

Failure failure_of(const Error& error) {
    return error.code == Errc::not_found ? Failure::unknown : Failure::unanswered;
}

}  // namespace

void Feed::Impl::start(const Fetch& fetch) {
    if (const auto* const header = std::get_if<FetchHeader>(&fetch)) reads->spawn(fetch_header(*header));
    if (const auto* const logs = std::get_if<FetchLogs>(&fetch)) reads->spawn(fetch_logs(*logs));
    if (const auto* const newest = std::get_if<FetchNewest>(&fetch)) reads->spawn(fetch_newest(*newest));
}

async::Task<void> Feed::Impl::fetch_header(FetchHeader what) {
    if (what.attempt != 0) co_await async::sleep_for(retry_delay(what.attempt));
    rpc::Endpoint& endpoint = links[what.source].endpoint;
    Result<rpc::Header> header = fail(Errc::not_found, "");
    if (what.number) {
        header = co_await endpoint.block_by_number(*what.number);
    } else {
        header = co_await endpoint.block_by_hash(what.hash);
    }
    take_header(what.ticket, header);
}

async::Task<void> Feed::Impl::fetch_newest(FetchNewest what) {
    if (what.attempt != 0) co_await async::sleep_for(retry_delay(what.attempt));
    const Result<rpc::Header> header = co_await links[what.source].endpoint.latest_block();
    take_header(what.ticket, header);
}

void Feed::Impl::take_header(Ticket ticket, const Result<rpc::Header>& header) {
    if (header) {
        tracker.on_header(ticket, *header, receive_time());
    } else {
        tracker.on_failure(ticket, failure_of(header.error()));
    }
    pump();
}

async::Task<void> Feed::Impl::fetch_logs(FetchLogs what) {
    if (what.attempt != 0) co_await async::sleep_for(retry_delay(what.attempt));
    Watch wanted = tracker.filter().watch();
    Result<rpc::BlockLogs> logs =
        co_await links[what.source].endpoint.get_logs_at(what.block, std::move(wanted));
    if (logs) {
        tracker.on_logs(what.ticket, std::move(logs->logs), logs->received);
    } else {
        tracker.on_failure(what.ticket, failure_of(logs.error()));
    }
    pump();
}

/// Asks every source what is final, once in a while.
void Feed::Impl::look_at_finality() {
    const std::uint64_t sealed = tracker.counters().sealed;
    if (params.finality_every == 0 || sealed < sealed_at_look + params.finality_every || !reads) return;
    sealed_at_look = sealed;
    for (Link& link : links) {
        if (link.live) reads->spawn(read_final(link));
    }
}

/// Chains without finality, and nodes that do not tell it, answer with an error.
async::Task<void> Feed::Impl::read_final(Link& link) {
    const Result<rpc::Header> header = co_await link.endpoint.finalized_block();
    if (header) tracker.on_finalized(header->head);
    pump();
}

}  // namespace plimsoll::feed
