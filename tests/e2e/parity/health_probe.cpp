// SPDX-License-Identifier: Apache-2.0
// Runs the Aave V3 venue without a network: each line of standard input is a JSON command, each answer one
// line of standard output. Whoever writes the lines answers the venue's reads and hands it the blocks, so
// that the venue can be held against the contracts.
#include "chain/codec/event_codec.hpp"
#include "chain/primitives/hex.hpp"
#include "strategy/venues/aave_v3/venue.hpp"
#include "tests/e2e/parity/json_line.hpp"

#include <exception>
#include <iostream>
#include <memory>
#include <numeric>
#include <stdexcept>

namespace plimsoll::probe {

namespace {

using strategy::AaveV3Params;
using strategy::AaveV3Venue;
using strategy::AccountId;
using strategy::Changes;
using strategy::Quote;

std::string failed(const Error& error) {
    return "{\"error\":" + in_quotes(to_string(error.code)) + ",\"context\":" + in_quotes(error.context) +
           "}";
}

std::string to_json(const Quote& quote) {
    return "{\"account\":" + in_quotes(to_string(quote.account_address)) +
           ",\"collateral\":" + std::to_string(quote.collateral) + ",\"debt\":" + std::to_string(quote.debt) +
           ",\"collateralAsset\":" + in_quotes(to_string(quote.collateral_asset)) +
           ",\"debtAsset\":" + in_quotes(to_string(quote.debt_asset)) +
           ",\"repaid\":" + in_quotes(to_decimal(quote.repaid.raw())) +
           ",\"seized\":" + in_quotes(to_decimal(quote.seized.raw())) +
           ",\"fee\":" + in_quotes(to_decimal(quote.protocol_fee.raw())) + "}";
}

class Probe {
  public:
    std::string run(const Element& line) {
        const std::string_view op = text(line, "op");
        if (op == "start") return start(line);
        if (!venue_) throw std::runtime_error("start first");
        if (op == "result") return result(line);
        if (op == "prices") return prices(line);
        if (op == "block") return block(line);
        if (op == "undo") return undo(line);
        if (op == "status") return status();
        if (op == "health") return health(line);
        if (op == "indices") return indices(line);
        if (op == "liquidatable") return liquidatable(line);
        if (op == "quotes") return quotes(line);
        if (op == "quote") return quote(line);
        throw std::runtime_error("unknown op");
    }

  private:
    std::string start(const Element& line) {
        AaveV3Params params;
        params.name = "probe";
        params.pool = address(text(line, "pool"));
        params.start_block = BlockNumber{number(line, "startBlock")};
        params.log_range = static_cast<std::uint32_t>(number(line, "logRange"));
        params.batch = static_cast<std::uint32_t>(number(line, "batch"));
        venue_ = std::make_unique<AaveV3Venue>(params);
        venue_->start(head(line["head"]));
        return reading();
    }

    std::string reading() {
        std::vector<std::string> reads;
        for (const ReadRequest& request : venue_->next_reads([this] { return ++last_id_; })) {
            reads.push_back(probe::to_json(request));
        }
        const strategy::BootstrapProgress progress = venue_->progress();
        return "{\"reads\":" + list(reads) + ",\"finished\":" + (progress.finished ? "true" : "false") +
               ",\"step\":" + in_quotes(progress.step) + "}";
    }

    static ReadResult answer(const Element& line) {
        ReadResult out{number(line, "id"), {}, Bytes{}};
        Element part;
        if (line["bytes"].get(part) == simdjson::SUCCESS) {
            out.bytes = parse_hex(std::string_view{part});
        } else if (line["logs"].get(part) == simdjson::SUCCESS) {
            out.bytes = codec::encode_logs(logs(part));
        } else {
            out.bytes = fail(Errc::limit_exceeded, "the other side refused");
        }
        return out;
    }

    std::string result(const Element& line) {
        const auto accepted = venue_->accept(answer(line));
        return accepted ? reading() : failed(accepted.error());
    }

    std::string prices(const Element& line) {
        const auto moved = venue_->accept_prices(answer(line));
        if (!moved) return failed(moved.error());
        return "{\"moved\":" + std::to_string(moved->size()) + "}";
    }

    std::string block(const Element& line) {
        const Head at = head(line["head"]);
        const auto changes = venue_->apply(at, logs(line["logs"]));
        if (!changes) return failed(changes.error());
        std::vector<std::string> reads;
        for (const ReadRequest& request : venue_->price_reads(at, [this] { return ++last_id_; })) {
            reads.push_back(probe::to_json(request));
        }
        return "{\"reads\":" + list(reads) + ",\"accounts\":" + std::to_string(changes->accounts.size()) +
               ",\"liquidations\":" + std::to_string(changes->liquidations.size()) + "}";
    }

    std::string undo(const Element& line) {
        venue_->undo(hash(text(line, "hash")));
        return std::string{"{\"inStep\":"} + (venue_->in_step() ? "true" : "false") + "}";
    }

    std::string status() const {
        std::vector<std::string> assets;
        for (std::size_t i = 0; i < venue_->assets().size(); ++i) {
            const strategy::Asset& asset = venue_->assets()[i];
            assets.push_back("{\"token\":" + in_quotes(to_string(asset.token)) + ",\"symbol\":" +
                             in_quotes(asset.symbol) + ",\"polled\":" + (asset.polled ? "true" : "false") +
                             ",\"price\":" + in_quotes(to_decimal(venue_->prices()[i].raw())) + "}");
        }
        return "{\"accounts\":" + std::to_string(venue_->account_count()) +
               ",\"watch\":" + probe::to_json(venue_->watch()) + ",\"assets\":" + list(assets) +
               ",\"quarantined\":" + std::to_string(venue_->book().quarantined_count()) +
               ",\"demoted\":" + std::to_string(venue_->leaves().demoted_count()) +
               ",\"pending\":" + (venue_->prices_pending() ? "true" : "false") + "}";
    }

    std::string health(const Element& line) const {
        std::vector<AccountId> accounts(venue_->account_count());
        std::iota(accounts.begin(), accounts.end(), AccountId{0});
        std::vector<Wad> factors(accounts.size());
        venue_->health(accounts, venue_->prices(), Timestamp{number(line, "timestamp")}, factors);
        std::vector<std::string> out;
        for (const AccountId account : accounts) {
            out.push_back("[" + in_quotes(to_string(venue_->account_address(account))) + "," +
                          in_quotes(to_decimal(factors[account].raw())) + "]");
        }
        return "{\"accounts\":" + list(out) + "}";
    }

    // What the venue takes the reserves' normalized indices for.
    std::string indices(const Element& line) const {
        strategy::aave_v3::MarketView view;
        const Timestamp at{number(line, "timestamp")};
        const auto& reserves = view.at(*venue_->market().rules, venue_->book(), at);
        std::vector<std::string> out;
        for (std::size_t i = 0; i < reserves.size(); ++i) {
            out.push_back("[" + in_quotes(to_string(venue_->assets()[i].token)) + "," +
                          in_quotes(to_decimal(reserves[i].income)) + "," +
                          in_quotes(to_decimal(reserves[i].debt_index)) + "]");
        }
        return "{\"reserves\":" + list(out) + "}";
    }

    std::string liquidatable(const Element& line) const {
        Changes changes;
        changes.everything = true;
        std::vector<AccountId> found;
        venue_->liquidatable(changes, venue_->prices(), Timestamp{number(line, "timestamp")}, found);
        std::vector<std::string> out;
        for (const AccountId account : found)
            out.push_back(in_quotes(to_string(venue_->account_address(account))));
        return "{\"accounts\":" + list(out) + "}";
    }

    std::string quotes(const Element& line) const {
        const auto account = venue_->book().find(address(text(line, "account")));
        std::vector<Quote> found;
        if (account) venue_->quotes(*account, venue_->prices(), Timestamp{number(line, "timestamp")}, found);
        std::vector<std::string> out;
        for (const Quote& quote : found)
            out.push_back(to_json(quote));
        return "{\"quotes\":" + list(out) + "}";
    }

    // The pool's liquidationCall with this debtToCover, nothing adjusted.
    std::string quote(const Element& line) const {
        const auto account = venue_->book().find(address(text(line, "account")));
        const auto collateral = venue_->market().reserve_of(address(text(line, "collateral")));
        const auto debt = venue_->market().reserve_of(address(text(line, "debt")));
        const auto cover = parse_decimal(text(line, "cover"));
        if (!account || !collateral || !debt || !cover) return "{\"liquidation\":null}";
        const auto what = venue_->would_liquidate({*account, *collateral, *debt, *cover}, venue_->prices(),
                                                  Timestamp{number(line, "timestamp")});
        if (!what) return "{\"liquidation\":null}";
        return "{\"liquidation\":{\"repaid\":" + in_quotes(to_decimal(what->repaid.raw())) +
               ",\"seized\":" + in_quotes(to_decimal(what->seized.raw())) +
               ",\"fee\":" + in_quotes(to_decimal(what->protocol_fee.raw())) + "}}";
    }

    std::unique_ptr<AaveV3Venue> venue_;
    ReadId last_id_ = 0;
};

}  // namespace

}  // namespace plimsoll::probe

int main() {
    try {
        plimsoll::probe::Probe probe;
        simdjson::dom::parser parser;
        for (std::string line; std::getline(std::cin, line);) {
            std::cout << probe.run(parser.parse(line)) << std::endl;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "health probe: " << error.what() << '\n';
        return 1;
    }
}
