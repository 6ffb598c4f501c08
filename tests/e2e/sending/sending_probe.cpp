// SPDX-License-Identifier: Apache-2.0
// The submission without a keeper around it: scheduler, policy, the well-known development key, journal and
// lanes, against one node. Commands on standard input: "submit <id> <account> <last block>", "cancel <id>".
// JSON lines on standard output.
//   plimsoll_sending_probe <ws url> <data folder> [<wei that may be spent in an hour>]
//   plimsoll_sending_probe journal <data folder>     what the journal says, while nobody has it open
#include "bot/endpoint_network.hpp"
#include "chain/async/all_of.hpp"
#include "chain/async/deadline.hpp"
#include "tests/bench/driven_submission.hpp"
#include "tests/e2e/sending/journal_lines.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {
namespace {

namespace asio = async::asio;
using async::Task;

config::Config configuration(const std::string& url) {
    config::Config out;
    out.chain.id = bench::kChain;
    config::Endpoint endpoint;
    endpoint.name = "node";
    endpoint.ws = config::parse_url(url).value();
    out.endpoints.push_back(std::move(endpoint));
    return out;
}

/// Text between quotes: what a node says must not end them.
std::string plain(std::string text) {
    for (char& c : text) {
        if (c == '"' || c == '\\' || c < ' ') c = ' ';
    }
    return text;
}

class Probe {
  public:
    Probe(asio::io_context& io, const std::string& url, const std::filesystem::path& folder,
          const signer::SpendLimits& spend)
        : io_{io},
          tasks_{io.get_executor()},
          endpoints_{bot::Endpoints::open(io.get_executor(), configuration(url)).value()},
          network_{bot::EndpointNetwork::Parts{io.get_executor(), *endpoints_, tasks_}, bot::Lanes{}},
          submission_{io,
                      network_,
                      tasks_,
                      folder,
                      signer::dev_key(bench::kChain, std::vector{url}).value(),
                      terms(spend),
                      listener()} {
        submission_.tell_time();
        submission_.recover();
    }

    Task<void> run() {
        const auto& submitter = endpoints_->submitters().front();
        const Result<void> connected = co_await submitter->connect();
        if (!connected) throw std::runtime_error{connected.error().context};
        co_await async::all_of(tasks_.run(), follow(*submitter), take_commands());
        submission_.close();
    }

  private:
    static bench::DrivenSubmission::Terms terms(const signer::SpendLimits& spend) {
        return {Gas{1'000'000}, to_wei(Gwei{100}), spend, {}};
    }

    static bot::SubmissionListener listener() {
        bot::SubmissionListener out;
        out.on_signed = [](const signer::Sign& sign, const signer::SignedTransaction& made) {
            std::printf(R"({"event":"signed","intent":%llu,"nonce":%llu,"hash":"%s","purpose":"%s"})"
                        "\n",
                        static_cast<unsigned long long>(sign.intent_id),
                        static_cast<unsigned long long>(sign.fields.nonce.value),
                        to_string(made.hash).c_str(), std::string{to_string(sign.purpose)}.c_str());
            std::fflush(stdout);
        };
        out.on_sent = [](const signer::Send& send, signer::SendClass answer, const std::string& text) {
            std::printf(R"({"event":"sent","nonce":%llu,"hash":"%s","answer":"%s","text":"%s"})"
                        "\n",
                        static_cast<unsigned long long>(send.nonce.value), to_string(send.hash).c_str(),
                        std::string{to_string(answer)}.c_str(), plain(text).c_str());
            std::fflush(stdout);
        };
        out.on_report = [](const signer::Report& report) {
            std::printf(R"({"event":"report","intent":%llu,"stage":"%s","kind":"%s","hash":"%s"})"
                        "\n",
                        static_cast<unsigned long long>(report.outcome.intent_id),
                        std::string{to_string(report.stage)}.c_str(),
                        std::string{to_string(report.outcome.kind)}.c_str(),
                        to_string(report.outcome.transaction_hash).c_str());
            std::fflush(stdout);
        };
        out.on_declined = [](const signer::Declined& declined) {
            std::printf("{\"event\":\"declined\",\"intent\":%llu}\n",
                        static_cast<unsigned long long>(declined.intent_id));
            std::fflush(stdout);
        };
        out.on_notice = [](const signer::Notice& notice) {
            std::printf("{\"event\":\"notice\",\"text\":\"%s\"}\n", plain(notice.text).c_str());
            std::fflush(stdout);
        };
        return out;
    }

    /// Every block, in order, and the time.
    Task<void> follow(rpc::Endpoint& endpoint) {
        std::optional<Head> seen;
        for (;;) {
            const Result<rpc::Header> latest = co_await endpoint.latest_block();
            while (latest && (!seen || seen->number < latest->head.number)) {
                Head next = latest->head;
                if (seen) {
                    const Result<rpc::Header> header = co_await endpoint.block_by_number(seen->number.next());
                    if (!header) break;
                    next = header->head;
                }
                seen = next;
                submission_->on(signer::HeadSeen{next});
                std::printf("{\"event\":\"head\",\"number\":%llu}\n",
                            static_cast<unsigned long long>(next.number.value));
                std::fflush(stdout);
            }
            submission_.tell_time();
            co_await async::sleep_for(std::chrono::milliseconds{50});
        }
    }

    /// The end of the input ends the program.
    Task<void> take_commands() {
        bench::InputLines input{io_};
        while (const auto line = co_await input.next())
            obey(*line);
    }

    void obey(const std::string& line) {
        std::istringstream words{line};
        std::string command;
        std::uint64_t id = 0;
        unsigned account = 0;
        std::uint64_t last_block = 0;
        words >> command >> id;
        if (command == "cancel") {
            submission_->on(signer::CancelRequested{id});
            return;
        }
        words >> account >> last_block;
        signer::Intent intent;
        intent.id = id;
        intent.key.chain = bench::kChain;
        intent.key.account.bytes[19] = static_cast<std::uint8_t>(account);
        intent.to = bench::call_target();
        intent.calldata.assign(bench::kSelector.begin(), bench::kSelector.end());
        intent.calldata.push_back(static_cast<std::uint8_t>(account));
        for (int shift = 56; shift >= 0; shift -= 8)  // so that the chain tells which intent it was
            intent.calldata.push_back(static_cast<std::uint8_t>(id >> static_cast<unsigned>(shift)));
        intent.gas_limit = Gas{30'000};
        intent.last_block = BlockNumber{last_block};
        intent.value_at_stake = Usd{1};
        submission_->on(signer::IntentSubmitted{std::move(intent)});
    }

    asio::io_context& io_;
    async::TaskGroup tasks_;
    std::unique_ptr<bot::Endpoints> endpoints_;
    bot::EndpointNetwork network_;
    bench::DrivenSubmission submission_;
};

/// A quarter of the budget is for cancellations.
signer::SpendLimits spend_limits(const char* per_hour) {
    signer::SpendLimits out;
    if (per_hour == nullptr) return out;
    out.per_hour = Wei{parse_decimal(per_hour).value()};
    out.cancel_reserve = Wei{out.per_hour->raw() / U256{4}};
    return out;
}

int run(const std::string& url, const std::filesystem::path& folder, const char* per_hour) {
    asio::io_context io{1};
    Probe probe{io, url, folder, spend_limits(per_hour)};
    bench::run_until_ended(io, probe.run());
    return 0;
}

}  // namespace
}  // namespace plimsoll

int main(int argc, char** argv) {
    if (argc != 3 && argc != 4) return 64;
    try {
        if (std::string_view{argv[1]} == "journal") {
            plimsoll::print_journal(argv[2]);
            return 0;
        }
        return plimsoll::run(argv[1], argv[2], argc == 4 ? argv[3] : nullptr);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
