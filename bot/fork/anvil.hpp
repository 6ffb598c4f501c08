// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/fork/child_process.hpp"
#include "bot/fork/json_rpc.hpp"
#include "chain/async/task.hpp"
#include "chain/primitives/address.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/hash.hpp"
#include "chain/primitives/units.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace plimsoll::bot {

/// Chain id of a fork, whatever the origin's: a transaction signed for it is worth nothing elsewhere.
inline constexpr ChainId kForkChain{31337};

struct AnvilParams {
    std::string program;           // fork.anvil
    std::string upstream;          // HTTP URL that it forks from
    std::filesystem::path folder;  // its HOME and TMPDIR, emptied first
};

/// One anvil of our own on a free port of 127.0.0.1, without accounts, mining only when told. The methods are
/// anvil's own (book.getfoundry.sh/reference/anvil).
class Anvil {
  public:
    explicit Anvil(boost::asio::any_io_executor executor);
    Anvil(const Anvil&) = delete;
    Anvil& operator=(const Anvil&) = delete;
    ~Anvil();

    /// Until it listens. Errc::not_found if the program cannot be started, Errc::timed_out or disconnected,
    /// with the last it said, if it does not come up.
    async::Task<Result<void>> start(AnvilParams params);
    /// "127.0.0.1:port", once started.
    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    /// Reads what it says, so that it never waits for us; returns when it is gone.
    async::Task<Error> ended();

    /// The state after the origin's block `number`; everything made here is forgotten.
    async::Task<Result<void>> reset(BlockNumber number);
    async::Task<Result<void>> set_balance(Address account, Wei balance);
    async::Task<Result<void>> set_code(Address account, Bytes code);
    async::Task<Result<void>> set_storage(Address account, U256 slot, Hash32 value);
    async::Task<Result<Hash32>> storage(Address account, U256 slot);
    /// One block with what is in the pool.
    async::Task<Result<void>> mine(Timestamp time, Wei base_fee);
    /// Of the newest block here.
    async::Task<Result<Wei>> balance(Address account);
    async::Task<Result<Bytes>> call(Address to, Bytes data);
    async::Task<Result<Hash32>> block_hash(BlockNumber number);

  private:
    async::Task<Result<void>> read_some();
    async::Task<Result<void>> until_listening();
    async::Task<Result<void>> tell(std::string method, std::string params);
    async::Task<Result<Bytes>> bytes(std::string method, std::string params);

    boost::asio::any_io_executor executor_;
    std::unique_ptr<ChildProcess> process_;
    boost::asio::posix::stream_descriptor output_;
    std::string said_;  // the newest of it
    std::string address_;
    std::unique_ptr<JsonRpc> rpc_;
};

}  // namespace plimsoll::bot
