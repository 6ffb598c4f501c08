// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/codec/multicall.hpp"
#include "chain/primitives/block.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/read_request.hpp"
#include "strategy/book/book_writer.hpp"
#include "strategy/venue.hpp"
#include "strategy/venues/aave_v3/market_reader.hpp"
#include "strategy/venues/aave_v3/params.hpp"

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <variant>
#include <vector>

namespace plimsoll::strategy {
class SnapshotReader;
class SnapshotWriter;
}  // namespace plimsoll::strategy

namespace plimsoll::strategy::aave_v3 {

/// Finds every account that ever received a token of the market in the logs since `start_block`, then reads
/// at one block hash what each of them holds of the tokens it received. `finish` proves that no holder is
/// missing: the balances add up to each token's scaled total supply; and one BalanceTransfer of each token
/// must prove to be scaled.
class AccountReader {
  public:
    AccountReader(const AaveV3Params& params, const Market& market, const Head& at, Book& book);

    [[nodiscard]] bool can_ask() const noexcept;
    [[nodiscard]] ReadRequest ask(ReadId id);
    [[nodiscard]] std::size_t outstanding() const noexcept { return outstanding_.size(); }
    [[nodiscard]] Result<void> accept(const ReadResult& result);
    [[nodiscard]] bool done() const noexcept;
    [[nodiscard]] BootstrapProgress progress() const noexcept;
    /// Errc::not_found if holders are missing (start_block lies after the pool's first log).
    [[nodiscard]] Result<void> finish(const std::vector<TokenTotals>& totals) const;

    /// What the search has come to; nothing once it is over.
    void save_search(SnapshotWriter& out) const;
    /// Goes on from there, before anything is asked; the newest `undo_blocks` are searched again. False, and
    /// nothing is taken, for bytes of another market or that cannot be right.
    [[nodiscard]] bool resume_search(SnapshotReader& in);

  private:
    struct BlockRange {
        std::uint64_t from;
        std::uint64_t to;
    };
    struct Found {
        Address address;
        ReserveSet supplies{};  // reserves whose aToken it received
        ReserveSet debts{};
        bool category = false;  // it chose an eMode category at least once
    };
    enum class What : std::uint8_t { configuration, category, supply, debt };
    struct Item {
        std::uint32_t account;
        What what;
        ReserveId reserve;
    };
    using Asked = std::variant<BlockRange, Log, std::vector<Item>>;  // Log: a BalanceTransfer to be proven

    void note(const Log& log);
    Found& found(const Address& address);
    [[nodiscard]] bool discovered() const noexcept { return ranges_.empty() && searching_ == 0; }
    [[nodiscard]] bool same_market(SnapshotReader& in) const;
    void search_again(const std::vector<BlockRange>& open, std::uint64_t settled);
    [[nodiscard]] ReadRequest ask_logs(ReadId id);
    [[nodiscard]] ReadRequest ask_proof(ReadId id);
    [[nodiscard]] ReadRequest ask_accounts(ReadId id);
    void list_items(const Found& who, std::uint32_t account, std::vector<Item>& out) const;
    [[nodiscard]] Call call_for(const Item& item) const;
    Result<void> accept_logs(const BlockRange& range, const ReadResult& result);
    Result<void> accept_proof(const Log& transfer, const ReadResult& result);
    Result<void> accept_accounts(const std::vector<Item>& items, const ReadResult& result);
    Result<void> accept_item(const Item& item, const codec::CallResult& answer);
    void write_configuration(AccountId account, const U256& bitmap);

    AaveV3Params params_;
    const Market& market_;
    Head at_;
    Book& book_;
    BookWriter writer_;
    std::deque<BlockRange> ranges_;
    std::uint64_t blocks_total_ = 0;
    std::uint64_t blocks_done_ = 0;
    std::size_t searching_ = 0;
    std::unordered_map<Address, Log> transfers_;  // by token, one BalanceTransfer that shows its scale
    std::vector<Found> found_;
    std::unordered_map<Address, std::uint32_t> index_;
    std::size_t next_account_ = 0;
    std::uint64_t accounts_done_ = 0;
    std::unordered_map<ReadId, Asked> outstanding_;
};

}  // namespace plimsoll::strategy::aave_v3
