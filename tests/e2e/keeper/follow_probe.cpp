// SPDX-License-Identifier: Apache-2.0
// Feed and engine together, as the keeper composes them, without a key: after every block the health factor
// of every account at the block's own timestamp, as JSON lines.
//   plimsoll_follow_probe <ws url> <chain id> <pool> <start block> <factory> <quoter> <router> <native asset>
#include "chain/async/all_of.hpp"
#include "chain/async/task_group.hpp"
#include "chain/feed/feed.hpp"
#include "strategy/engine.hpp"
#include "strategy/venues/aave_v3/venue.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plimsoll {
namespace {

struct Arguments {
    rpc::Url url;
    ChainId chain;
    strategy::AaveV3Params venue;
    strategy::EngineParams engine;
};

Address address(const char* text) {
    return parse_address(text).value();
}

Arguments parse(char** argv) {
    Arguments out;
    out.url = rpc::parse_url(argv[1]).value();
    out.chain = ChainId{std::strtoull(argv[2], nullptr, 10)};
    out.venue.name = "probe";
    out.venue.pool = address(argv[3]);
    out.venue.start_block = BlockNumber{std::strtoull(argv[4], nullptr, 10)};
    out.engine.chain = out.chain;
    out.engine.uniswap = {
        address(argv[5]), address(argv[6]), {address(argv[7]), strategy::RouterKind::classic}};
    out.engine.native_asset = address(argv[8]);
    out.engine.dry_run = true;
    return out;
}

rpc::EndpointParams endpoint(const Arguments& arguments, SourceId source) {
    rpc::EndpointParams out;
    out.url = arguments.url;
    out.chain_id = arguments.chain;
    out.source = source;
    return out;
}

class Follower {
  public:
    Follower(boost::asio::io_context& io, const Arguments& arguments)
        : feed_endpoint_{io.get_executor(), endpoint(arguments, 0)},
          reader_{io.get_executor(), endpoint(arguments, 1)},
          tasks_{io.get_executor()},
          engine_{arguments.engine, venues(arguments)},
          feed_{feed_endpoint_, feed::FeedParams{}, [this](Event&& event) { take(event); }} {
        feed_.watch(engine_.watch());
    }

    async::Task<void> run() {
        const Result<void> connected = co_await reader_.connect();
        if (!connected) {
            std::printf("{\"error\":\"%s\"}\n", connected.error().context.c_str());
            co_return;
        }
        co_await async::all_of(feed_.run(), reader_.keep_connected(), tasks_.run());
    }

  private:
    static std::vector<std::unique_ptr<strategy::Venue>> venues(const Arguments& arguments) {
        std::vector<std::unique_ptr<strategy::Venue>> out;
        out.push_back(std::make_unique<strategy::AaveV3Venue>(arguments.venue));
        return out;
    }

    async::Task<void> read(ReadRequest request) {
        Event event;
        ReadResult answer = co_await reader_.execute(std::move(request));
        event.body = std::move(answer);
        take(event);
    }

    void take(const Event& event) {
        strategy::Output out;
        engine_.on(event, out);
        for (ReadRequest& request : out.reads)
            tasks_.spawn(read(std::move(request)));
        for (Watch& watch : out.watches)
            feed_.watch(std::move(watch));
        if (engine_.state() == strategy::EngineState::ready) tell();
        if (engine_.error()) std::printf("{\"error\":\"%s\"}\n", engine_.error()->context.c_str());
    }

    /// Once a block, when everything that was asked about it is answered: whoever waits for this mines the
    /// next one then, and anvil may answer about a block with the one after it.
    void tell() {
        const std::optional<Head> head = engine_.applied();
        const strategy::Venue& venue = engine_.venue(0);
        if (!head || head->hash == told_ || venue.prices_pending()) return;
        if (engine_.counts().reads_outstanding != 0) return;
        told_ = head->hash;
        std::string line = "{\"hash\":\"" + to_string(head->hash) +
                           "\",\"number\":" + std::to_string(head->number.value) + ",\"accounts\":[";
        const std::vector<Wad> factors = engine_.health(0, head->timestamp);
        for (std::size_t i = 0; i < factors.size(); ++i) {
            if (i > 0) line += ',';
            line += "[\"" + to_string(venue.account_address(static_cast<strategy::AccountId>(i))) + "\",\"" +
                    to_decimal(factors[i].raw()) + "\"]";
        }
        std::printf("%s]}\n", line.c_str());
        std::fflush(stdout);
    }

    rpc::Endpoint feed_endpoint_;
    rpc::Endpoint reader_;
    async::TaskGroup tasks_;
    strategy::Engine engine_;
    feed::Feed feed_;
    Hash32 told_;
};

}  // namespace
}  // namespace plimsoll

int main(int argc, char** argv) {
    if (argc != 9) return 64;
    boost::asio::io_context io{1};
    plimsoll::Follower follower{io, plimsoll::parse(argv)};
    boost::asio::co_spawn(io, follower.run(), [](std::exception_ptr failure) {
        if (failure) std::abort();
    });
    io.run();
    return 0;
}
